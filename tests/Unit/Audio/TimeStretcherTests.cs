using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>The stretcher at the rates of all codecs: on tones, voices, noise and silence.</summary>
public sealed class TimeStretcherTests
{
    [Theory]
    [InlineData(8000, 100)]
    [InlineData(8000, 210)]
    [InlineData(8000, 397)]
    [InlineData(16_000, 97)]
    [InlineData(16_000, 250)]
    [InlineData(48_000, 110)]
    [InlineData(48_000, 333)]
    public void A_voice_loses_or_gains_whole_periods_of_its_own(int rate, double pitch)
    {
        TimeStretcher stretcher = new(rate);
        Func<int, double> voice = at => Voice(at, rate, pitch);
        SoundLine line = NewLine(rate, voice);
        double period = rate / pitch;

        int shortened = stretcher.Shorten(line, rate * 15 / 1000);
        Assert.InRange(Math.Abs(Math.IEEERemainder(shortened, period)), 0, 0.5 + (period / 50));
        Assert.InRange(shortened, rate * 2 / 1000, rate * 15 / 1000);

        line = NewLine(rate, voice);
        int lengthened = stretcher.Lengthen(line, rate * 15 / 1000);
        Assert.InRange(Math.Abs(Math.IEEERemainder(lengthened, period)), 0, 0.5 + (period / 50));
        Assert.InRange(lengthened, rate * 2 / 1000, rate * 15 / 1000);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void What_is_played_after_a_change_bends_no_more_than_before(int rate)
    {
        Func<int, double> voice = at => Voice(at, rate, 142);
        double before = Bend(Enumerable.Range(0, rate).Select(at => (short)Math.Round(voice(at))).ToArray());
        foreach (bool shortens in (bool[])[true, false])
        {
            TimeStretcher stretcher = new(rate);
            SoundLine line = NewLine(rate, voice);
            int waiting = line.Waiting;
            int change = shortens ? stretcher.Shorten(line, rate * 15 / 1000) : -stretcher.Lengthen(line, rate * 15 / 1000);

            Assert.NotEqual(0, change);
            Assert.Equal(waiting - change, line.Waiting);
            Assert.InRange(Bend(line.All.ToArray()), 0, before * 1.1);
            Assert.Equal((short)Math.Round(voice(line.Past + waiting - 1)), line.Upcoming[^1]);
        }
    }

    [Fact]
    public void Loud_noise_that_begins_in_speech_is_left_alone_but_in_need()
    {
        Random random = new(4);
        TimeStretcher stretcher = new(8000);
        SoundLine line = NewLine(8000, _ => random.Next(-8000, 8000));

        Assert.Equal(0, stretcher.Shorten(line, 120));
        Assert.Equal(0, stretcher.Lengthen(line, 120));
    }

    [Fact]
    public void Noise_that_has_been_there_for_seconds_may_be_shortened_and_stays_as_loud()
    {
        Random random = new(4);
        TimeStretcher stretcher = new(8000);
        double Noise(int at) => random.Next(-8000, 8000);
        for (int period = 0; period < 4000; period++)
        {
            stretcher.Pass([.. Enumerable.Range(0, 80).Select(at => (short)Noise(at))]);
        }

        double level = 0;
        for (int run = 0; run < 100; run++)
        {
            SoundLine line = NewLine(8000, Noise);
            Assert.InRange(stretcher.Shorten(line, 120), 20, 120);
            foreach (short sample in line.Upcoming[..stretcher.Fade])
            {
                level += sample * (double)sample / stretcher.Fade / 100;
            }
        }

        // Evenly spread between -a and a: a / sqrt(3). The seam is no quieter by more than half a decibel.
        Assert.InRange(Math.Sqrt(level), 8000 / Math.Sqrt(3) * 0.94, 8000 / Math.Sqrt(3) * 1.06);
    }

    [Fact]
    public void A_steady_tone_is_no_noise()
    {
        TimeStretcher stretcher = new(8000);
        for (int period = 0; period < 4000; period++)
        {
            stretcher.Pass([.. Enumerable.Range(period * 80, 80).Select(at => (short)(8000 * Math.Sin(at * 0.35)))]);
        }

        // A turn takes 18 samples: between 20 and 30 there is nothing to leave out.
        Assert.Equal(0, stretcher.Shorten(NewLine(8000, at => 8000 * Math.Sin(at * 0.35)), 30));
    }

    [Fact]
    public void Silence_is_changed_at_once_and_again()
    {
        TimeStretcher stretcher = new(8000);
        SoundLine line = NewLine(8000, _ => 0);
        Assert.NotEqual(0, stretcher.Shorten(line, 120));
        Assert.True(stretcher.IsReady(120));
    }

    [Fact]
    public void Speech_is_played_faster_by_a_fifth_at_most()
    {
        TimeStretcher stretcher = new(8000);
        int shortened = stretcher.Shorten(NewLine(8000, at => Voice(at, 8000, 150)), 120);
        int waited = 0;
        while (!stretcher.IsReady(120))
        {
            stretcher.Pass(new short[1]);
            waited++;
        }

        Assert.Equal(4 * shortened, waited);
    }

    [Fact]
    public void Too_little_sound_or_too_little_to_gain_changes_nothing()
    {
        TimeStretcher stretcher = new(8000);
        SoundLine empty = new(120, 400);
        Assert.Equal(0, stretcher.Lengthen(empty, 100));
        Assert.Equal(0, stretcher.Shorten(empty, 100));
        Assert.False(stretcher.IsReady(19));
        Assert.False(stretcher.IsReady(-19));
        Assert.True(stretcher.IsReady(-20));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        TimeStretcher stretcher = new(48_000);
        SoundLine line = NewLine(48_000, at => Voice(at, 48_000, 150));
        short[] period = new short[480];
        _ = stretcher.Shorten(line, 700);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = stretcher.Lengthen(line, 700);
        _ = stretcher.Shorten(line, 700);
        line.Take(period);
        stretcher.Pass(period);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The harmonics of a voice, the upper ones weaker.</summary>
    internal static double Voice(int at, int rate, double pitch)
    {
        double voice = 0;
        for (int harmonic = 1; harmonic * pitch < 3400; harmonic++)
        {
            voice += Math.Sin((Math.Tau * pitch * harmonic * at / rate) + (harmonic * harmonic)) / harmonic;
        }

        return 5000 * voice;
    }

    private static SoundLine NewLine(int rate, Func<int, double> sound)
    {
        SoundLine line = new(rate * 15 / 1000, rate * 60 / 1000);
        short[] past = [.. Enumerable.Range(0, line.Past).Select(at => (short)Math.Round(sound(at)))];
        past.CopyTo(line.Append(past.Length));
        line.Take(past);
        Span<short> upcoming = line.Append(rate * 40 / 1000);
        for (int index = 0; index < upcoming.Length; index++)
        {
            upcoming[index] = (short)Math.Round(sound(line.Past + index));
        }

        return line;
    }

    private static double Bend(short[] sound) =>
        Enumerable.Range(2, sound.Length - 2).Max(at => Math.Abs(sound[at] - (2.0 * sound[at - 1]) + sound[at - 2]));
}
