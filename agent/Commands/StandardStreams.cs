using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>The process's own streams. They stay open as long as the process lives.</summary>
    public static StandardStreams Open() => new(OpenWriter(OutputDescriptor), OpenWriter(ErrorDescriptor), IsTerminal(ErrorDescriptor));

    private static StreamWriter OpenWriter(int descriptor)
    {
        try
        {
            FileStream stream = new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return new StreamWriter(stream) { AutoFlush = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The stream was closed before the program started: there is nobody to tell.
            return new StreamWriter(Stream.Null);
        }
    }

    private static bool IsTerminal(int descriptor)
    {
        string? target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        return target is not null
            && (target.StartsWith("/dev/pts/", StringComparison.Ordinal) || target.StartsWith("/dev/tty", StringComparison.Ordinal));
    }
}
