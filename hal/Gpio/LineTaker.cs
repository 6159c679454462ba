using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Hal.Gpio;

/// <summary>Finds a line and takes it, for one panel.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Loop">The loop that waits for edges.</param>
/// <param name="Finder">The chips; not owned.</param>
/// <param name="Readiness">Under which name edges are reported.</param>
internal readonly record struct LineTaker(IGpioKernel Kernel, IEventLoop Loop, LineFinder Finder, Readiness Readiness)
{
    /// <summary>Takes the line; failure gives null and a sentence.</summary>
    public LineRequest? Take(LineAddress address, LineSettings settings, out string? problem) =>
        Finder.Find(address, out problem) is { } found
            ? LineRequest.Open(Kernel, Loop, found.Chip, found.Offset, settings, Readiness, out problem)
            : null;
}
