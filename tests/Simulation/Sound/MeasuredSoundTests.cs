using System;
using IntercomAgent.Audio;
using IntercomAgent.Demo;
using IntercomAgent.Media;
using IntercomAgent.Tests.Unit.Audio.Quality;
using Xunit;

namespace IntercomAgent.Tests.Simulation.Sound;

/// <summary>How well speech is understood that one agent has sent to another.</summary>
public sealed class MeasuredSoundTests(ITestOutputHelper output)
{
    private const double Way = 30;

    private static readonly short[] Speech = [.. DemoSpeech.Visitor(), .. DemoSpeech.Indoors()];

    /// <summary>PCMA goes the way of PCMU.</summary>
    public static TheoryData<string> Codecs =>
        [nameof(AudioCodec.Pcmu), nameof(AudioCodec.G722), nameof(AudioCodec.Opus), nameof(AudioCodec.L16)];

    /// <summary>
    /// Of the 20 ms of a packet the first sample waits for the last; the way takes 30; the buffer has 4 ms in reserve, and periods of the
    /// two ends may lie a period apart.
    /// </summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void Speech_that_loses_nothing_on_its_way_is_understood_whole(string codec)
    {
        SpeechScore score = Measure(codec, _ => Way, seed: 81);
        Intelligibility understood = score.Understood;
        (double stoi, double estoi) = (understood.Stoi(), understood.Estoi());
        output.WriteLine($"{codec}: STOI {stoi:F4}, ESTOI {estoi:F4}, {score.Delay:F1} ms, of it {score.Waited:F1} in the buffer");

        Assert.InRange(stoi, 0.95, 1);
        Assert.InRange(estoi, 0.9, 1);
        Assert.InRange(score.Delay, 20 + Way, 20 + Way + 60);
        Assert.InRange(score.Waited, 4, 45);
    }

    /// <summary>That the same call is understood less with silence in those places shows that the score tells one from the other.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_is_made_up_for_losses_is_understood_better_than_silence(string codec)
    {
        const int Seed = 6;
        Random chance = new(Seed);
        SpeechScore score = Measure(codec, _ => chance.Next(100) < 5 ? -1 : Way, seed: 82);
        (double madeUp, double silent) = (score.Understood.Estoi(), score.UnderstoodWithoutLost().Estoi());
        output.WriteLine($"{codec}, seed {Seed}, {score.Lost.Count} packets lost: ESTOI {madeUp:F3}, silent {silent:F3}");

        Assert.InRange(score.Lost.Count, 10, 30);
        Assert.InRange(madeUp, silent + 0.005, 0.99);
    }

    private static SpeechScore Measure(string codec, Func<long, double> network, int seed)
    {
        using SpokenCall call = new(Enum.Parse<AudioCodec>(codec), Speech, AudioStream.SampleRate, network, driftPpm: 0, seed);
        return call.Run();
    }
}
