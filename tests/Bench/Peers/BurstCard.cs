using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// The sound card of burst-card.c, which tests/bench has compiled: exact to the sample, with a burst about twice a second to hear, and a
/// log of the bursts that it has played.
/// </summary>
internal sealed class BurstCard : IDisposable
{
    /// <summary>Its name in ALSA.</summary>
    public const string Device = "burst";

    private readonly string _folder = Directory.CreateTempSubdirectory("bench-card-").FullName;

    /// <summary>A card that nobody has used yet.</summary>
    public BurstCard()
    {
        string plugIn = Environment.GetEnvironmentVariable("BURST_CARD")
            ?? throw new InvalidOperationException("BURST_CARD names no plug-in; tests/bench compiles it");
        File.WriteAllText(AlsaFile, $$"""
            </usr/share/alsa/alsa.conf>
            pcm_type.burst { lib "{{plugIn}}" }
            pcm.{{Device}} { type burst log "{{LogFile}}" }

            """);
    }

    /// <summary>The command that starts a program with the card, and before all others, as the agent's unit does.</summary>
    public IReadOnlyList<string> Launcher => ["chrt", "--fifo", "10", "env", $"ALSA_CONFIG_PATH={AlsaFile}"];

    private string AlsaFile => Path.Combine(_folder, "asound.conf");

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>
    /// Moments of one kind, in seconds of the monotonic clock: bursts <c>said</c> or <c>heard</c>, or the loudspeaker <c>started</c>.
    /// </summary>
    public List<double> Moments(string kind)
    {
        List<double> moments = [];
        foreach (string line in File.ReadLines(LogFile))
        {
            string[] words = line.Split(' ');
            if (words[0] == kind)
            {
                moments.Add(double.Parse(words[1], CultureInfo.InvariantCulture));
            }
        }

        return moments;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
