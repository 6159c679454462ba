using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dns;

public sealed class DnsMessageTests
{
    // RFC 1035 section 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64 and the root at 92.
    private static readonly byte[] Compressed =
    [
        .. new byte[20], 1, (byte)'F', 3, (byte)'I', (byte)'S', (byte)'I', 4, (byte)'A', (byte)'R', (byte)'P', (byte)'A', 0, .. new byte[8],
        3, (byte)'F', (byte)'O', (byte)'O', 0xC0, 20, .. new byte[18], 0xC0, 26, .. new byte[26], 0,
    ];

    [Theory]
    [InlineData(20, "f.isi.arpa")]
    [InlineData(40, "foo.f.isi.arpa")]
    [InlineData(64, "arpa")]
    [InlineData(92, "")]
    public void Compressed_names_of_RFC_1035_section_4_1_4_are_read(int position, string expected)
    {
        WireReader reader = new(Compressed.AsSpan(position));

        Assert.True(DnsName.TryRead(Compressed, ref reader, position, out string? name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 })]
    [InlineData(new byte[] { 0xC0, 2, 0xC0, 0 })]
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 0 })]
    [InlineData(new byte[] { 0xC0, 200 })]
    [InlineData(new byte[] { 0x40, 0 })]
    [InlineData(new byte[] { 5, (byte)'a' })]
    [InlineData(new byte[] { })]
    public void A_name_with_a_loop_or_without_an_end_is_malformed(byte[] bytes)
    {
        WireReader reader = new(bytes);

        Assert.False(DnsName.TryRead(bytes, ref reader, 0, out _));
    }

    [Fact]
    public void A_name_longer_than_255_bytes_is_malformed()
    {
        byte[] bytes = [.. Enumerable.Repeat(DnsZone.Name(new string('a', 63))[..64], 4).SelectMany(static label => label), 0];
        WireReader reader = new(bytes);

        Assert.False(DnsName.TryRead(bytes, ref reader, 0, out _));
    }

    [Theory]
    [InlineData("PBX.Example.", "pbx.example")]
    [InlineData("_sip._udp.example", "_sip._udp.example")]
    [InlineData("", null)]
    [InlineData("a..b", null)]
    [InlineData("sp ace", null)]
    [InlineData("bücher.example", null)]
    public void Names_are_normalized_or_refused(string text, string? expected)
    {
        _ = DnsName.TryParse(text, out string? name);

        Assert.Equal(expected, name);
    }

    [Fact]
    public void A_query_asks_one_question_with_recursion_and_room_for_1232_bytes()
    {
        byte[] buffer = new byte[DnsLimits.Query];
        WireWriter writer = new(buffer);
        new DnsQuestion("pbx.example", DnsRecordType.Aaaa).Write(ref writer, 0x1234, toServer: true, withExtension: true);

        Assert.Equal(
            "12340100000100000000000103706278076578616D706C6500001C000100002904D0000000000000", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void The_longest_name_fits_into_the_longest_query()
    {
        string name = string.Join('.', Enumerable.Repeat(new string('a', 63), 3).Append(new string('a', 61)));
        Assert.True(DnsName.TryParse(name, out string? parsed));
        byte[] buffer = new byte[DnsLimits.Query];
        WireWriter writer = new(buffer);

        new DnsQuestion(parsed, DnsRecordType.A).Write(ref writer, 1, toServer: true, withExtension: true);

        Assert.Equal(12 + 255 + 4 + 11, writer.Length);
    }

    [Fact]
    public void Every_type_of_record_is_read()
    {
        Assert.Equal(
            [new AddressRecord("h.example", DnsRecordType.A, 300, DnsWorld.Endpoint("192.0.2.7"))],
            Answers("h.example", DnsRecordType.A));
        Assert.Equal(
            [new AddressRecord("h.example", DnsRecordType.Aaaa, 300, DnsWorld.Endpoint("2001:db8::7"))],
            Answers("h.example", DnsRecordType.Aaaa));
        Assert.Equal(
            [new ServiceRecord("_sip._udp.example", 300, 1, 2, 5070, "h.example")], Answers("_sip._udp.example", DnsRecordType.Srv));
        Assert.Equal(
            [new PointerRecord("example", 300, 10, 20, "S", "SIP+D2U", HasExpression: false, "_sip._udp.example")],
            Answers("example", DnsRecordType.Naptr));
        Assert.Equal(
            [
                new AliasRecord("alias.example", 300, "h.example"),
                new AddressRecord("h.example", DnsRecordType.A, 300, DnsWorld.Endpoint("192.0.2.7")),
            ],
            Answers("alias.example", DnsRecordType.A));
    }

    [Fact]
    public void A_missing_name_brings_the_head_of_its_zone()
    {
        Assert.True(DnsMessage.TryRead(Response("gone.example", DnsRecordType.A), out DnsMessage? message));

        Assert.Equal(DnsResponseCode.NameError, message.Code);
        Assert.Equal([new ZoneRecord("example", 3600, 60)], message.Authorities);
    }

    [Fact]
    public void A_query_is_no_response()
    {
        byte[] query = Query("h.example", DnsRecordType.A);

        Assert.False(DnsMessage.TryRead(query, out _));
    }

    [Fact]
    public void Whatever_is_cut_off_changed_or_made_up_never_throws()
    {
        byte[][] messages =
        [
            Response("alias.example", DnsRecordType.A), Response("_sip._udp.example", DnsRecordType.Srv),
            Response("example", DnsRecordType.Naptr), Response("gone.example", DnsRecordType.Aaaa),
        ];
        foreach (byte[] message in messages)
        {
            for (int length = 0; length < message.Length; length++)
            {
                Assert.False(DnsMessage.TryRead(message.AsSpan(0, length), out _), $"a prefix of {length} bytes");
            }

            for (int index = 0; index < message.Length; index++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] changed = [.. message];
                    changed[index] ^= (byte)(1 << bit);
                    _ = DnsMessage.TryRead(changed, out _);
                }
            }
        }

        Random random = new(20261124);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length > 12)
            {
                // Far enough into the message to be interesting.
                (noise[2], noise[3], noise[4], noise[5]) = (0x81, 0x80, 0, 1);
            }

            _ = DnsMessage.TryRead(noise, out _);
        }
    }

    [Fact]
    public void More_records_than_anybody_needs_are_not_kept()
    {
        DnsZone zone = new();
        for (int index = 0; index < DnsLimits.Records + 10; index++)
        {
            _ = zone.A("h.example", $"192.0.2.{index}");
        }

        Assert.True(DnsMessage.TryRead(zone.Answer(Query("h.example", DnsRecordType.A)), out DnsMessage? message));

        Assert.Equal(DnsLimits.Records, message.Answers.Count);
    }

    private static IReadOnlyList<DnsRecord> Answers(string name, DnsRecordType type) =>
        DnsMessage.TryRead(Response(name, type), out DnsMessage? message) ? message.Answers : [];

    private static byte[] Response(string name, DnsRecordType type) => new DnsZone()
        .A("h.example", "192.0.2.7")
        .Aaaa("h.example", "2001:db8::7")
        .Cname("alias.example", "h.example")
        .Srv("_sip._udp.example", 1, 2, 5070, "h.example")
        .Naptr("example", 10, 20, "s", "SIP+D2U", "_sip._udp.example")
        .Answer(Query(name, type));

    private static byte[] Query(string name, DnsRecordType type)
    {
        byte[] buffer = new byte[DnsLimits.Query];
        WireWriter writer = new(buffer);
        new DnsQuestion(name, type).Write(ref writer, 7, toServer: true, withExtension: false);
        return writer.Written.ToArray();
    }
}
