using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Which connection a message goes on, which are kept, and how a dead one is found.</summary>
public sealed class ConnectionsTests : IStreamPorts, IDisposable
{
    private static readonly NetworkEndpoint Carol = NetworkEndpoint.FromIPv4(0xC0000209, 5060);
    private static readonly SipHop ToCarol = new(SipTransport.Tcp, Carol);

    private readonly SipConnections _connections;
    private readonly Dictionary<int, StreamDouble> _ports = [];
    private readonly Queue<StreamDouble> _waiting = new();
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1000);

    public ConnectionsTests() => _connections = new SipConnections(this);

    IStreamConnection? IStreamPorts.Connect(NetworkEndpoint remote, int slot, out string? problem)
    {
        problem = null;
        return _ports[slot] = new StreamDouble(remote, StreamState.Connecting);
    }

    IStreamConnection? IStreamPorts.Accept(SipTransport transport, int slot) =>
        _waiting.TryDequeue(out StreamDouble? port) ? _ports[slot] = port : null;

    public void Dispose() => _connections.Dispose();

    [Fact]
    public void A_second_message_goes_on_the_same_connection()
    {
        _connections.Send(ToCarol, "one"u8, _now);
        _connections.Send(ToCarol, "two"u8, _now);
        Assert.Equal("onetwo", Assert.Single(_ports.Values).Sent);
    }

    [Fact]
    public void A_response_goes_on_the_connection_of_its_request_and_on_a_new_one_when_that_is_gone()
    {
        StreamDouble port = Accept(Carol.WithPort(40000));
        port.Arrive(SipScript.Invite());
        _connections.Serve(0, _now);
        Assert.True(_connections.TryTake(0, _now, out _, out SipHop from));
        SipHop back = from.WithPort(5060);

        _connections.Send(back, "response"u8, _now);
        Assert.Equal("response", port.Sent);

        port.End();
        Serve(0);
        _connections.Send(back, "again"u8, _now);
        Assert.Equal((Carol, "again"), (_ports[0].RemoteEndpoint, _ports[0].Sent));
    }

    [Fact]
    public void A_ping_is_answered_by_one_line_end()
    {
        StreamDouble port = Accept(Carol);
        port.Arrive("\r\n\r\n");
        Serve(0);
        Assert.Equal("\r\n", port.Sent);
    }

    [Fact]
    public void Who_answered_a_ping_and_then_does_not_is_dead_within_10_s()
    {
        StreamDouble port = Connect();
        Advance(95);
        Assert.Equal("\r\n\r\n", port.Sent);
        port.Arrive("\r\n");
        Serve(0);
        Advance(95);
        Assert.Equal("\r\n\r\n\r\n\r\n", port.Sent);
        Advance(9);
        Assert.Equal(1, _connections.Count);
        Advance(1);
        Assert.Equal("192.0.2.9:5060 does not answer any more", Failure());
        Assert.True(port.IsDisposed);
    }

    [Fact]
    public void Who_knows_no_pings_is_not_taken_for_dead()
    {
        StreamDouble port = Connect();
        Advance(95 * 20);
        Assert.Equal(1, _connections.Count);
        Assert.False(port.IsDisposed);
    }

    [Fact]
    public void Who_does_not_answer_is_given_up_after_8_s()
    {
        _connections.Send(ToCarol, "one"u8, _now);
        Advance(7.9);
        Assert.Equal(1, _connections.Count);
        Advance(0.1);
        Assert.Equal("192.0.2.9:5060 does not answer", Failure());
    }

    [Fact]
    public void A_refusal_is_told_with_its_reason()
    {
        _connections.Send(ToCarol, "one"u8, _now);
        _ports[0].Break("cannot connect to 192.0.2.9:5060: connection refused");
        Serve(0);
        Assert.Equal("cannot connect to 192.0.2.9:5060: connection refused", Failure());
    }

    [Fact]
    public void Who_asks_for_TLS_is_not_spoken_to_in_the_clear()
    {
        _connections.Send(ToCarol with { Transport = SipTransport.Tls }, "secret"u8, _now);

        Assert.Empty(_ports);
        Assert.Equal("TLS is not spoken here: there is no [sip.tls]", Failure());
    }

    [Fact]
    public void A_stream_that_is_no_SIP_is_closed_and_counted()
    {
        StreamDouble port = Accept(Carol);
        port.Arrive("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
        Serve(0);
        Assert.True(port.IsDisposed);
        Assert.Equal(1, _connections.Dropped(SipDropReason.NotSip));
        Assert.Equal("192.0.2.9:5060 sends what is no SIP (NotSip)", Failure());
    }

    [Fact]
    public void A_message_that_does_not_become_whole_is_waited_for_32_s()
    {
        StreamDouble port = Accept(Carol);
        port.Arrive("INVITE sip:bob@192.0.2.2 SIP/2.0\r\n");
        Serve(0);
        Advance(31.9);
        Assert.False(port.IsDisposed);
        Advance(0.1);
        Assert.True(port.IsDisposed);
    }

    [Fact]
    public void The_last_messages_of_who_closes_are_taken()
    {
        StreamDouble port = Accept(Carol);
        port.Arrive(SipScript.Invite() + SipScript.Invite());
        port.End();
        _connections.Serve(0, _now);
        Assert.True(_connections.TryTake(0, _now, out _, out _));
        Assert.True(_connections.TryTake(0, _now, out _, out _));
        Assert.False(_connections.TryTake(0, _now, out _, out _));
        Serve(0);
        Assert.Equal(0, _connections.Count);
    }

    [Fact]
    public void One_address_has_its_share_of_connections_and_all_together_are_bounded()
    {
        for (int index = 0; index < 100; index++)
        {
            _ = Accept(Carol.WithPort((ushort)(40000 + index)));
        }

        Assert.Equal(SipLimits.ConnectionsPerAddress, _connections.Count);
        Assert.Equal(40099, _ports.Values.Where(port => !port.IsDisposed).Max(port => port.RemoteEndpoint.Port));

        for (uint index = 0; index < 100; index++)
        {
            _ = Accept(NetworkEndpoint.FromIPv4(0xC6336400 + index, 5060));
        }

        Assert.Equal(SipLimits.Connections, _connections.Count);
        _connections.Send(ToCarol, "one"u8, _now);
        Assert.Equal(SipLimits.Connections, _connections.Count);
        _ = Assert.Single(_ports.Values, port => port.Sent == "one");
    }

    [Fact]
    public void Who_does_not_read_loses_the_connection()
    {
        StreamDouble port = Connect();
        port.IsFull = true;
        _connections.Send(ToCarol, "one"u8, _now);
        Assert.Equal("192.0.2.9:5060 does not read what it is sent", Failure());
    }

    private StreamDouble Accept(NetworkEndpoint remote)
    {
        StreamDouble port = new(remote, StreamState.Open);
        _waiting.Enqueue(port);
        _connections.Accept(SipTransport.Tcp, _now);
        return port;
    }

    private StreamDouble Connect()
    {
        _connections.Send(ToCarol, default, _now);
        _ports[0].Open();
        Serve(0);
        return _ports[0];
    }

    private void Serve(int slot)
    {
        _connections.Serve(slot, _now);
        while (_connections.TryTake(slot, _now, out _, out _))
        {
        }
    }

    private void Advance(double seconds)
    {
        Instant end = _now + TimeSpan.FromSeconds(seconds);
        for (Instant next = _connections.WakeAt; next <= end; next = _connections.WakeAt)
        {
            _now = next > _now ? next : _now;
            _connections.Advance(_now);
        }

        _now = end;
    }

    private string Failure()
    {
        Assert.True(_connections.TryTakeFailure(out ConnectionFailure failure));
        return failure.Problem;
    }

    /// <summary>A connection whose other end is the test.</summary>
    private sealed class StreamDouble(NetworkEndpoint remote, StreamState state) : IStreamConnection
    {
        private readonly List<byte> _arrived = [];
        private bool _opens;
        private bool _ends;
        private string? _broken;

        public string Sent { get; private set; } = "";

        public bool IsFull { get; set; }

        public bool IsDisposed { get; private set; }

        public NetworkEndpoint LocalEndpoint => default;

        public NetworkEndpoint RemoteEndpoint => remote;

        public StreamState State { get; private set; } = state;

        public string? Problem { get; private set; }

        public bool IsPeerDone { get; private set; }

        public int Queued => 0;

        public void Arrive(string text) => _arrived.AddRange(Encoding.UTF8.GetBytes(text));

        public void Open() => _opens = true;

        public void End() => _ends = true;

        public void Break(string why) => _broken = why;

        public int Receive(Span<byte> buffer)
        {
            State = _opens ? StreamState.Open : State;
            if (_broken is not null)
            {
                (State, Problem) = (StreamState.Closed, _broken);
            }

            int count = Math.Min(buffer.Length, _arrived.Count);
            _arrived.GetRange(0, count).ToArray().CopyTo(buffer);
            _arrived.RemoveRange(0, count);
            IsPeerDone = _ends && count == 0;
            return count;
        }

        public bool TrySend(ReadOnlySpan<byte> bytes)
        {
            Sent += IsFull ? "" : Encoding.UTF8.GetString(bytes);
            return !IsFull;
        }

        public void FinishSending()
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
