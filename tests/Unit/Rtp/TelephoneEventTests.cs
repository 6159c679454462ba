using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class TelephoneEventTests
{
    private const string Keys = "0123456789*#ABCD";

    private readonly TelephoneEventSender _sender = new(160);
    private readonly TelephoneEventReceiver _receiver = new(8000);

    [Fact]
    public void Every_key_has_its_code()
    {
        for (byte code = 0; code < 16; code++)
        {
            Assert.True(DtmfDigit.TryFromEvent(code, out DtmfDigit digit));
            Assert.Equal(Keys[code], digit.Key);
            Assert.True(DtmfDigit.TryFromKey(char.ToLowerInvariant(Keys[code]), out DtmfDigit same));
            Assert.Equal(digit, same);
        }

        Assert.False(DtmfDigit.TryFromEvent(16, out _));
        Assert.False(DtmfDigit.TryFromKey('E', out _));
        Assert.False(DtmfDigit.TryFromKey(' ', out _));
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        byte[] payload = new byte[TelephoneEvent.Size];
        TelephoneEvent written = new(11, true, 63, 0xFFFF);
        written.Write(payload);

        Assert.Equal("0BBFFFFF", Convert.ToHexString(payload));
        Assert.True(TelephoneEvent.TryRead(payload, out TelephoneEvent read));
        Assert.Equal(written, read);

        // RFC 4733 section 2.3.4: the reserved bit is ignored.
        payload[1] |= 0x40;
        Assert.True(TelephoneEvent.TryRead(payload, out read));
        Assert.Equal(written, read);
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(TelephoneEvent.TryRead(payload.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_digit_is_a_hundred_milliseconds_with_its_end_three_times()
    {
        _ = _sender.TryEnqueue(Digit('5'));

        Assert.Equal(["160 M", "320", "480", "640", "800 E", "800 E", "800 E", "-", "-", "-", "-"], Send(11));
        Assert.False(_sender.IsActive);
    }

    [Fact]
    public void Between_two_digits_lies_a_pause()
    {
        _ = _sender.TryEnqueue(Digit('1'));
        _ = _sender.TryEnqueue(Digit('1'));
        string[] sent = Send(20);

        Assert.Equal(["160 M", "320"], sent[10..12]);
        Assert.Equal(5 * 160, int.Parse(sent[6].Split(' ')[0]));
        Assert.Equal(2, sent.Count(line => line.EndsWith('M')));
    }

    [Fact]
    public void All_packets_of_a_digit_bear_the_time_of_its_beginning()
    {
        _ = _sender.TryEnqueue(Digit('1'));
        _ = _sender.TryEnqueue(Digit('2'));
        List<uint> timestamps = [];
        for (uint period = 0; period < 20; period++)
        {
            if (_sender.TryNext(new RtpTimestamp(period * 160), out TelephoneEventReport report))
            {
                timestamps.Add(report.Timestamp.Value);
            }
        }

        Assert.Equal([.. Enumerable.Repeat(0u, 7), .. Enumerable.Repeat(1600u, 7)], timestamps);
    }

    [Fact]
    public void The_queue_has_an_end()
    {
        Assert.All(Enumerable.Range(0, TelephoneEventSender.QueueCapacity), _ => Assert.True(_sender.TryEnqueue(Digit('7'))));
        Assert.False(_sender.TryEnqueue(Digit('7')));

        _sender.Clear();
        Assert.False(_sender.IsActive);
        Assert.Equal(["-"], Send(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_lost_or_comes_twice_each_digit_counts_once(int seed)
    {
        Random random = new(seed);
        string dialled = string.Concat(Enumerable.Range(0, 30).Select(_ => Keys[random.Next(16)]));
        Assert.All(dialled, key => Assert.True(_sender.TryEnqueue(Digit(key))));
        List<(TelephoneEventReport Report, double Arrival)> underway = [];
        for (uint period = 0; _sender.IsActive; period++)
        {
            if (_sender.TryNext(new RtpTimestamp(0xFFFF_0000u + (period * 160)), out TelephoneEventReport report))
            {
                // A third is lost, a third comes twice, and packets overtake up to five others. One of each event is certain to come.
                int copies = report.Event.Duration == 480 ? 1 : random.Next(3);
                underway.AddRange(Enumerable.Range(0, copies).Select(_ => (report, period + (random.NextDouble() * 5))));
            }
        }

        byte[] payload = new byte[TelephoneEvent.Size];
        List<char> heard = [];
        foreach ((TelephoneEventReport report, _) in underway.OrderBy(packet => packet.Arrival))
        {
            report.Event.Write(payload);
            if (_receiver.TryReceive(payload, report.Timestamp, out DtmfDigit digit))
            {
                heard.Add(digit.Key);
            }
        }

        Assert.True(dialled == string.Concat(heard), $"seed {seed}: {dialled} became {string.Concat(heard)}");
    }

    [Fact]
    public void A_key_held_for_longer_than_a_segment_counts_once()
    {
        Assert.True(Receive(3, end: false, 160, 1000));
        Assert.False(Receive(3, end: false, 0xFFFF, 1000));
        Assert.False(Receive(3, end: false, 160, 1000 + 0xFFFF));
        Assert.False(Receive(3, end: true, 320, 1000 + 0xFFFF));
        Assert.True(Receive(3, end: false, 160, 1000 + (2 * 0xFFFF)));
    }

    [Fact]
    public void Events_that_are_no_keys_and_short_payloads_count_as_none()
    {
        Assert.False(Receive(16, end: false, 160, 0));
        Assert.False(_receiver.TryReceive([1, 2, 3], new RtpTimestamp(0), out _));
        Assert.Equal(1, _receiver.Malformed);
        Assert.True(Receive(1, end: true, 160, 0));
    }

    [Fact]
    public void A_very_late_copy_is_no_new_key_press_but_another_clock_is()
    {
        for (uint digit = 0; digit < 20; digit++)
        {
            Assert.True(Receive(1, end: true, 800, 1_000_000 + (digit * 1600)));
        }

        Assert.False(Receive(1, end: true, 800, 1_000_000));
        Assert.True(Receive(1, end: true, 800, 0x8000_0000));
    }

    [Fact]
    public void A_reset_forgets_what_was_known()
    {
        Assert.True(Receive(9, end: true, 800, 5));
        Assert.False(Receive(9, end: true, 800, 5));
        _receiver.Reset();
        Assert.True(Receive(9, end: true, 800, 5));
    }

    private static DtmfDigit Digit(char key) =>
        DtmfDigit.TryFromKey(key, out DtmfDigit digit) ? digit : throw new ArgumentException(null, nameof(key));

    private bool Receive(byte code, bool end, ushort duration, uint timestamp)
    {
        byte[] payload = new byte[TelephoneEvent.Size];
        new TelephoneEvent(code, end, 10, duration).Write(payload);
        return _receiver.TryReceive(payload, new RtpTimestamp(timestamp), out _);
    }

    private string[] Send(int periods) => [.. Enumerable.Range(0, periods).Select(period =>
        _sender.TryNext(new RtpTimestamp((uint)period * 160), out TelephoneEventReport report)
            ? $"{report.Event.Duration}{(report.Marker ? " M" : "")}{(report.Event.End ? " E" : "")}"
            : "-")];
}
