using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Demo;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class ConcealmentTests
{
    private readonly Concealment _concealment = new(8000);
    private readonly SoundLine _line = new(Concealment.PastFor(8000), 8000);

    [Fact]
    public void Changes_nothing_while_nothing_is_lost()
    {
        for (int period = 0; period < 5; period++)
        {
            short[] samples = Tone(period * 160, 160);
            _concealment.Join(samples);

            Assert.Equal(Tone(period * 160, 160), samples);
        }
    }

    [Fact]
    public void Goes_on_with_a_tone_and_fades_between_10_and_60_ms()
    {
        Play(Tone(0, 800));
        short[] concealed = Conceal(800);

        for (int index = 0; index < 480; index++)
        {
            double gain = double.Min((480 - index) / 400.0, 1);
            Assert.Equal(gain * Tone(800 + index, 1)[0], concealed[index], 300.0);
        }

        Assert.All(concealed[480..], sample => Assert.Equal(0, sample));
        Assert.All(Conceal(8000), sample => Assert.Equal(0, sample));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void A_voice_goes_on_and_comes_back_without_a_click(int rate)
    {
        // As much is lost as any number of packets takes, at any place of the voice's period, and in stretches of any length.
        Random random = new(8);
        Func<int, short> voice = at => (short)Math.Round(TimeStretcherTests.Voice(at, rate, 117));
        double steepest = Bend([.. Enumerable.Range(0, rate).Select(voice)]);
        Concealment concealment = new(rate);
        SoundLine line = new(Concealment.PastFor(rate), rate);
        short[] played = new short[20 * rate];
        int filled = 0;
        while (filled < played.Length - (rate / 2))
        {
            short[] good = [.. Enumerable.Range(filled, random.Next(rate / 50, rate / 10)).Select(voice)];
            concealment.Join(good);
            good.CopyTo(line.Append(good.Length));
            int waiting = random.Next(2) == 0 ? 0 : random.Next(rate / 100);
            Take(line.Waiting - waiting);
            for (int lost = random.Next(rate / 400, rate / 20); lost > 0;)
            {
                int stretch = int.Min(random.Next(1, rate / 100), lost);
                concealment.Conceal(line, stretch);
                lost -= stretch;
            }

            Take(line.Waiting);
        }

        Assert.InRange(Bend(played[(rate / 10)..filled]), steepest * 0.9, steepest * 1.35);

        void Take(int samples)
        {
            line.Take(played.AsSpan(filled, samples));
            filled += samples;
        }
    }

    [Fact]
    public void Has_nothing_to_repeat_at_the_start_and_after_silence()
    {
        Assert.All(Conceal(160), sample => Assert.Equal(0, sample));
        Play(Tone(0, 160));
        Play(new short[400]);
        Assert.All(Conceal(160), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Blends_a_leap_from_what_would_have_come()
    {
        Play(Tone(0, 160));
        _concealment.Leap(_line, Tone(160, 40));
        short[] after = Tone(1000, 160);
        for (int index = 0; index < 160; index += 32)
        {
            _concealment.Join(after.AsSpan(index, 32));
        }

        for (int index = 0; index < 40; index++)
        {
            Assert.Equal(((Tone(160, 40)[index] * (40 - index)) + (Tone(1000, 40)[index] * index)) / 40.0, after[index], 1.0);
        }

        Assert.Equal(Tone(1040, 120), after[40..]);
    }

    [Fact]
    public void Blends_a_leap_from_what_it_makes_up_when_nothing_is_known()
    {
        Play([.. Enumerable.Repeat((short)10_000, 800)]);
        _concealment.Leap(_line, []);
        short[] silence = new short[160];
        _concealment.Join(silence);

        Assert.InRange(silence[0], 9_900, 10_000);
        for (int index = 1; index < 41; index++)
        {
            Assert.InRange(silence[index], silence[index - 1] - 300, silence[index - 1]);
        }

        Assert.Equal(0, silence[40]);
    }

    /// <summary>Speech of espeak-ng with losses of 20 ms, compared with the original where something was lost.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(20)]
    public void Is_no_worse_than_appendix_I_on_speech(int lossPercent)
    {
        short[] speech = DemoSpeech.Indoors();
        Random random = new(lossPercent);
        bool[] lost = [.. Enumerable.Range(0, speech.Length / 160).Select(packet => packet > 5 && random.Next(100) < lossPercent)];
        short[] ours = Ours(speech, lost);
        short[] appendix = Appendix(speech, lost);

        (double ourDistance, double ourNoise) = Compare(speech, ours, lost, 0);
        (double itsDistance, double itsNoise) = Compare(speech, appendix, lost, AppendixOne.Delay);
        string found = $"log-spectral distance {ourDistance:F2} dB against {itsDistance:F2}, signal to noise {ourNoise:F2} dB against {itsNoise:F2}";
        TestContext.Current.SendDiagnosticMessage(found);
        Assert.True(ourDistance <= itsDistance * 1.02 && ourNoise >= itsNoise - 0.2, found);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        Play(Tone(0, 800));
        _concealment.Conceal(_line, 160);
        _concealment.Join(_line.Append(160));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _concealment.Conceal(_line, 160);
        _concealment.Join(_line.Append(160));
        _concealment.Leap(_line, []);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static short[] Ours(short[] speech, bool[] lost)
    {
        // A period of 10 ms; packets lie in any way to the periods, as they do in a call.
        Concealment concealment = new(8000);
        SoundLine line = new(Concealment.PastFor(8000), 1000);
        short[] played = new short[speech.Length];
        int filled = 0;
        short[] packet = new short[160];
        for (int number = 0; number < lost.Length; number++)
        {
            if (lost[number])
            {
                concealment.Conceal(line, 160);
            }
            else
            {
                speech.AsSpan(number * 160, 160).CopyTo(packet);
                concealment.Join(packet);
                packet.CopyTo(line.Append(160));
            }

            for (int period = filled == 0 ? 37 : 80; line.Waiting >= period; period = 80)
            {
                line.Take(played.AsSpan(filled, period));
                filled += period;
            }
        }

        line.Take(played.AsSpan(filled, line.Waiting));
        return played;
    }

    private static short[] Appendix(short[] speech, bool[] lost)
    {
        AppendixOne appendix = new();
        short[] played = new short[speech.Length];
        for (int frame = 0; frame < lost.Length * 2; frame++)
        {
            short[] sound = lost[frame / 2] ? appendix.Lost() : appendix.Good(speech.AsSpan(frame * 80, 80));
            sound.CopyTo(played, frame * 80);
        }

        return played;
    }

    /// <summary>
    /// Over all windows of 32 ms that touch a loss and are not silent: the mean distance of the logarithmic spectra, and the mean of the
    /// ratios of signal to error, each limited to -10 to 35 dB as is usual for the segmental one.
    /// </summary>
    private static (double Distance, double SignalToNoise) Compare(short[] speech, short[] played, bool[] lost, int delay)
    {
        const int Window = 256;
        double distance = 0;
        double ratio = 0;
        int windows = 0;
        for (int first = 0; first + Window + delay < lost.Length * 160; first += Window / 2)
        {
            double[] was = [.. Enumerable.Range(first, Window).Select(at => (double)speech[at])];
            double[] became = [.. Enumerable.Range(first + delay, Window).Select(at => (double)played[at])];
            double energy = was.Sum(sample => sample * sample);
            if ((!lost[first / 160] && !lost[(first + Window - 1) / 160]) || energy / Window < 100 * 100)
            {
                continue;
            }

            double error = was.Zip(became, (one, other) => (one - other) * (one - other)).Sum();
            ratio += double.Clamp(10 * Math.Log10(energy / double.Max(error, 1)), -10, 35);
            distance += SpectralDistance(was, became);
            windows++;
        }

        return (distance / windows, ratio / windows);
    }

    private static double SpectralDistance(double[] one, double[] other)
    {
        double sum = 0;
        for (int bin = 4; bin < 109; bin++)
        {
            double difference = Level(one, bin) - Level(other, bin);
            sum += difference * difference / 105;
        }

        return Math.Sqrt(sum);
    }

    private static double Level(double[] window, int bin)
    {
        double real = 0;
        double imaginary = 0;
        for (int index = 0; index < window.Length; index++)
        {
            double weighted = window[index] * (0.5 - (0.5 * Math.Cos(Math.Tau * index / window.Length)));
            (double sine, double cosine) = Math.SinCos(Math.Tau * bin * index / window.Length);
            real += weighted * cosine;
            imaginary += weighted * sine;
        }

        return 10 * Math.Log10((real * real) + (imaginary * imaginary) + 1e4);
    }

    private static double Bend(short[] sound) =>
        Enumerable.Range(2, sound.Length - 2).Max(at => Math.Abs(sound[at] - (2.0 * sound[at - 1]) + sound[at - 2]));

    private static short[] Tone(int first, int samples) =>
        [.. Enumerable.Range(first, samples).Select(index => (short)(8000 * Math.Sin(2 * Math.PI * 300 * index / 8000)))];

    private void Play(short[] sound)
    {
        _concealment.Join(sound);
        sound.CopyTo(_line.Append(sound.Length));
        _line.Take(sound);
    }

    private short[] Conceal(int samples)
    {
        _concealment.Conceal(_line, samples);
        short[] concealed = new short[samples];
        _line.Take(concealed);
        return concealed;
    }
}
