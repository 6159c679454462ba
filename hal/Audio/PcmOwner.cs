using System;
using System.Globalization;
using System.IO;

namespace IntercomAgent.Hal.Audio;

/// <summary>Who has opened a stream of a card, as far as the kernel tells in /proc/asound.</summary>
internal static class PcmOwner
{
    private const string Key = "owner_pid";

    /// <summary><c>aplay (process 812)</c>; null when nobody has opened it, or when it cannot be known.</summary>
    /// <param name="proc">Where the kernel tells of itself: <c>/proc</c>.</param>
    /// <param name="card">The number of the card.</param>
    /// <param name="device">The number of the PCM device.</param>
    /// <param name="captures">Which half of it.</param>
    public static string? Find(string proc, int card, int device, bool captures)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"{proc}/asound/card{card}/pcm{device}{(captures ? 'c' : 'p')}");
        try
        {
            foreach (string stream in Directory.GetDirectories(folder, "sub*"))
            {
                if (TryRead(File.ReadAllText($"{stream}/status"), out int process))
                {
                    // Not its comm: that is "exe" for a process that has started itself anew, as the agent does.
                    string command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"{proc}/{process}/cmdline"));
                    string name = Path.GetFileName(command.Split('\0')[0]);
                    return string.Create(CultureInfo.InvariantCulture, $"{name} (process {process})");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The card, or who used it, is gone since, or a container hides them.
            return null;
        }

        return null;
    }

    /// <summary>Reads who owns a stream from its status; false for one that is closed.</summary>
    public static bool TryRead(ReadOnlySpan<char> status, out int process)
    {
        foreach (ReadOnlySpan<char> line in status.EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().SequenceEqual(Key))
            {
                return int.TryParse(line[(colon + 1)..], CultureInfo.InvariantCulture, out process) && process > 0;
            }
        }

        process = 0;
        return false;
    }
}
