using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>
/// A recorded handshake, and every field of every message of it, in both directions, changed, cut, repeated, too long, or out of order.
/// Each ends in a drop or in the clean failure of this one handshake, and never in two sides that are connected with different keys.
/// </summary>
public sealed class ChangedMessageTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    private static readonly Dictionary<string, Func<byte, byte>> Changes = new()
    {
        ["first bit"] = value => (byte)(value ^ 0x80),
        ["last bit"] = value => (byte)(value ^ 1),
        ["zeros"] = _ => 0,
        ["ones"] = _ => 0xFF,
    };

    public static TheoryData<string> Messages => [.. Fields().Select(NameOf).Distinct()];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_field_that_somebody_on_the_way_changes_every_time_is_a_drop_or_a_failure(string message)
    {
        List<LinkDatagram> recorded = Recorded();
        foreach (MessageField field in Fields().Where(candidate => NameOf(candidate) == message))
        {
            foreach ((string name, Func<byte, byte> change) in Changes)
            {
                string content = Content(recorded[field.Datagram]);
                bool changed = false;
                using DtlsPair pair = Create();
                pair.Weather = datagram =>
                {
                    if (Content(datagram) == content)
                    {
                        byte[] before = (byte[])datagram.Bytes.Clone();
                        Change(datagram.Bytes, field, change);
                        changed |= !before.SequenceEqual(datagram.Bytes);
                    }

                    return [Delay];
                };
                AssertEndsCleanly(pair.Start().Run(), $"{field}: {name}");
                Assert.False(changed && pair.AreConnected && IsVouchedFor(field), $"{field}: {name} went unnoticed");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_field_that_is_changed_once_does_no_more_harm_than_that(string message)
    {
        foreach (MessageField field in Fields().Where(candidate => NameOf(candidate) == message))
        {
            foreach ((string name, Func<byte, byte> change) in Changes)
            {
                // The last of a field's bytes alone, so that lengths are off by little as well as by much.
                MessageField last = field with { Offset = field.Offset + field.Length - 1, Length = 1 };
                using DtlsPair pair = Create();
                pair.Weather = datagram =>
                {
                    if (datagram.Number == field.Datagram)
                    {
                        Change(datagram.Bytes, last, change);
                    }

                    return [Delay];
                };
                AssertEndsCleanly(pair.Start().Run(), $"{field}: {name} of its last byte");
            }
        }
    }

    [Fact]
    public void A_message_that_is_cut_or_too_long_under_lengths_that_fit_is_a_drop_or_a_failure()
    {
        foreach (LinkDatagram recorded in Recorded())
        {
            foreach ((int start, int length) in PlainHandshakeRecords(recorded.Bytes))
            {
                int body = length - RecordHeader.Length - HandshakeFragment.HeaderLength;
                int[] lengths = [0, 1, body / 2, body - 1, body + 1, body + 700, HandshakeReassembly.MaximumMessageLength + 1];
                foreach (int changed in lengths.Where(value => value >= 0 && value != body))
                {
                    using DtlsPair pair = Create();
                    Replace(pair, recorded.Number, bytes => Resize(bytes, start, length, changed));
                    AssertEndsCleanly(pair.Start().Run(), $"datagram {recorded.Number}, record at {start}, {changed} bytes for {body}");
                }
            }
        }
    }

    [Fact]
    public void A_message_that_comes_twice_or_in_another_order_does_no_harm()
    {
        foreach (LinkDatagram recorded in Recorded())
        {
            using DtlsPair twice = Create();
            Replace(twice, recorded.Number, bytes => [.. bytes, .. bytes]);
            Assert.True(twice.Start().Run().AreConnected, $"datagram {recorded.Number} twice in one");

            using DtlsPair backwards = Create();
            Replace(backwards, recorded.Number, Backwards);
            Assert.True(backwards.Start().Run().AreConnected, $"datagram {recorded.Number} backwards");

            using DtlsPair late = Create();
            late.Weather = datagram => datagram.Number == recorded.Number ? [Delay, 3 * Delay, TimeSpan.FromSeconds(5)] : [Delay];
            Assert.True(late.Start().Run().AreConnected, $"datagram {recorded.Number} again and late");
        }
    }

    [Fact]
    public void A_message_of_another_kind_in_the_place_of_each_is_a_drop_or_a_failure()
    {
        foreach (LinkDatagram recorded in Recorded())
        {
            foreach ((int start, _) in PlainHandshakeRecords(recorded.Bytes))
            {
                foreach (HandshakeType type in Enum.GetValues<HandshakeType>())
                {
                    using DtlsPair pair = Create();
                    Replace(
                        pair,
                        recorded.Number,
                        bytes =>
                        {
                            bytes[start + RecordHeader.Length] = (byte)type;
                            return bytes;
                        });
                    AssertEndsCleanly(pair.Start().Run(), $"datagram {recorded.Number}, record at {start}: {type}");
                }
            }
        }
    }

    private static DtlsPair Create() => new(trust: false);

    private static List<LinkDatagram> Recorded()
    {
        using DtlsPair pair = Create();
        _ = pair.Start().Run();
        Assert.True(pair.AreConnected);
        return pair.Sent;
    }

    // RFC 6347 section 4.2.1: the first hello and the request for a cookie do not count in the transcript; nor do the numbers of records.
    private static bool IsVouchedFor(MessageField field) => field.Datagram >= 2 && field.Name != "sequence number";

    private static string NameOf(MessageField field) => $"{field.Datagram} {field.Message}";

    private static MessageField[] Fields() => [.. Recorded().SelectMany(MessageField.Of)];

    private static void Change(byte[] bytes, MessageField field, Func<byte, byte> change)
    {
        for (int index = field.Offset; index < field.Offset + field.Length; index++)
        {
            bytes[index] = change(bytes[index]);
        }
    }

    // Which messages a datagram holds, whatever its records' numbers are.
    private static string Content(LinkDatagram datagram) =>
        $"{datagram.Sender} {string.Join(' ', Records(datagram.Bytes).Select(record => Kind(datagram.Bytes, record.Start)))}";

    private static string Kind(byte[] bytes, int start) =>
        bytes[start + 4] == 0 && bytes[start] == (byte)ContentType.Handshake ? $"{bytes[start + 13]} {bytes[start + 18]}" : $"{bytes[start]}";

    private static List<(int Start, int Length)> Records(byte[] bytes)
    {
        List<(int Start, int Length)> records = [];
        for (int start = 0; start + RecordHeader.Length <= bytes.Length;)
        {
            int length = RecordHeader.Length + ((bytes[start + 11] << 8) | bytes[start + 12]);
            records.Add((start, length));
            start += length;
        }

        return records;
    }

    private static IEnumerable<(int Start, int Length)> PlainHandshakeRecords(byte[] bytes) =>
        Records(bytes).Where(record => bytes[record.Start] == (byte)ContentType.Handshake && bytes[record.Start + 4] == 0);

    private static byte[] Backwards(byte[] bytes)
    {
        IEnumerable<(int Start, int Length)> records = Records(bytes);
        return [.. records.Reverse().SelectMany(record => bytes.AsSpan(record.Start, record.Length).ToArray())];
    }

    private static byte[] Resize(byte[] bytes, int start, int length, int bodyLength)
    {
        const int Headers = RecordHeader.Length + HandshakeFragment.HeaderLength;
        byte[] record = new byte[Headers + bodyLength];
        bytes.AsSpan(start, Math.Min(length, record.Length)).CopyTo(record);
        int content = record.Length - RecordHeader.Length;
        (record[11], record[12]) = ((byte)(content >> 8), (byte)content);
        foreach (int at in (int[])[14, 22])
        {
            (record[at], record[at + 1], record[at + 2]) = ((byte)(bodyLength >> 16), (byte)(bodyLength >> 8), (byte)bodyLength);
        }

        return [.. bytes.AsSpan(0, start), .. record, .. bytes.AsSpan(start + length)];
    }

    // Another datagram arrives in the place of the one with this number.
    private static void Replace(DtlsPair pair, int number, Func<byte[], byte[]> replace) => pair.Weather = datagram =>
    {
        if (datagram.Number != number)
        {
            return [Delay];
        }

        pair.Deliver(
            datagram.Sender == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client, replace((byte[])datagram.Bytes.Clone()));
        return [];
    };

    private static void AssertEndsCleanly(DtlsPair pair, string what)
    {
        Assert.True(Ended(pair.Client) || pair.Client.Endpoint.State == DtlsState.Connected, $"{what}: client {pair.Client.Endpoint.State}");
        Assert.True(
            Ended(pair.Server) || pair.Server.Endpoint.State is DtlsState.Connected or DtlsState.New,
            $"{what}: server {pair.Server.Endpoint.State}");
        Assert.True(!pair.AreConnected || pair.Client.Export().SequenceEqual(pair.Server.Export()), what);
    }

    private static bool Ended(DtlsSide side) => side.Endpoint.State == DtlsState.Failed && side.Failure is not null;
}
