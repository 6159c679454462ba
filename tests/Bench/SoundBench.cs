using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Traces;
using IntercomAgent.Tests.Simulation.Sound;
using IntercomAgent.Tests.Unit.Audio.Quality;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// How well ten sentences are understood that one whole agent has sent to another over networks of every kind, in each codec, and how late
/// they are heard. Where packets are lost, the peer is the same call with silence in their places. The scores look at the band of a
/// telephone, so that what a codec has beyond that earns nothing.
/// </summary>
internal static class SoundBench
{
    private const int SampleRate = 16_000;
    private const int Seed = 91;

    /// <summary>As far as the longest delay of the jitter buffer is from the shortest, in milliseconds.</summary>
    private const int Slip = 200;

    private const string Peer = "silence in place of what was lost";

    private static readonly AudioCodec[] Codecs = [AudioCodec.Pcmu, AudioCodec.G722, AudioCodec.Opus, AudioCodec.L16];

    public static IEnumerable<Row> Measure()
    {
        short[] speech = EspeakVoice.Read(SampleRate);
        foreach (NetworkTrace trace in NetworkTrace.Short)
        {
            foreach (AudioCodec codec in Codecs)
            {
                using SpokenCall call = new(codec, speech, SampleRate, packet => trace.Delays[packet], trace.DriftPpm, Seed);
                foreach (Row row in Rows($"{CodecFacts.Of(codec).Name}, {trace.Name}", call.Run(Slip)))
                {
                    yield return row;
                }
            }
        }
    }

    private static IEnumerable<Row> Rows(string name, SpeechScore score)
    {
        Intelligibility heard = score.Understood;
        Intelligibility? silent = score.Lost.Count > 0 ? score.UnderstoodWithoutLost() : null;
        string peer = silent is null ? "" : Peer;
        yield return new($"{name}: STOI", "0 to 1", heard.Stoi(), silent?.Stoi(), peer);
        yield return new("  ESTOI", "0 to 1", heard.Estoi(), silent?.Estoi(), peer);
        yield return new("  mouth to ear", "ms", score.Delay);
        yield return new("  of that in the jitter buffer", "ms", score.Waited);
    }
}
