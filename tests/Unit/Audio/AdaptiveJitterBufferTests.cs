using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class AdaptiveJitterBufferTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(10, 20)]
    [InlineData(20, 20)]
    [InlineData(30, 20)]
    [InlineData(40, 20)]
    [InlineData(20, 10)]
    [InlineData(30, 10)]
    [InlineData(60, 20)]
    public void On_a_perfect_network_nothing_is_concealed_and_the_delay_is_short(int payload, int period)
    {
        JitterWorld world = new JitterWorld(payload, period).Run(Minute);
        JitterCounters early = world.Counters;
        world.Run(Minute);

        Assert.Equal(early, world.Counters with { Received = early.Received, Played = early.Played });
        Assert.Equal(0, early.Concealed);
        Assert.Equal(0, early.Dropped);
        Assert.Equal(0, world.Counters.Late);

        // 30 ms on the way, a period since that is played at once, and a little reserve.
        Assert.InRange(world.GreatestDelay, 30 + period, 30 + period + 8);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(100)]
    public void Jitter_is_absorbed_by_a_delay_not_much_greater(double jitter)
    {
        Random random = new(1);
        JitterWorld world = new() { Network = _ => [30 + (random.NextDouble() * jitter)] };
        world.Run(Minute);
        JitterCounters early = world.Counters;
        world.Run(Minute);

        Assert.InRange(world.Counters.Concealed - early.Concealed, 0, 3);
        Assert.Equal(0, world.Counters.Late - early.Late);
        Assert.InRange(world.GreatestDelay, 30 + jitter, 30 + jitter + 60);
    }

    [Fact]
    public void Loss_is_concealed_period_by_period()
    {
        Random random = new(2);
        int lost = 0;
        JitterWorld world = new() { Network = _ => random.Next(100) >= 5 ? [30] : Lose(ref lost) };
        world.Run(Minute);

        Assert.InRange(lost, 100, 200);
        Assert.InRange(world.Counters.Concealed, lost - 1, lost + 5);
        Assert.Equal(0, world.Counters.Late);
        Assert.InRange(world.GreatestDelay, 50, 110);
    }

    [Fact]
    public void Reordering_costs_delay_and_no_sound()
    {
        // Every fifth packet takes 75 ms longer, so that the three after it overtake it.
        JitterWorld world = new() { Network = packet => [packet % 5 == 0 ? 105 : 30] };
        world.Run(Minute);
        JitterCounters early = world.Counters;
        world.Run(Minute);

        Assert.InRange(early.Late, 0, 6);
        Assert.Equal(early.Late, world.Counters.Late);
        Assert.Equal(early.Concealed, world.Counters.Concealed);
        Assert.InRange(world.GreatestDelay, 105, 30 + 75 + 60);
    }

    [Fact]
    public void A_burst_of_loss_is_concealed_for_its_own_length_and_adds_no_delay()
    {
        // Six packets in a row are lost every five seconds: more than the delay, so that the buffer runs dry before the hole shows.
        JitterWorld world = new() { Network = packet => packet % 250 >= 200 && packet % 250 < 206 ? [] : [30] };
        world.Run(Minute);

        Assert.InRange(world.Counters.Concealed, 12 * 6, (12 * 6) + 2);
        Assert.Equal(0, world.Counters.Late);
        Assert.InRange(world.GreatestDelay, 50, 90);
    }

    [Fact]
    public void A_spike_makes_the_delay_grow_at_once_and_shrink_slowly()
    {
        // A stall of 200 ms: what was sent in it comes all at once.
        JitterWorld world = new() { Network = packet => [packet is >= 1500 and < 1510 ? 30 + ((1510 - packet) * 20) : 30] };
        world.Run(TimeSpan.FromSeconds(29.9));
        JitterCounters before = world.Counters;
        world.Run(TimeSpan.FromSeconds(1));

        // The stall, less what was in reserve.
        Assert.InRange(world.Counters.Concealed - before.Concealed, 8, 12);
        Assert.Equal(0, world.Counters.Late);
        Assert.InRange(world.Delay, 150, 30 + 200 + 40);

        world.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(world.Delay, 50, 65);
        Assert.InRange(world.Counters.Concealed - before.Concealed, 8, 12);
        Assert.Equal(0, world.Counters.Dropped);
    }

    [Fact]
    public void Spikes_that_come_back_are_waited_for_and_forgotten_when_they_do_not()
    {
        // Every 12 s all that was sent within 150 ms comes at once; after two minutes never again.
        JitterWorld world = new() { Network = packet => [packet < 6000 && packet % 600 is >= 500 and < 508 ? 30 + ((508 - (packet % 600)) * 20) : 30] };
        world.Run(TimeSpan.FromSeconds(30));
        JitterCounters before = world.Counters;
        world.Run(TimeSpan.FromSeconds(90));

        Assert.Equal(before.Concealed, world.Counters.Concealed);
        Assert.Equal(0, world.Counters.Late);
        Assert.InRange(world.Delay, 30 + 150, 30 + 200 + 20);

        world.Run(Minute);
        Assert.InRange(world.Delay, 50, 65);
        Assert.Equal(0, world.Counters.Dropped);
    }

    [Fact]
    public void A_stall_longer_than_the_longest_delay_loses_the_rest()
    {
        JitterWorld world = new() { Network = packet => [packet is >= 500 and < 550 ? 30 + ((550 - packet) * 20) : 30] };
        world.Run(TimeSpan.FromSeconds(11.2));

        Assert.InRange(world.Counters.Dropped, 38, 45);
        Assert.InRange(world.Delay, 100, 30 + 200 + 40);

        world.Run(TimeSpan.FromSeconds(8.8));
        Assert.InRange(world.Counters.Dropped, 38, 45);
        Assert.InRange(world.Delay, 50, 65);
        Assert.Equal(0, world.Counters.Restarts);
    }

    [Fact]
    public void Late_packets_beyond_all_patience_do_not_change_the_delay()
    {
        JitterWorld world = new() { Network = packet => [packet % 250 == 100 ? 400 : 30] };
        world.Run(Minute);

        Assert.InRange(world.Counters.Late, 11, 12);
        Assert.InRange(world.GreatestDelay, 50, 110);
    }

    [Fact]
    public void Copies_of_packets_are_played_once()
    {
        JitterWorld world = new() { Network = packet => packet % 3 == 0 ? [30, 31, 90] : [30] };
        world.Run(Minute);

        Assert.InRange(world.Counters.Duplicate, 1990, 2000);
        Assert.Equal(0, world.Counters.Late);
        Assert.InRange(world.GreatestDelay, 50, 90);
    }

    [Fact]
    public void A_pause_of_the_speaker_is_silence_and_no_loss()
    {
        // Two seconds of speech, one of silence.
        JitterWorld world = new() { Speaks = packet => packet % 150 < 100 };
        world.Run(Minute);

        Assert.InRange(world.Silent, 700, 1000);
        // Whether the speaker has stopped or the network stalls shows only after a while.
        Assert.InRange(world.Counters.Concealed, 0, 20 * 11);
        Assert.InRange(world.Counters.Played, 1950, 2000);
        Assert.Equal(0, world.Counters.Restarts);
        Assert.InRange(world.GreatestDelay, 50, 110);
    }

    [Fact]
    public void A_leap_of_the_timestamps_starts_again()
    {
        foreach (uint leap in (uint[])[50_000, 0x8000_0000, unchecked((uint)-50_000), unchecked((uint)-800)])
        {
            JitterWorld world = new() { TimestampLeap = packet => packet < 500 ? 0 : leap };
            world.Run(TimeSpan.FromSeconds(20));

            Assert.Equal(1, world.Counters.Restarts);
            Assert.InRange(world.Counters.Played, 980, 1000);
            Assert.InRange(world.GreatestDelay, 50, 130);
        }
    }

    [Fact]
    public void A_leap_of_the_sequence_numbers_is_not_heard()
    {
        foreach (ushort leap in (ushort[])[100, 1000, 40_000, 65_000])
        {
            JitterWorld world = new() { SequenceLeap = packet => packet < 500 ? (ushort)0 : leap };
            world.Run(TimeSpan.FromSeconds(20));

            Assert.Equal(0, world.Counters.Restarts);
            Assert.InRange(world.Counters.Concealed, 0, 1);
        }
    }

    [Fact]
    public void A_sender_that_starts_everything_again_loses_one_packet()
    {
        JitterWorld world = new()
        {
            SequenceLeap = packet => packet < 500 ? (ushort)0 : (ushort)50_000,
            TimestampLeap = packet => packet < 500 ? 0 : 0xC000_0000,
        };
        world.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(world.Counters.Restarts, 1, 2);
        Assert.InRange(world.Counters.Late, 0, 1);
        Assert.InRange(world.Counters.Played, 975, 1000);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void An_hour_of_drift_does_not_make_the_delay_grow_even_if_nobody_heeds_the_correction(double driftPpm)
    {
        JitterWorld world = new(driftPpm: driftPpm);
        for (int minute = 0; minute < 60; minute++)
        {
            world.Run(Minute);
            Assert.InRange(world.GreatestDelay, 50, minute == 0 ? 90 : 30 + 20 + 20);
        }

        // 300 ppm of an hour are 54 periods, which are made up for by playing a little faster or slower.
        Assert.Equal(0, world.Counters.Concealed);
        Assert.Equal(0, world.Counters.Dropped);
        Assert.InRange(world.Counters.Shortened, driftPpm > 0 ? 50 : 0, driftPpm > 0 ? 60 : 2);
        Assert.InRange(world.Counters.Lengthened, driftPpm > 0 ? 0 : 50, driftPpm > 0 ? 1 : 60);
        Assert.Equal(0, world.Leaps);
        Assert.Equal(0, world.Counters.Late);
    }

    [Fact]
    public void An_hour_allocates_nothing()
    {
        AdaptiveJitterBuffer buffer = new(160);
        byte[] payload = new byte[160];
        byte[] period = new byte[160];
        _ = Hour(buffer, payload, period, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int played = Hour(buffer, payload, period, 180_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(played, 160_000, 180_000);
    }

    [Fact]
    public void The_payload_type_may_change_between_packets()
    {
        AdaptiveJitterBuffer buffer = new(160);
        byte[] period = new byte[160];
        for (ushort packet = 0; packet < 20; packet++)
        {
            byte sent = packet < 10 ? (byte)0 : (byte)8;
            buffer.Receive(new(packet), new(packet * 160u), false, sent, [.. Enumerable.Repeat((byte)packet, 160)], 0);
            JitterVerdict verdict = Play(buffer, period, out byte payloadType);
            if (packet >= 2)
            {
                Assert.Equal(JitterVerdict.Frame, verdict);
                Assert.Equal(packet - 2, period[0]);
                Assert.Equal(packet - 2 < 10 ? 0 : 8, payloadType);
            }
        }
    }

    [Fact]
    public void Gives_silence_before_the_first_packet_and_after_a_reset()
    {
        AdaptiveJitterBuffer buffer = new(160);
        byte[] period = new byte[160];
        Assert.Equal(JitterVerdict.Silence, Play(buffer, period, out _));

        for (ushort packet = 0; packet < 5; packet++)
        {
            buffer.Receive(new(packet), new(packet * 160u), packet == 0, 8, new byte[160], 0);
        }

        JitterVerdict[] verdicts = [.. Enumerable.Range(0, 3).Select(index => Play(buffer, period, out _))];
        Assert.Equal([JitterVerdict.Silence, JitterVerdict.Silence, JitterVerdict.Frame], verdicts);
        buffer.Reset();
        Assert.Equal(JitterVerdict.Silence, Play(buffer, period, out _));
        Assert.Equal(5, buffer.Counters.Received);
    }

    [Fact]
    public void Payloads_of_no_or_absurd_length_are_dropped()
    {
        AdaptiveJitterBuffer buffer = new(160);
        buffer.Receive(new(1), new(0), false, 0, [], 0);
        buffer.Receive(new(2), new(0), false, 0, new byte[1601], 0);

        Assert.Equal(2, buffer.Counters.Malformed);
        Assert.Equal(JitterVerdict.Silence, Play(buffer, new byte[160], out _));
    }

    [Fact]
    public void Survives_packets_of_every_kind_in_every_order()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            Random random = new(seed);
            AdaptiveJitterBuffer buffer = new(random.Next(2) == 0 ? 80 : 160);
            byte[] period = new byte[160];
            byte[] payload = new byte[1700];
            uint timestamp = (uint)random.NextInt64(uint.MaxValue);
            for (int step = 0; step < 2000; step++)
            {
                timestamp = random.Next(50) == 0 ? (uint)random.NextInt64(uint.MaxValue) : timestamp + (uint)random.Next(-2000, 2300);
                ushort sequence = (ushort)(random.Next(50) == 0 ? random.Next(65_536) : step + random.Next(-3, 4));
                int length = random.Next(20) == 0 ? random.Next(payload.Length) : random.Next(1, 400);
                buffer.Receive(new(sequence), new(timestamp), random.Next(5) == 0, (byte)random.Next(128), payload.AsSpan(0, length), 0);
                for (int play = random.Next(4); play > 0; play--)
                {
                    _ = Play(buffer, period, out byte payloadType);
                    Assert.True(payloadType < 128, $"a tag came out, seed {seed}");
                }

                Assert.True(buffer.Delay <= TimeSpan.FromMilliseconds(700), $"delay {buffer.Delay}, seed {seed}");
            }
        }
    }

    /// <summary>Plays a period; returns the verdict on what its end is like.</summary>
    private static JitterVerdict Play(AdaptiveJitterBuffer buffer, Span<byte> period, out byte payloadType)
    {
        JitterVerdict verdict = JitterVerdict.Leap;
        payloadType = 0;
        buffer.Begin();
        for (int filled = 0; filled < period.Length;)
        {
            verdict = buffer.Play(period[filled..], out payloadType, out int length);
            filled += verdict == JitterVerdict.Leap ? 0 : length;
        }

        return verdict;
    }

    private static double[] Lose(ref int lost)
    {
        lost++;
        return [];
    }

    private static int Hour(AdaptiveJitterBuffer buffer, byte[] payload, byte[] period, int packets)
    {
        int played = 0;
        for (int packet = 0; packet < packets; packet++)
        {
            // One in twenty is lost, one in fifty comes after its successor, and the sender pauses now and then.
            int number = packet % 50 == 0 ? packet + 1 : packet % 50 == 1 ? packet - 1 : packet;
            if (packet % 20 != 7 && packet % 3000 > 50)
            {
                buffer.Receive(new((ushort)number), new((uint)number * 160), packet % 3000 == 51, 0, payload, 0);
            }

            played += Play(buffer, period, out _) == JitterVerdict.Frame ? 1 : 0;
        }

        return played;
    }
}
