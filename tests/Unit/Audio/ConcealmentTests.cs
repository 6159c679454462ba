using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class ConcealmentTests
{
    private readonly Concealment _concealment = new(160, 8000);

    [Fact]
    public void Changes_nothing_while_nothing_is_lost()
    {
        for (int period = 0; period < 5; period++)
        {
            short[] samples = Tone(period);
            _concealment.Join(samples);

            Assert.Equal(Tone(period), samples);
        }
    }

    [Fact]
    public void Fades_to_silence_within_60_ms_and_stays_there()
    {
        short[] constant = [.. Enumerable.Repeat((short)10_000, 160)];
        _concealment.Join(constant);
        short[] concealed = Conceal(4);

        for (int index = 1; index < 480; index++)
        {
            Assert.InRange(concealed[index], 0, concealed[index - 1]);
        }

        Assert.InRange(concealed[0], 9_900, 10_000);
        Assert.All(concealed[480..], sample => Assert.Equal(0, sample));
        Assert.All(Conceal(10_000), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Goes_on_without_a_step_and_joins_without_one()
    {
        short[] before = Tone(0);
        _concealment.Join(before);
        short[] concealed = Conceal(2);
        short[] after = Tone(5);
        _concealment.Join(after);

        short[] all = [.. before, .. concealed, .. after];
        int greatest = Enumerable.Range(1, all.Length - 1).Max(index => int.Abs(all[index] - all[index - 1]));

        // A 300 Hz tone of this size moves by 1885 at most from one sample to the next; blending adds a little.
        Assert.InRange(greatest, 1000, 2400);
        Assert.Equal(Tone(5)[40..], after[40..]);
    }

    [Fact]
    public void Has_nothing_to_repeat_at_the_start_and_after_silence()
    {
        Assert.All(Conceal(1), sample => Assert.Equal(0, sample));
        _concealment.Join(Tone(0));
        _concealment.Join(new short[160]);
        Assert.All(Conceal(1), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Blends_a_leap_from_what_would_have_come()
    {
        _concealment.Join(Tone(0));
        _concealment.Leap(Tone(1).AsSpan(0, 40));
        short[] after = Tone(5);
        for (int index = 0; index < 160; index += 32)
        {
            _concealment.Join(after.AsSpan(index, 32));
        }

        for (int index = 0; index < 40; index++)
        {
            Assert.Equal(((Tone(1)[index] * (40 - index)) + (Tone(5)[index] * index)) / 40.0, after[index], 1.0);
        }

        Assert.Equal(Tone(5)[40..], after[40..]);
    }

    [Fact]
    public void Blends_a_leap_from_what_it_makes_up_when_nothing_is_known()
    {
        short[] before = [.. Enumerable.Repeat((short)10_000, 160)];
        _concealment.Join(before);
        _concealment.Leap([]);
        short[] silence = new short[160];
        _concealment.Join(silence);

        Assert.InRange(silence[0], 9_900, 10_000);
        for (int index = 1; index < 41; index++)
        {
            Assert.InRange(silence[index], silence[index - 1] - 300, silence[index - 1]);
        }

        Assert.Equal(0, silence[40]);
    }

    private static short[] Tone(int period) =>
        [.. Enumerable.Range(period * 160, 160).Select(index => (short)(8000 * Math.Sin(2 * Math.PI * 300 * index / 8000)))];

    private short[] Conceal(int periods)
    {
        short[] samples = new short[160 * periods];
        for (int period = 0; period < periods; period++)
        {
            _concealment.Conceal(samples.AsSpan(period * 160, 160));
        }

        return samples;
    }
}
