using System.Collections.Generic;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// What we ask of the kernel for GPIO: a seam so narrow that a test stands in for it. Edges are read from the descriptors.
/// </summary>
internal unsafe interface IGpioKernel
{
    /// <summary>The paths of the chips, <c>/dev/gpiochip0</c>, in the order of their numbers.</summary>
    IReadOnlyList<string> FindChips();

    /// <summary>Opens a chip.</summary>
    Errno Open(string path, out Descriptor chip);

    /// <summary>Asks a chip or a line; <paramref name="argument"/> is the structure that belongs to the command.</summary>
    Errno Control(Descriptor descriptor, GpioCommand command, void* argument);
}
