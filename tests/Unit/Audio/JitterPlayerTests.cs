using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>A tone that goes through a network and a jitter buffer, with a pair of ears at the end.</summary>
public sealed class JitterPlayerTests : IPayloadDecoder
{
    private const int Hertz = 440;
    private const double Amplitude = 8000;
    private const int Period = 80;
    private const int Packet = 160;

    private static readonly byte[] Noise = [50, 60, 140];

    private readonly SoundFlaws _ears = new(8000, Hertz, Amplitude);
    private readonly List<short> _heard = [];

    private enum Sent
    {
        Sound,
        Nothing,
        Noise,
        Event,
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void A_delay_that_becomes_shorter_is_not_heard(int period)
    {
        JitterCounters counters = Play(packet => packet < 500 ? 110 : 30, period: period);

        Assert.InRange(counters.Shortened * period, 9 * 80, 12 * 80);
        Assert.Equal((0, 0, 0), (_ears.Clicks, _ears.Gaps, _ears.Leaps));
    }

    [Theory]
    [InlineData(80, 3, 1)]
    [InlineData(40, 2, 2)]
    public void Jitter_that_grows_from_packet_to_packet_is_followed_unheard(int period, int leastLengthened, int leapsEach)
    {
        Random random = new(21);
        JitterCounters counters = Play(packet => 30 + (random.NextDouble() * Math.Min(packet / 10, 60)), period: period);

        Assert.InRange((counters.Lengthened + counters.Inserted) * period, 3 * 80, 8 * 80);
        Assert.InRange(counters.Lengthened * period, leastLengthened * 80, 8 * 80);
        Assert.InRange(counters.Concealed * period, 0, 3 * 80);
        Assert.Equal((0, 0), (_ears.Clicks, _ears.Gaps));

        // Where half as much is made up at a time, a leap is seen by the window it lies in and by the next.
        Assert.InRange(_ears.Leaps, 0, leapsEach * counters.Concealed);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void A_tone_on_a_perfect_network_has_no_flaw(int period)
    {
        _ = Play(_ => 30, period: period);
        Assert.Equal((0, 0, 0), (_ears.Clicks, _ears.Gaps, _ears.Leaps));
    }

    [Fact]
    public void A_pause_with_comfort_noise_is_noise_and_no_loss()
    {
        // Every ten seconds two without sound, in which the noise is described twice, the second time with other octets in between.
        JitterCounters counters = Play(_ => 30, sends: packet => (packet % 500) switch
        {
            300 or 350 => Sent.Noise,
            > 300 and < 400 => Sent.Nothing,
            _ => Sent.Sound,
        });

        Assert.Equal(0, counters.Concealed);
        Assert.Equal(0, counters.Restarts);
        Assert.Equal(0, counters.Late);
        Assert.Equal(0, _ears.Clicks);
        Assert.InRange(_ears.Gaps, 4, 4);
        double level = 0;
        for (int at = 0; at < 8000; at++)
        {
            // The second in the middle of the first pause, by what it takes from the first packet on.
            level += Math.Pow(_heard[(300 * Packet) + 4000 + at], 2) / 8000;
        }

        // RFC 3389 section 3.1: -50 dBov.
        Assert.Equal(-50, 10 * Math.Log10(level) - (20 * Math.Log10(4 * 8031)), 1.0);
    }

    [Fact]
    public void A_key_that_is_pressed_while_no_sound_is_sent_is_silence_and_no_loss()
    {
        JitterCounters counters = Play(_ => 30, sends: packet => packet % 250 is >= 100 and < 110 ? Sent.Event : Sent.Sound);

        Assert.Equal(0, counters.Concealed);
        Assert.Equal(0, counters.Late);
        Assert.Equal(0, counters.Restarts);
        Assert.Equal(0, _ears.Clicks);
        Assert.InRange(_ears.Gaps, 8, 8);
    }

    /// <summary>So that no test of this class, nor of drift, is one that cannot fail.</summary>
    [Theory]
    [InlineData(Fault.LeavesOutAPeriod)]
    [InlineData(Fault.PlaysAPeriodTwice)]
    [InlineData(Fault.LeavesSilence)]
    [InlineData(Fault.LeavesOutASample)]
    [InlineData(Fault.PlaysTooFast)]
    public void A_broken_buffer_is_heard(Fault fault)
    {
        _ = Play(_ => 30, fault);
        Assert.InRange(_ears.Clicks + _ears.Gaps + _ears.Leaps, 10, int.MaxValue);
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void Sound_of_a_higher_rate_is_stretched_as_well(int rate)
    {
        // A decoder that gives two or six samples for each octet: every octet carries a place in the tone.
        AdaptiveJitterBuffer buffer = new(Period);
        PlaceDecoder decoder = new(rate);
        JitterPlayer player = new(buffer, decoder, rate / 100, rate);
        SoundFlaws ears = new(rate, PlaceDecoder.Hertz, Amplitude);
        short[] sound = new short[rate / 100];
        byte[] payload = new byte[Packet];
        for (int period = 0; period < 2000; period++)
        {
            // Ten packets come at once at first.
            for (int packet = period == 0 ? -20 : period; packet <= period; packet += 2)
            {
                for (int index = 0; index < Packet && packet % 2 == 0; index++)
                {
                    payload[index] = (byte)(((packet * Period) + index + 80_000) % PlaceDecoder.Turn);
                }

                if (packet % 2 == 0)
                {
                    buffer.Receive(new((ushort)(packet / 2)), new((uint)(packet * Period)), false, 0, payload, 0);
                }
            }

            player.Play(sound);
            if (period > 10)
            {
                ears.Listen(sound);
            }
        }

        Assert.InRange(buffer.Counters.Shortened, 15, 22);
        Assert.Equal((0, 0, 0), (ears.Clicks, ears.Gaps, ears.Leaps));
    }

    void IPayloadDecoder.Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples) => MuLaw.Decode(payload, samples);

    /// <summary>Plays forty seconds of a tone; a packet's delay on its way is in milliseconds, negative for a loss.</summary>
    private JitterCounters Play(
        Func<int, double> network, Fault fault = Fault.Nothing, Func<int, Sent>? sends = null, int period = Period)
    {
        ushort[] sequences = new ushort[2000];
        AdaptiveJitterBuffer buffer = new(period);
        JitterPlayer player = new(new BrokenJitterBuffer(buffer, fault, period), this, period, 8000);
        PriorityQueue<int, double> underway = new();
        short[] sound = new short[period];
        byte[] payload = new byte[Packet];
        for (int packet = 0; packet < 2000; packet++)
        {
            double delay = network(packet);
            bool isSent = sends?.Invoke(packet) != Sent.Nothing;
            sequences[packet] = (ushort)(packet == 0 ? 0 : sequences[packet - 1] + (isSent ? 1 : 0));
            if (delay >= 0 && isSent)
            {
                underway.Enqueue(packet, (packet * 20) + delay);
            }
        }

        double milliseconds = period / 8.0;
        for (double now = 0; now < 40_000; now += milliseconds)
        {
            while (underway.TryPeek(out int packet, out double arrival) && arrival < now)
            {
                _ = underway.Dequeue();
                for (int index = 0; index < Packet; index++)
                {
                    payload[index] = MuLaw.Encode((short)(Amplitude * Math.Sin(Math.Tau * Hertz / 8000 * (((packet * Packet) + index) % 8000))));
                }

                int elapsed = (int)((arrival - (now - milliseconds)) * 8);
                SequenceNumber sequence = new(sequences[packet]);
                RtpTimestamp timestamp = new((uint)(packet * Packet));
                switch (sends?.Invoke(packet) ?? Sent.Sound)
                {
                    case Sent.Noise:
                        buffer.Receive(sequence, timestamp, false, ComfortNoise.PayloadType, Noise, elapsed);
                        break;
                    case Sent.Event:
                        // RFC 4733 section 2.5.1.2: stamped with the beginning of the event, which is a multiple of ten packets.
                        int first = packet / 10 * 10;
                        buffer.ReceivePause(sequence, new((uint)(first * Packet)), (packet - first + 1) * Packet);
                        break;
                    default:
                        buffer.Receive(sequence, timestamp, false, 0, payload, elapsed);
                        break;
                }
            }

            player.Play(sound);
            if (now is > 1000 and < 39_900)
            {
                _ears.Listen(sound);
            }

            _heard.AddRange(sound);
        }

        return buffer.Counters;
    }

    /// <summary>A codec whose octets are places in a tone of 200 Hz.</summary>
    private sealed class PlaceDecoder(int rate) : IPayloadDecoder
    {
        public const int Hertz = 200;

        /// <summary>Octets in a turn of the tone.</summary>
        public const int Turn = 8000 / Hertz;

        public void Decode(byte payloadType, ReadOnlySpan<byte> payload, RtpTimestamp at, Span<short> samples)
        {
            int each = rate / 8000;
            for (int index = 0; index < samples.Length; index++)
            {
                double place = payload[index / each] + ((double)(index % each) / each);
                samples[index] = (short)(Amplitude * Math.Sin(Math.Tau * place / Turn));
            }
        }
    }
}
