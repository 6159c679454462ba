using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>
/// A hello as a current browser sends it: DTLS 1.3 beside 1.2, suites, groups and extensions that only test tolerance (RFC 8701), and
/// a post-quantum key share that makes it too long for one datagram.
/// </summary>
public sealed class BrowserHelloTests
{
    private static readonly byte[] Suites =
        [0x0A, 0x0A, 0x13, 0x01, 0x13, 0x03, 0xC0, 0x2B, 0xCC, 0xA9, 0xC0, 0x2F, 0xC0, 0x09, 0x00, 0x2F];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_datagrams_in_either_order_make_one_hello(bool inOrder)
    {
        using DtlsPair pair = new();
        List<byte[]> datagrams = Split(Hello([0xFEFC, 0xFEFD]), 1100);
        Assert.Equal(2, datagrams.Count);
        if (!inOrder)
        {
            datagrams.Reverse();
        }

        pair.Deliver(DtlsRole.Server, datagrams[0]);
        Assert.Equal(DtlsState.New, pair.Server.Endpoint.State);
        Assert.Empty(pair.Sent);
        pair.Deliver(DtlsRole.Server, datagrams[1]);

        Assert.Equal(DtlsState.Handshaking, pair.Server.Endpoint.State);
        Assert.Equal(DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, pair.Server.Endpoint.CipherSuite);
        Assert.True(pair.Server.Endpoint.ExtendedMasterSecret);
        Assert.NotEmpty(pair.Sent);
        Assert.Equal(0, pair.Server.Endpoint.Dropped.Total);
    }

    [Fact]
    public void A_path_that_nobody_named_is_asked_for_a_cookie_once_the_hello_is_whole()
    {
        using DtlsPair pair = new(trust: false);
        List<byte[]> datagrams = Split(Hello([0xFEFC, 0xFEFD]), 1100);

        pair.Deliver(DtlsRole.Server, datagrams[0]);
        Assert.Empty(pair.Sent);
        pair.Deliver(DtlsRole.Server, datagrams[1]);

        Assert.Equal((byte)HandshakeType.HelloVerifyRequest, Assert.Single(pair.Sent).Bytes[RecordHeader.Length]);
    }

    [Fact]
    public void DTLS_1_3_alone_is_refused()
    {
        using DtlsPair pair = new();
        foreach (byte[] datagram in Split(Hello([0xFEFC]), 1100))
        {
            pair.Deliver(DtlsRole.Server, datagram);
        }

        Assert.Equal(DtlsFailure.UnsupportedVersion, pair.Server.Failure);
        Assert.Equal(DtlsAlert.ProtocolVersion, pair.Server.Alert);
    }

    private static byte[] Hello(ushort[] versions)
    {
        byte[] body = new byte[2000];
        WireWriter writer = new(body);
        writer.WriteUInt16(ProtocolVersion.Dtls12);
        writer.Reserve(32).Fill(7);
        writer.Write([0, 0, 0, (byte)Suites.Length]);
        writer.Write(Suites);
        writer.Write([1, 0]);
        int extensions = writer.BeginLength16();
        WriteExtension(ref writer, 0x1A1A, []);
        WriteExtension(ref writer, 10, [0, 10, 0x2A, 0x2A, 0x11, 0xEC, 0, 29, 0, 23, 0, 24]);
        WriteExtension(ref writer, 11, [1, 0]);
        WriteExtension(ref writer, 13, [0, 8, 4, 3, 8, 4, 4, 1, 5, 3]);
        WriteExtension(ref writer, 14, [0, 4, 0, 7, 0, 1, 0]);
        WriteExtension(ref writer, 23, []);
        WriteExtension(ref writer, 0xFF01, [0]);
        WriteExtension(ref writer, 43, [(byte)(2 * versions.Length), .. versions.SelectMany(v => new[] { (byte)(v >> 8), (byte)v })]);
        WriteExtension(ref writer, 51, new byte[1264]);
        WriteExtension(ref writer, 0x3A3A, [0]);
        writer.EndLength16(extensions);
        return writer.Written.ToArray();
    }

    private static void WriteExtension(ref WireWriter writer, ushort type, byte[] data)
    {
        writer.WriteUInt16(type);
        writer.WriteUInt16((ushort)data.Length);
        writer.Write(data);
    }

    private static List<byte[]> Split(byte[] body, int fragmentLength)
    {
        List<byte[]> datagrams = [];
        for (int offset = 0; offset < body.Length; offset += fragmentLength)
        {
            int length = Math.Min(fragmentLength, body.Length - offset);
            byte[] datagram = new byte[RecordHeader.Length + HandshakeFragment.HeaderLength + length];
            WireWriter writer = new(datagram);
            RecordHeader header = new(ContentType.Handshake, ProtocolVersion.Dtls10, 0, (ulong)datagrams.Count);
            header.Write(ref writer, HandshakeFragment.HeaderLength + length);
            HandshakeFragment.WriteHeader(ref writer, HandshakeType.ClientHello, body.Length, 0, offset, length);
            writer.Write(body.AsSpan(offset, length));
            datagrams.Add(datagram);
        }

        return datagrams;
    }
}
