using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Tls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>A door and a PBX that speak SIP over TLS, each with connections of its own; the test carries the bytes between them.</summary>
public sealed class SecureConnectionsTests : IDisposable
{
    private static readonly NetworkEndpoint Door = NetworkEndpoint.FromIPv4(0xC0000201, 40000);
    private static readonly NetworkEndpoint Pbx = NetworkEndpoint.FromIPv4(0xC0000202, 5061);
    private static readonly SipHop ToPbx = new(SipTransport.Tls, Pbx, "pbx.example.com");

    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly List<IDisposable> _ends = [];
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1000);

    public void Dispose()
    {
        _ends.ForEach(static end => end.Dispose());
        _authority.Dispose();
    }

    [Fact]
    public void Messages_go_both_ways_on_one_connection_and_nothing_of_them_can_be_read_on_the_way()
    {
        (End door, End pbx) = Pair();

        door.Connections.Send(ToPbx, Message("first"), _now);
        door.Connections.Send(ToPbx, Message("second"), _now);
        Carry(door, pbx);
        Assert.Equal(["first", "second"], pbx.Heard.Select(static heard => heard.CallId));

        pbx.Connections.Send(pbx.Heard[0].From, Message("back"), _now);
        Carry(door, pbx);
        Assert.Equal(["back"], door.Heard.Select(static heard => heard.CallId));
        Assert.DoesNotContain("first", Encoding.Latin1.GetString([.. door.OnTheWire]), StringComparison.Ordinal);
        Assert.Equal((1, 1), (door.Connections.Count, pbx.Connections.Count));
        Assert.False(door.Connections.HasFailures);
    }

    [Fact]
    public void Messages_that_came_together_are_all_taken_though_they_fill_the_room_for_one()
    {
        (End door, End pbx) = Pair();
        string[] names = [.. Enumerable.Range(0, 8).Select(static number => $"number-{number}")];

        door.Connections.Send(ToPbx, Message("hello"), _now);
        Carry(door, pbx);
        foreach (string name in names)
        {
            door.Connections.Send(ToPbx, Message(name, bodyLength: 3000), _now);
        }

        Carry(door, pbx);
        Assert.Equal(["hello", .. names], pbx.Heard.Select(static heard => heard.CallId));
    }

    [Fact]
    public void Who_was_found_by_a_name_and_has_proven_it_is_meant_by_the_address_alone_too()
    {
        (End door, End pbx) = Pair();
        door.Connections.Send(ToPbx, Message("first"), _now);
        Carry(door, pbx);

        door.Connections.Send(ToPbx with { Domain = null }, Message("second"), _now);
        Carry(door, pbx);
        Assert.Equal(["first", "second"], pbx.Heard.Select(static heard => heard.CallId));
        Assert.Equal((1, false), (door.Connections.Count, door.Connections.HasFailures));
    }

    [Fact]
    public void Our_end_of_a_connection_is_known_before_anything_was_sent()
    {
        (End door, End pbx) = Pair();

        Assert.Equal(Door, door.Connections.LocalOf(ToPbx, _now));
        door.Connections.Send(ToPbx, Message("first"), _now);
        Carry(door, pbx);
        Assert.Equal(["first"], pbx.Heard.Select(static heard => heard.CallId));
        Assert.Equal(1, door.Connections.Count);
    }

    [Fact]
    public void A_server_that_is_somebody_else_hears_nothing_and_the_reason_is_told()
    {
        (End door, End pbx) = Pair();

        door.Connections.Send(ToPbx with { Domain = "other.example.com" }, Message("secret"), _now);
        Carry(door, pbx);

        Assert.Empty(pbx.Heard);
        Assert.Equal("192.0.2.2:5061: its certificate is for pbx.example.com, not for other.example.com", Failure(door));
        Assert.Equal("192.0.2.1:40000: it has ended the TLS connection (certificate_unknown)", Failure(pbx));
        Assert.Equal((0, 0), (door.Connections.Count, pbx.Connections.Count));
    }

    [Fact]
    public void A_literal_address_must_stand_in_the_certificate()
    {
        (End door, End pbx) = Pair();

        door.Connections.Send(ToPbx with { Domain = null }, Message("secret"), _now);
        Carry(door, pbx);

        Assert.Equal("192.0.2.2:5061: its certificate is for pbx.example.com, not for 192.0.2.2", Failure(door));
    }

    [Fact]
    public void Two_domains_at_one_address_have_connections_of_their_own()
    {
        (End door, End pbx) = Pair();

        door.Connections.Send(ToPbx, Message("first"), _now);
        door.Connections.Send(ToPbx with { Domain = "PBX.EXAMPLE.COM." }, Message("second"), _now);
        Carry(door, pbx);

        Assert.Equal(2, door.Connections.Count);
        Assert.Equal(2, pbx.Heard.Count);
    }

    [Fact]
    public void A_peer_that_does_not_speak_TLS_is_given_up()
    {
        (End door, End pbx) = Pair();
        door.Connections.Send(ToPbx, Message("secret"), _now);

        door.Ports[0].Arrive("SIP/2.0 400 Bad Request\r\n\r\n"u8.ToArray());
        Carry(door, pbx);

        Assert.StartsWith("192.0.2.2:5061: what it sends over TLS is refused", Failure(door), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_that_comes_to_no_end_is_given_up_after_8_s_here_and_after_32_s_there()
    {
        (End door, End pbx) = Pair();
        door.Connections.Send(ToPbx, Message("secret"), _now);
        pbx.Accept(_now);

        Advance(door, pbx, 8);
        Assert.Equal("192.0.2.2:5061 does not answer", Failure(door));
        Advance(door, pbx, 24);
        Assert.Equal("192.0.2.1:40000 sends no message", Failure(pbx));
    }

    [Fact]
    public void Who_connects_and_says_nothing_after_the_handshake_is_given_up_too()
    {
        (End door, End pbx) = Pair();
        door.Connections.Send(ToPbx, "\r\n\r\n"u8, _now);
        Carry(door, pbx);

        Advance(door, pbx, 32);

        Assert.Equal("192.0.2.1:40000 sends no message", Failure(pbx));
    }

    [Fact]
    public void Who_has_proven_its_name_and_asks_for_it_is_called_over_the_connection_that_it_opened()
    {
        (End door, End pbx) = Pair(doorName: "door.example.com");
        door.Connections.Send(ToPbx, Message("register", via: "192.0.2.1:5061;branch=z9hG4bK1;alias"), _now);
        Carry(door, pbx);

        pbx.Connections.Send(new SipHop(SipTransport.Tls, Door.WithPort(5061), "door.example.com"), Message("invite"), _now);
        Carry(door, pbx);

        Assert.Equal(["invite"], door.Heard.Select(static heard => heard.CallId));
        Assert.Equal(1, pbx.Connections.Count);
    }

    [Theory]
    [InlineData("door.example.com", "192.0.2.1:5061;branch=z9hG4bK1", "door.example.com")]
    [InlineData("door.example.com", "192.0.2.1:5061;branch=z9hG4bK1;alias", "house.example.com")]
    [InlineData(null, "192.0.2.1:5061;branch=z9hG4bK1;alias", "door.example.com")]
    public void Without_a_proof_of_that_name_or_without_the_wish_it_is_not(string? doorName, string via, string wanted)
    {
        (End door, End pbx) = Pair(doorName);
        door.Connections.Send(ToPbx, Message("register", via: via), _now);
        Carry(door, pbx);

        pbx.Connections.Send(new SipHop(SipTransport.Tls, Door.WithPort(5061), wanted), Message("invite"), _now);
        Carry(door, pbx);

        Assert.Equal(2, pbx.Ports.Count);
    }

    [Fact]
    public void Who_closes_tells_it_and_the_last_message_still_arrives()
    {
        (End door, End pbx) = Pair();
        door.Connections.Send(ToPbx, Message("first"), _now);
        Carry(door, pbx);

        door.Connections.Send(ToPbx, Message("last"), _now);
        door.Connections.Dispose();
        Carry(door, pbx);

        Assert.Equal(["first", "last"], pbx.Heard.Select(static heard => heard.CallId));
        Assert.Equal("192.0.2.1:40000 has closed the connection", Failure(pbx));
    }

    private static string Failure(End end)
    {
        Assert.True(end.Connections.TryTakeFailure(out ConnectionFailure failure));
        return failure.Problem;
    }

    private static byte[] Message(string callId, int bodyLength = 0, string via = "192.0.2.1:5061;branch=z9hG4bK1") => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:pbx.example.com SIP/2.0\r\nVia: SIP/2.0/TLS {via}\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\n"
        + $"Call-ID: {callId}\r\nCSeq: 1 OPTIONS\r\nContent-Length: {bodyLength}\r\n\r\n" + new string('x', bodyLength));

    private (End Door, End Pbx) Pair(string? doorName = null)
    {
        TlsSettings door = TlsPair.Settings(_authority.Anchors, doorName is null ? null : _authority.IssueIdentity(doorName), seed: 1);
        TlsSettings pbx = TlsPair.Settings(_authority.Anchors, _authority.IssueIdentity("pbx.example.com"), seed: 2);
        End client = new(door);
        End server = new(pbx);
        client.Peer = server;
        server.Peer = client;
        _ends.AddRange([client, server]);
        return (client, server);
    }

    private void Advance(End door, End pbx, double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        door.Connections.Advance(_now);
        pbx.Connections.Advance(_now);
    }

    private void Carry(End door, End pbx)
    {
        for (int round = 0; round < 100; round++)
        {
            door.Turn(_now);
            pbx.Turn(_now);
        }
    }

    /// <summary>One side: its connections, and the ports under them.</summary>
    private sealed class End : IStreamPorts, IDisposable
    {
        private readonly Queue<PipeEnd> _waiting = new();

        public End(TlsSettings tls) => Connections = new SipConnections(this, tls)
        {
            UnixTimeOffset = TestAuthority.Now * 1_000_000_000,
        };

        public SipConnections Connections { get; }

        public Dictionary<int, PipeEnd> Ports { get; } = [];

        public List<(string CallId, SipHop From)> Heard { get; } = [];

        public List<byte> OnTheWire { get; } = [];

        public End? Peer { get; set; }

        public IStreamConnection? Connect(NetworkEndpoint remote, int slot, out string? problem)
        {
            problem = null;
            PipeEnd ours = new(remote, OnTheWire) { LocalEndpoint = Door };
            PipeEnd theirs = new(Door, []);
            (ours.Other, theirs.Other) = (theirs, ours);
            Peer!._waiting.Enqueue(theirs);
            return Ports[slot] = ours;
        }

        public IStreamConnection? Accept(SipTransport transport, int slot) =>
            _waiting.TryDequeue(out PipeEnd? port) ? Ports[slot] = port : null;

        public void Accept(Instant now) => Connections.Accept(SipTransport.Tls, now);

        public void Turn(Instant now)
        {
            Accept(now);
            foreach (int slot in Ports.Keys.ToArray())
            {
                Serve(slot, now);
            }

            while (Connections.HasWork)
            {
                Serve(Connections.Work(), now);
            }
        }

        public void Dispose() => Connections.Dispose();

        private void Serve(int slot, Instant now)
        {
            Connections.Serve(slot, now);
            while (Connections.TryTake(slot, now, out ReadOnlySpan<byte> bytes, out SipHop from))
            {
                Assert.Equal(SipReading.Message, SipMessageReader.Read(bytes, out SipMessage message, out _));
                Heard.Add((Encoding.ASCII.GetString(message.CallId), from));
            }
        }
    }

    /// <summary>One end of a pipe; the other is in the other side's hands.</summary>
    private sealed class PipeEnd(NetworkEndpoint remote, List<byte> wire) : IStreamConnection
    {
        private readonly List<byte> _arrived = [];
        private bool _ended;

        public PipeEnd? Other { get; set; }

        public NetworkEndpoint LocalEndpoint { get; init; }

        public NetworkEndpoint RemoteEndpoint => remote;

        public StreamState State { get; private set; } = StreamState.Open;

        public string? Problem => null;

        public bool IsPeerDone { get; private set; }

        public int Queued => 0;

        public void Arrive(ReadOnlySpan<byte> bytes) => _arrived.AddRange(bytes);

        public int Receive(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, _arrived.Count);
            _arrived.GetRange(0, count).ToArray().CopyTo(buffer);
            _arrived.RemoveRange(0, count);
            IsPeerDone = _ended && count == 0;
            return count;
        }

        public bool TrySend(ReadOnlySpan<byte> bytes)
        {
            wire.AddRange(bytes);
            Other!.Arrive(bytes);
            return true;
        }

        public void FinishSending()
        {
        }

        public void Dispose()
        {
            State = StreamState.Closed;
            Other!._ended = true;
        }
    }
}
