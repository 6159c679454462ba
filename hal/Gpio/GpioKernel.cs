using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>The kernel itself.</summary>
internal sealed unsafe class GpioKernel : IGpioKernel
{
    private const string Prefix = "gpiochip";

    /// <inheritdoc/>
    public IReadOnlyList<string> FindChips() =>
    [
        // Raspberry Pi OS gives a Pi 5 a link gpiochip4 to gpiochip0: the same chip must not be there twice, or its names are ambiguous.
        .. new DirectoryInfo("/dev").EnumerateFileSystemInfos($"{Prefix}*")
            .Where(file => file.LinkTarget is null)
            .Select(file => file.FullName)
            .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public Errno Open(string path, out Descriptor chip)
    {
        chip = GpioCharacterDevice.Open(path, StatusFlags.O_RDWR | StatusFlags.O_CLOEXEC);
        return chip.IsInvalid ? SystemError.Last : Errno.None;
    }

    /// <inheritdoc/>
    public Errno Control(Descriptor descriptor, GpioCommand command, void* argument)
    {
        while (GpioCharacterDevice.Control(descriptor, command, argument) < 0)
        {
            Errno error = SystemError.Last;
            if (error != Errno.EINTR)
            {
                return error;
            }
        }

        return Errno.None;
    }
}
