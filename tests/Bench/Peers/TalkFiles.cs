using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// Somebody who talks for longer than a call that is measured: as a WAV file, and as the microphone of a sound card of ALSA's own file
/// plug-in, whose loudspeaker nobody hears. In a folder that goes away with it.
/// </summary>
internal sealed class TalkFiles : IDisposable
{
    /// <summary>The PCM that captures the talk; silence after that.</summary>
    public const string Microphone = "bench_microphone";

    /// <summary>The PCM that plays to nobody.</summary>
    public const string Loudspeaker = "bench_loudspeaker";

    private const int Seconds = 90;

    private readonly string _folder = Directory.CreateTempSubdirectory("bench-talk-").FullName;

    /// <summary>Has it read out.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    public TalkFiles(int sampleRate)
    {
        short[] speech = EspeakVoice.Read(sampleRate);
        short[] talk = new short[Seconds * sampleRate];
        for (int at = 0; at < talk.Length; at += speech.Length)
        {
            speech.AsSpan(0, int.Min(speech.Length, talk.Length - at)).CopyTo(talk.AsSpan(at));
        }

        WaveFile.Write(Wav, talk, sampleRate);
        string samples = Path.Combine(_folder, "talk.raw");
        File.WriteAllBytes(samples, MemoryMarshal.AsBytes<short>(talk));
        File.WriteAllText(AlsaConfiguration, $$"""
            </usr/share/alsa/alsa.conf>
            pcm.{{Microphone}} { type file slave.pcm { type null } file "/dev/null" infile "{{samples}}" format raw }
            pcm.{{Loudspeaker}} { type file slave.pcm { type null } file "/dev/null" format raw }

            """);
    }

    /// <summary>The WAV file.</summary>
    public string Wav => Path.Combine(_folder, "talk.wav");

    /// <summary>The command that starts a program with the card.</summary>
    public IReadOnlyList<string> Launcher => ["env", $"ALSA_CONFIG_PATH={AlsaConfiguration}"];

    private string AlsaConfiguration => Path.Combine(_folder, "asound.conf");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
