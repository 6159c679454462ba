using System;
using System.Linq;
using Xunit;

namespace IntercomAgent.Tests.Interop;

public sealed class SpeechComparisonTests
{
    private static readonly short[] Speech = TestSpeech.Create(seed: 1, seconds: 4);

    [Fact]
    public void The_same_speech_is_the_same()
    {
        SpeechComparison comparison = SpeechComparison.Compare(Speech, Speech);

        Assert.Equal(0, comparison.Delay);
        Assert.Equal(1, comparison.Correlation, 9);
        Assert.Equal(1, comparison.MatchingFrames);
        Assert.InRange(comparison.ComparedFrames, 120, 200);
    }

    [Fact]
    public void Logarithmic_quantizing_is_a_little_noise()
    {
        short[] received = [.. Speech.Select(Quantized)];
        SpeechComparison comparison = SpeechComparison.Compare(Speech, received);

        Assert.InRange(comparison.SignalToNoise, 30, 45);
        Assert.True(comparison is { Correlation: > 0.999, MatchingFrames: 1 });
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(1234, 0.25)]
    [InlineData(-800, 1.0)]
    public void A_delay_is_found_at_any_loudness(int delay, double gain)
    {
        short[] late =
            [.. Enumerable.Repeat((short)0, Math.Max(delay, 0)), .. Speech[Math.Max(-delay, 0)..].Select(sample => (short)(gain * sample))];
        SpeechComparison comparison = SpeechComparison.Compare(Speech, late);

        Assert.Equal(delay, comparison.Delay);
        Assert.True(comparison is { Correlation: > 0.99, MatchingFrames: 1 });
    }

    [Fact]
    public void Noise_and_other_speech_are_not_the_same()
    {
        Random random = new(2);
        short[] noise = [.. Speech.Select(_ => (short)random.Next(-8000, 8000))];

        foreach (short[] other in (short[][])[noise, TestSpeech.Create(seed: 9, seconds: 4)])
        {
            SpeechComparison comparison = SpeechComparison.Compare(Speech, other);
            Assert.InRange(comparison.Correlation, -0.5, 0.5);
            Assert.InRange(comparison.MatchingFrames, 0, 0.1);
        }
    }

    [Fact]
    public void Frames_that_are_missing_are_counted()
    {
        short[] received = [.. Speech];
        for (int frame = 7; frame * 160 < received.Length; frame += 20)
        {
            received.AsSpan(frame * 160, 160).Clear();
        }

        Assert.InRange(SpeechComparison.Compare(Speech, received).MatchingFrames, 0.92, 0.97);
    }

    [Fact]
    public void A_delay_that_slips_is_followed()
    {
        short[] received = [.. Speech[..12000], .. new short[160], .. Speech[12000..20000], .. Speech[20320..]];
        SpeechComparison comparison = SpeechComparison.Compare(Speech, received);

        Assert.InRange(comparison.MatchingFrames, 0.9, 1);
        Assert.True(comparison.Correlation > 0.9);
    }

    [Fact]
    public void A_vowel_that_is_shorter_or_longer_by_a_period_of_its_pitch_is_no_noise()
    {
        short[] received = [.. Speech.Select(Quantized)];
        for (int place = 0; place < 12; place++)
        {
            received = PlacedAnew(received, at: 2000 + (place * 2000), leavesOut: place % 2 == 0);
        }

        SpeechComparison comparison = SpeechComparison.Compare(Speech, received);

        Assert.InRange(comparison.SignalToNoise, 30, 45);

        Assert.True(comparison is { Correlation: > 0.97, MatchingFrames: > 0.97 }, $"{comparison}");
    }

    [Fact]
    public void Silence_is_nothing_to_compare()
    {
        Assert.Equal(0, SpeechComparison.Compare(new short[8000], Speech).ComparedFrames);
        Assert.Equal(0, SpeechComparison.Compare(Speech, []).ComparedFrames);
        Assert.Equal(0, SpeechComparison.Compare(Speech, new short[32000]).MatchingFrames);
    }

    /// <summary>Leaves out, or plays twice, a piece of 5 to 15 ms that resembles what follows it, and fades the two ends into each other.</summary>
    private static short[] PlacedAnew(short[] speech, int at, bool leavesOut)
    {
        const int fade = 64;
        int piece = Enumerable.Range(40, 80).MaxBy(
            lag => SpeechAlignment.Likeness(speech.AsSpan(at, fade), speech.AsSpan(leavesOut ? at + lag : at - lag, fade)));
        int next = leavesOut ? at + piece : at - piece;
        short[] faded = [.. Enumerable.Range(0, fade).Select(
            index => (short)(((speech[at + index] * (fade - index)) + (speech[next + index] * index)) / fade))];
        return [.. speech[..at], .. faded, .. speech[(next + fade)..]];
    }

    /// <summary>A-law's precision without its code: 16 steps to each power of two, at least 16 wide.</summary>
    private static short Quantized(short sample)
    {
        int step = 16;
        while (Math.Abs((int)sample) >= step * 32)
        {
            step *= 2;
        }

        return (short)((Math.Abs((int)sample) / step * step + (step / 2)) * Math.Sign(sample));
    }
}
