using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using IntercomAgent.Hal;

namespace IntercomAgent.Commands;

/// <summary>Where a command writes.</summary>
/// <param name="Output">What was asked for: standard output.</param>
/// <param name="Error">Complaints and the log: standard error.</param>
/// <param name="ErrorIsTerminal">Whether a person reads standard error.</param>
[SuppressMessage("Reliability", "CA2000", Justification = "The process's own streams end with the process.")]
internal sealed record StandardStreams(TextWriter Output, TextWriter Error, bool ErrorIsTerminal)
{
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;

    /// <summary>Whether a person reads standard output.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>The process's own streams. They stay open as long as the process lives.</summary>
    public static StandardStreams Open() => new(
        new StreamWriter(StandardStream.OpenOutput()) { AutoFlush = true },
        new StreamWriter(StandardStream.OpenError()) { AutoFlush = true },
        IsTerminal(ErrorDescriptor))
    {
        OutputIsTerminal = IsTerminal(OutputDescriptor),
    };

    private static bool IsTerminal(int descriptor)
    {
        string? target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        return target is not null
            && (target.StartsWith("/dev/pts/", StringComparison.Ordinal) || target.StartsWith("/dev/tty", StringComparison.Ordinal));
    }
}
