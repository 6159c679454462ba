using System;
using System.Buffers.Binary;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Media;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>Calls between clocks that drift apart, and over networks whose delay changes.</summary>
public sealed class DriftTests
{
    private const int Rate = AudioStream.SampleRate;
    private const int PeriodsPerSecond = Rate / AudioStream.PacketSamples;
    private const int PeriodsPerMinute = 60 * PeriodsPerSecond;
    private const double Amplitude = 8000;

    /// <summary>What a sample of the tone may differ from the last one: its slope.</summary>
    private const double Slope = Amplitude * ToneEar.PerSample;

    /// <summary>What second differences mu-law's rounding adds: it is 128 at most at this amplitude, and counts four times.</summary>
    private const double Rounding = 4 * 128;

    /// <summary>The tone's second difference, A w^2, at a pitch that is changed by as much as any correction may, and the rounding.</summary>
    private const double Bend = (Slope * ToneEar.PerSample * 1.002) + Rounding;

    /// <summary>
    /// Blending two tones over N samples adds at either end of the blend a bend of their difference, 2A / N, and within it twice that of
    /// their slopes, 2 * 2Aw / N.
    /// </summary>
    private const double BlendedBend = Bend + (((2 * Amplitude) + (4 * Slope)) / (Rate * Concealment.BlendMilliseconds / 1000.0));

    /// <summary>Where a lost period is made up from the last one played backwards, the slope turns round.</summary>
    private const double ConcealedBend = (2 * Slope) + BlendedBend;

    private static readonly double[] Tone =
        [.. Enumerable.Range(0, Rate).Select(sample => Amplitude * Math.Sin(ToneEar.PerSample * sample))];

    [Theory]
    [InlineData(300, 0, 160)]
    [InlineData(-300, 0, 160)]
    [InlineData(50, 0, 160)]
    [InlineData(0, 0, 160)]
    [InlineData(300, 30, 160)]
    [InlineData(-300, 30, 160)]
    [InlineData(50, 30, 160)]
    [InlineData(0, 30, 160)]
    [InlineData(300, 0, 80)]
    [InlineData(-300, 0, 80)]
    [InlineData(50, 0, 80)]
    [InlineData(-300, 30, 80)]
    [InlineData(50, 10, 80)]
    [InlineData(300, 0, 40)]
    [InlineData(-300, 30, 40)]
    [InlineData(50, 10, 40)]
    public void For_an_hour_of_drift_a_tone_neither_clicks_nor_waits_longer(double driftPpm, double jitter, int playedSamples)
    {
        DriftingCall call = ToneCall(driftPpm, jitter, playedSamples);
        int minute = 60 * Rate / playedSamples;
        ToneEar ear = new(call);
        ear.Listen(minute);
        Assert.InRange(ear.GreatestBend, 0, BlendedBend);

        JitterCounters early = call.Jitter;
        double earlyDelay = ear.Delay;
        ear.GreatestBend = 0;
        ear.LeastDelay = ear.GreatestDelay = earlyDelay;
        ear.Listen(59 * minute);

        string found = $"delay {earlyDelay:F2} ms, then {ear.LeastDelay:F2} to {ear.GreatestDelay:F2}, bend {ear.GreatestBend} of {Bend:F0}, "
            + $"correction {call.Correction:F1}";
        Assert.True(ear.GreatestBend <= Bend, found);
        Assert.True(ear.LeastDelay > earlyDelay - 3 && ear.GreatestDelay < earlyDelay + 3, found);
        AssertNothingDone(early, call.Jitter);

        // The earliest of a hundred packets is late by a hundredth of the jitter, three times that now and then: of 30 ms, 90 ppm by the gain.
        Assert.InRange(call.Correction, driftPpm - 1 - (jitter * 3), driftPpm + 1 + (jitter * 3));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void For_an_hour_of_drift_and_jitter_speech_does_not_click(double driftPpm)
    {
        double[] speech = Speech();
        double steepest = Enumerable.Range(2, speech.Length - 2).Max(at => Math.Abs(speech[at] - (2 * speech[at - 1]) + speech[at - 2]));
        DriftingCall call = NewCall(sample => speech[sample % speech.Length], driftPpm, jitter: 30);
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute);
        JitterCounters early = call.Jitter;
        ear.GreatestBend = 0;
        ear.Listen(59 * PeriodsPerMinute);

        Assert.InRange(ear.GreatestBend, steepest / 2, (steepest * 1.002) + Rounding);
        AssertNothingDone(early, call.Jitter);
    }

