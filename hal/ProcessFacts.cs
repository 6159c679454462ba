using System;
using System.Globalization;
using System.IO;

namespace IntercomAgent.Hal;

/// <summary>What the kernel counts of this process.</summary>
/// <param name="Threads">Threads, the runtime's own included.</param>
/// <param name="ResidentBytes">Memory that is in RAM.</param>
/// <param name="ProportionalBytes">The same, but pages shared with other processes counted by share.</param>
/// <param name="OpenDescriptors">Open files, sockets and the like.</param>
public readonly record struct ProcessFacts(int Threads, long ResidentBytes, long ProportionalBytes, int OpenDescriptors)
{
    private const long BytesPerKibibyte = 1024;

    /// <summary>
    /// Reads the facts of this moment. It reads files and makes garbage: not for the media path. A machine without /proc gives an
    /// <see cref="IOException"/>.
    /// </summary>
    public static ProcessFacts Read()
    {
        string[] memory = File.ReadAllLines("/proc/self/smaps_rollup");

        // Listing the open descriptors takes one itself.
        return new ProcessFacts(
            CountEntries("/proc/self/task"), Kibibytes(memory, "Rss:"), Kibibytes(memory, "Pss:"), CountEntries("/proc/self/fd") - 1);
    }

    private static int CountEntries(string folder) => Directory.GetFileSystemEntries(folder).Length;

    /// <summary>The number in a line such as <c>Rss:      4321 kB</c>, in bytes.</summary>
    private static long Kibibytes(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return BytesPerKibibyte * long.Parse(line[name.Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
            }
        }

        throw new IOException($"/proc/self/smaps_rollup has no {name}");
    }
}
