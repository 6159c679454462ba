using System;
using System.Linq;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

public sealed class PacketShelfTests
{
    [Fact]
    public void A_packet_is_found_by_its_number_while_the_ring_can_still_hold_it()
    {
        PacketShelf shelf = new();
        byte[] first = shelf.Fill(1000, 1);
        byte number = shelf.Put(first, new RtpTimestamp(160));
        for (byte other = 2; other < 60; other++)
        {
            _ = shelf.Put(shelf.Fill(1000, other), default);
        }

        Assert.Equal(first, shelf.Get(number, out RtpTimestamp begins).ToArray());
        Assert.Equal(new RtpTimestamp(160), begins);
    }

    [Fact]
    public void What_was_written_over_is_gone_and_not_taken_for_something_else()
    {
        PacketShelf shelf = new();
        byte number = shelf.Put(shelf.Fill(1500, 1), default);
        for (byte other = 2; other < 50; other++)
        {
            _ = shelf.Put(shelf.Fill(1500, other), default);
        }

        Assert.Empty(shelf.Get(number, out _).ToArray());
    }

    [Fact]
    public void Packets_of_any_length_come_back_whole()
    {
        Random random = new(5);
        PacketShelf shelf = new();
        (byte Number, byte[] Payload)[] kept = new (byte, byte[])[20];
        for (int round = 0; round < 5000; round++)
        {
            byte[] payload = new byte[random.Next(1, PacketShelf.LongestPayload + 1)];
            random.NextBytes(payload);
            kept[round % kept.Length] = (shelf.Put(payload, default), payload);
            foreach ((byte number, byte[] expected) in kept.Where(packet => packet.Payload is not null))
            {
                Assert.Equal(expected, shelf.Get(number, out _).ToArray());
            }
        }
    }

    [Fact]
    public void A_number_that_nobody_gave_stands_for_nothing() => Assert.Empty(new PacketShelf().Get(7, out _).ToArray());

    [Fact]
    public void A_fast_clock_comes_round_without_a_leap_of_the_slow_one()
    {
        ClockScale scale = new(6);
        RtpTimestamp fast = new(uint.MaxValue - 5000);
        RtpTimestamp before = scale.Convert(fast);
        for (int packet = 0; packet < 10_000; packet++)
        {
            fast += 960;
            RtpTimestamp now = scale.Convert(fast);
            Assert.Equal(160, now - before);
            before = now;
        }
    }

    [Fact]
    public void What_comes_late_has_its_place_before()
    {
        ClockScale scale = new(6);
        RtpTimestamp second = scale.Convert(new RtpTimestamp(100));
        RtpTimestamp first = scale.Convert(new RtpTimestamp(100) + -960);
        RtpTimestamp third = scale.Convert(new RtpTimestamp(100) + 960);

        Assert.Equal((160, 160), (second - first, third - second));
    }
}

file static class Payloads
{
    public static byte[] Fill(this PacketShelf _, int length, byte value) => [.. Enumerable.Repeat(value, length)];
}
