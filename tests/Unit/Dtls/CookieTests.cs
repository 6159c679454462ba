using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class CookieTests
{
    private static readonly TransportPath Stranger = new(0x0A00_0063, 4000);

    [Theory]
    [InlineData(1200)]
    [InlineData(128)]
    public void A_path_that_nobody_named_is_asked_for_a_cookie_first(int maximumDatagram)
    {
        using DtlsPair pair = new(client => client with { MaximumDatagram = maximumDatagram }, trust: false);
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(0, pair.Server.Endpoint.Dropped.Total);
        LinkDatagram request = pair.Sent.Find(datagram => datagram.Sender == DtlsRole.Server)!;
        Assert.Equal((byte)HandshakeType.HelloVerifyRequest, request.Bytes[RecordHeader.Length]);
        Assert.True(request.Bytes.Length < pair.Sent[0].Bytes.Length);
    }

    [Fact]
    public void A_path_that_signalling_named_needs_no_cookie()
    {
        using DtlsPair pair = new(trust: true);
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(0, pair.Server.Endpoint.Dropped.Total);
    }

    [Fact]
    public void A_cookie_is_good_for_its_own_path_only()
    {
        using DtlsPair pair = new(trust: false);
        _ = pair.Start();
        Assert.True(pair.RunUntil(() => pair.Sent.Count == 3));
        byte[] helloWithCookie = pair.Sent[2].Bytes;

        pair.Deliver(DtlsRole.Server, helloWithCookie, Stranger);

        Assert.Equal(DtlsState.New, pair.Server.Endpoint.State);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.NoCookie]);
    }

    [Fact]
    public void A_cookie_is_good_for_its_own_hello_only()
    {
        using DtlsPair pair = new(trust: false);
        _ = pair.Start();
        Assert.True(pair.RunUntil(() => pair.Sent.Count == 3));
        byte[] hello = (byte[])pair.Sent[2].Bytes.Clone();
        hello[RecordHeader.Length + HandshakeFragment.HeaderLength + 5] ^= 1;

        pair.Deliver(DtlsRole.Server, hello);

        Assert.Equal(DtlsState.New, pair.Server.Endpoint.State);
    }

    [Fact]
    public void The_request_for_a_cookie_keeps_nothing_and_repeats_the_hellos_record_number()
    {
        // RFC 6347 section 4.2.1
        using DtlsPair pair = new(trust: false);
        List<(byte[] Bytes, TransportPath Path)> replies = [];
        using DtlsSide client = new(DtlsRole.Client, DtlsPair.Settings(pair.Server.Identity, 77), DtlsPair.ClientPath);
        byte[] hello = [];
        client.Endpoint.Start(DtlsPair.ServerPath, pair.Now);
        client.Drain(pair.Now, (bytes, _) => hello = bytes);

        for (int number = 0; number < 50; number++)
        {
            byte[] copy = (byte[])hello.Clone();
            copy[10] = (byte)number;
            pair.Server.Endpoint.Receive(copy, new TransportPath((UInt128)number, 9), pair.Now);
            pair.Server.Drain(pair.Now, (bytes, path) => replies.Add((bytes, path)));
        }

        Assert.Equal(50, replies.Count);
        Assert.Equal(42, replies[42].Bytes[10]);
        Assert.Equal((UInt128)42, replies[42].Path.Address);
        Assert.Equal(DtlsState.New, pair.Server.Endpoint.State);
        Assert.Equal(Instant.Never, pair.Server.WakeAt);
    }

    [Fact]
    public void A_hello_from_elsewhere_does_not_disturb_a_handshake_that_runs()
    {
        using DtlsPair pair = new(trust: false);
        _ = pair.Start();
        Assert.True(pair.RunUntil(() => pair.Server.Endpoint.State == DtlsState.Handshaking));

        int sent = pair.Sent.Count;
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes, Stranger);
        pair.Deliver(DtlsRole.Server, pair.Sent[2].Bytes, Stranger);
        Assert.Equal(sent, pair.Sent.Count);
        Assert.Equal(2, pair.Server.Endpoint.Dropped[DtlsDropReason.WrongPath]);

        _ = pair.Run();
        Assert.True(pair.AreConnected);
    }

    [Fact]
    public void Strangers_with_half_a_hello_do_not_keep_the_named_peer_out()
    {
        using DtlsPair pair = new(client => client with { MaximumDatagram = 128 });
        List<byte[]> parts = [];
        pair.Weather = datagram =>
        {
            parts.Add(datagram.Bytes);
            return [];
        };
        _ = pair.Start();
        Assert.True(parts.Count >= 2);

        pair.Deliver(DtlsRole.Server, parts[0]);
        for (int stranger = 0; stranger < 100; stranger++)
        {
            pair.Deliver(DtlsRole.Server, parts[0], new TransportPath((UInt128)stranger, 1));
        }

        foreach (byte[] part in parts.ToArray().AsSpan(1))
        {
            pair.Deliver(DtlsRole.Server, part);
        }

        Assert.Equal(DtlsState.Handshaking, pair.Server.Endpoint.State);
    }

    [Fact]
    public void One_address_with_many_ports_drives_out_nobody_but_itself()
    {
        using DtlsPair pair = new(client => client with { MaximumDatagram = 128 }, trust: false);
        List<byte[]> parts = [];
        pair.Weather = datagram =>
        {
            parts.Add(datagram.Bytes);
            return [];
        };
        _ = pair.Start();
        Assert.True(parts.Count >= 2);

        pair.Deliver(DtlsRole.Server, parts[0]);
        for (ushort port = 1; port <= 1000; port++)
        {
            pair.Deliver(DtlsRole.Server, parts[0], Stranger with { Port = port });
        }

        foreach (byte[] part in parts.ToArray().AsSpan(1))
        {
            pair.Deliver(DtlsRole.Server, part);
        }

        // The hello was put together: it is asked for a cookie.
        Assert.Equal((byte)HandshakeType.HelloVerifyRequest, pair.Sent[^1].Bytes[RecordHeader.Length]);
    }

    [Fact]
    public void A_late_copy_of_the_first_hello_does_not_begin_a_handshake_that_the_client_does_not_count_with()
    {
        using DtlsPair pair = new(trust: false);
        _ = pair.Start();
        Assert.True(pair.RunUntil(() => pair.Sent.Count == 2));

        pair.Server.Endpoint.TrustPath(DtlsPair.ClientPath);
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes);
        Assert.Equal(DtlsState.New, pair.Server.Endpoint.State);

        _ = pair.Run();
        Assert.True(pair.AreConnected);
    }
}
