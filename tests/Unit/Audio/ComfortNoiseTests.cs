using System;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class ComfortNoiseTests
{
    private readonly ComfortNoise _noise = new();

    [Theory]
    [InlineData(30, new byte[] { })]
    [InlineData(50, new byte[] { 127, 127 })]
    [InlineData(40, new byte[] { 13 })]
    [InlineData(45, new byte[] { 20, 160, 100, 150, 120 })]
    public void Is_as_loud_as_the_level_says_whatever_its_spectrum(byte level, byte[] coefficients)
    {
        _noise.Describe(true, [level, .. coefficients]);
        short[] sound = Make(80_000);
        double sum = 0;
        foreach (short sample in sound)
        {
            sum += sample * (double)sample / sound.Length;
        }

        // RFC 3389 section 3.1: 0 dBov is a square wave of 8031, in the 14 bits of mu-law.
        Assert.Equal(-level, 10 * Math.Log10(sum) - (20 * Math.Log10(4 * 8031)), 0.4);
    }

    [Theory]
    [InlineData(13, 0.8976)]
    [InlineData(127, 0)]
    [InlineData(241, -0.8976)]
    public void A_reflection_coefficient_gives_neighbouring_samples_their_likeness(byte index, double likeness)
    {
        // Section 3.2: 258 * (13 - 127) / 32768 is -0.8976. The first one is the negated correlation of neighbours.
        _noise.Describe(true, [30, index]);
        short[] sound = Make(80_000);
        double product = 0;
        double energy = 0;
        for (int at = 1; at < sound.Length; at++)
        {
            product += sound[at] * (double)sound[at - 1];
            energy += sound[at] * (double)sound[at];
        }

        Assert.Equal(likeness, product / energy, 0.02);
    }

    [Fact]
    public void A_description_may_come_in_pieces()
    {
        ComfortNoise other = new();
        _noise.Describe(true, [40, 20, 160, 100]);
        other.Describe(true, [40]);
        other.Describe(false, [20, 160]);
        other.Describe(false, [100]);
        short[] sound = new short[1000];
        other.Make(sound);

        Assert.Equal(Make(1000), sound);
    }

    [Fact]
    public void A_new_level_is_reached_softly()
    {
        _noise.Describe(true, [60]);
        _ = Make(4000);
        _noise.Describe(true, [20]);
        short[] rise = Make(1600);

        Assert.InRange(Loudest(rise.AsSpan(0, 10)), 0, 1200);
        Assert.InRange(Loudest(rise.AsSpan(800)), 4000, 6000);
    }

    [Fact]
    public void Nothing_is_known_before_a_description_and_after_speech()
    {
        Assert.False(_noise.IsKnown);
        _noise.Describe(true, []);
        Assert.False(_noise.IsKnown);
        _noise.Describe(true, [40]);
        Assert.True(_noise.IsKnown);
        _noise.Forget();
        Assert.False(_noise.IsKnown);
    }

    [Fact]
    public void Any_octets_give_noise_that_does_not_grow()
    {
        Random random = new(9);
        byte[] description = new byte[200];
        for (int seed = 0; seed < 2000; seed++)
        {
            random.NextBytes(description);
            _noise.Describe(true, description.AsSpan(0, random.Next(description.Length)));
            _ = Make(160);
        }

        _noise.Describe(true, [127]);
        _ = Make(8000);
        Assert.InRange(Loudest(Make(160)), 0, 1);
    }

    private static int Loudest(ReadOnlySpan<short> sound)
    {
        int loudest = 0;
        foreach (short sample in sound)
        {
            loudest = int.Max(loudest, int.Abs((int)sample));
        }

        return loudest;
    }

    private short[] Make(int samples)
    {
        short[] sound = new short[samples];
        _noise.Make(sound);
        return sound;
    }
}