    [Fact]
    public void Without_drift_every_bit_is_left_as_it_is()
    {
        DriftingCall call = ToneCall(0, 0);
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute);
        long delay = Enumerable.Range(0, Rate).First(shift => Matches(call, shift));
        for (int period = 0; period < 10 * PeriodsPerMinute; period++)
        {
            ear.Listen(1);
            Assert.True(Matches(call, delay), $"period {period}");
        }
    }

    [Fact]
    public void A_first_drift_is_corrected_from_the_sample_it_is_noticed_at()
    {
        DriftingCall call = ToneCall(300, 0);
        ToneEar ear = new(call);
        while (call.Correction == 0)
        {
            ear.Listen(1);
        }

        double before = ear.Delay;
        ear.Listen(2 * PeriodsPerSecond);
        Assert.InRange(ear.GreatestBend, 0, Bend);
        Assert.InRange(ear.Delay, before - 0.3, before + 0.9);
    }

    [Fact]
    public void A_longer_way_is_bridged_and_blended()
    {
        DriftingCall call = ToneCall(300, 0);
        call.Network = packet => packet < PeriodsPerMinute ? 25 : 85;
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute - PeriodsPerSecond);
        TimeSpan before = call.Counters.Delay;
        ear.GreatestBend = 0;
        ear.Listen(20 * PeriodsPerSecond);

        // What the longer way takes and the buffer had not in reserve, and then the reserve again.
        Assert.InRange(call.Jitter.Concealed, 2, 4);
        Assert.InRange(ear.GreatestBend, 0, ConcealedBend);
        ear.GreatestBend = 0;
        JitterCounters early = call.Jitter;
        ear.Listen(5 * PeriodsPerMinute);
        Assert.InRange(ear.GreatestBend, 0, Bend);
        AssertNothingDone(early, call.Jitter);
        Assert.InRange(call.Counters.Delay, before - TimeSpan.FromMilliseconds(10), before + TimeSpan.FromMilliseconds(20));
        Assert.InRange(call.Correction, 295, 305);
    }

    [Fact]
    public void A_shorter_way_is_followed_by_playing_faster_without_a_click()
    {
        DriftingCall call = ToneCall(-300, 0);
        call.Network = packet => packet < PeriodsPerMinute ? 85 : 25;
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute - PeriodsPerSecond);
        JitterCounters before = call.Jitter;
        ear.GreatestBend = 0;
        ear.Listen(PeriodsPerMinute);

        Assert.InRange(call.Jitter.Shortened - before.Shortened, 2, 4);
        Assert.Equal(before.Dropped, call.Jitter.Dropped);
        Assert.Equal(before.Concealed, call.Jitter.Concealed);
        Assert.InRange(ear.GreatestBend, 0, Bend);
        Assert.InRange(call.Counters.Delay.TotalMilliseconds, 12, 45);
        Assert.InRange(call.Correction, -330, -270);
    }

    [Theory]
    [InlineData(4, 50_000, 1)]
    [InlineData(4, -50_000, 1)]
    [InlineData(8, 1, 0)]
    public void Another_timestamp_and_another_source_are_blended_over(int field, int leap, int restarts)
    {
        DriftingCall call = ToneCall(300, 0);
        call.Change = (packet, bytes) =>
        {
            // RFC 3550 section 5.1: the timestamp stands at 4, the source at 8.
            Span<byte> value = bytes.AsSpan(field, 4);
            uint changed = unchecked(BinaryPrimitives.ReadUInt32BigEndian(value) + (packet < PeriodsPerMinute ? 0 : (uint)leap));
            BinaryPrimitives.WriteUInt32BigEndian(value, changed);
        };
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute - PeriodsPerSecond);
        ear.GreatestBend = 0;
        ear.Listen(PeriodsPerMinute);

        Assert.InRange(ear.GreatestBend, 0, ConcealedBend);
        Assert.Equal(restarts, call.Jitter.Restarts);
        Assert.InRange(call.Correction, 250, 350);
        Assert.InRange(call.Counters.Delay.TotalMilliseconds, 12, 65);
    }

    [Fact]
    public void A_lost_packet_is_concealed_for_its_own_length_wherever_it_lies_in_a_period()
    {
        int lost = 0;
        DriftingCall call = ToneCall(300, 0);
        call.Network = packet => packet < PeriodsPerMinute || packet % 50 != 0 ? 25 : Lose(ref lost);
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute);
        long before = call.Jitter.Concealed;
        ear.Listen(PeriodsPerMinute);

        Assert.InRange(lost, 55, 65);
        Assert.InRange(call.Jitter.Concealed - before, lost - 1, lost);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void A_loop_that_stalls_does_not_look_like_a_drift(double driftPpm)
    {
        int period = 0;
        DriftingCall call = ToneCall(driftPpm, 0);
        call.Lateness = () => ++period % 173 == 0 ? 35 : period % 7 == 0 ? 3 : 0;
        ToneEar ear = new(call);
        ear.Listen(3 * PeriodsPerMinute);
        for (int minute = 0; minute < 10; minute++)
        {
            ear.Listen(PeriodsPerMinute);
            Assert.InRange(call.Correction, driftPpm - 30, driftPpm + 30);
        }

        // The stalls of our own loop are jitter, which a longer delay takes care of; but nothing comes too late.
        Assert.Equal(0, call.Jitter.Late);
        Assert.InRange(ear.GreatestBend, 0, ConcealedBend);
    }

    [Fact]
    public void Correcting_a_drift_allocates_nothing()
    {
        DriftingCall call = ToneCall(300, 30);
        ToneEar ear = new(call);
        ear.Listen(PeriodsPerMinute);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ear.Listen(PeriodsPerMinute);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.InRange(call.Correction, 200, 400);
    }

    private static DriftingCall ToneCall(double driftPpm, double jitter, int playedSamples = AudioStream.PacketSamples) =>
        NewCall(sample => Tone[sample % Rate], driftPpm, jitter, playedSamples);

    /// <summary>With jitter, the listener's loop is late now and then, too.</summary>
    private static DriftingCall NewCall(
        Func<long, double> voice, double driftPpm, double jitter, int playedSamples = AudioStream.PacketSamples)
    {
        Random random = new(5);
        return new DriftingCall(voice, driftPpm, playedSamples)
        {
            Network = _ => 25 + (jitter * random.NextDouble()),
            Lateness = () => random.Next(20) == 0 ? random.NextDouble() * jitter / 3 : 0,
        };
    }

    /// <summary>
    /// Ten seconds that are as lumpy as speech: the harmonics of a voice, hissing above them, both in syllables with pauses in between.
    /// </summary>
    private static double[] Speech()
    {
        Random random = new(6);
        double[] speech = new double[10 * Rate];
        double hiss = 0;
        for (int sample = 0; sample < speech.Length; sample++)
        {
            double time = sample / (double)Rate;
            double syllable = Math.Max(Math.Sin(Math.Tau * 3 * time) * Math.Sin(Math.Tau * 0.4 * time), 0);
            hiss += ((random.NextDouble() - 0.5) - hiss) / 2;
            double voice = 0;
            for (int harmonic = 1; harmonic <= 20; harmonic++)
            {
                voice += Math.Sin((Math.Tau * 120 * harmonic * time) + (harmonic * harmonic)) / harmonic;
            }

            speech[sample] = syllable * ((3000 * voice) + (1500 * hiss));
        }

        return speech;
    }

    private static double Lose(ref int lost)
    {
        lost++;
        return -1;
    }

    private static bool Matches(DriftingCall call, long delay)
    {
        long first = (long)Math.Floor(call.HeardAt) - delay;
        for (int index = 0; index < call.Heard.Length; index++)
        {
            short sent = (short)double.Round(Tone[(first + index + Rate) % Rate]);
            if (call.Heard[index] != MuLaw.Decode(MuLaw.Encode(sent)))
            {
                return false;
            }
        }

        return true;
    }

    private static void AssertNothingDone(JitterCounters before, JitterCounters after)
    {
        Assert.Equal(before.Concealed, after.Concealed);
        Assert.Equal(before.Inserted, after.Inserted);
        Assert.Equal(before.Dropped, after.Dropped);
        Assert.Equal(before.Shortened, after.Shortened);
        Assert.Equal(before.Lengthened, after.Lengthened);
        Assert.Equal(before.Late, after.Late);
        Assert.Equal(before.Restarts, after.Restarts);
    }
}
