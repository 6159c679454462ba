using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>TCP connections of the real kernel, on loopback.</summary>
public sealed class StreamConnectionTests : IDisposable
{
    private const int ListenerToken = 1;
    private const int OurToken = 2;
    private const int TheirToken = 3;

    private readonly Machine _machine = new();
    private readonly byte[] _buffer = new byte[100_000];

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_go_both_ways(bool isIPv6)
    {
        (IStreamConnection ours, IStreamConnection theirs) = Pair(isIPv6 ? MachineDouble.LoopbackV6 : MachineDouble.Loopback);
        Assert.Equal(ours.LocalEndpoint, theirs.RemoteEndpoint);
        Assert.Equal(theirs.LocalEndpoint, ours.RemoteEndpoint);

        Assert.True(ours.TrySend("question"u8));
        Assert.Equal("question", Await(theirs, TheirToken));
        Assert.True(theirs.TrySend("answer"u8));
        Assert.Equal("answer", Await(ours, OurToken));
        Assert.Empty(MachineDouble.Look(_machine));
        End(ours, theirs);
    }

    [Fact]
    public void What_is_sent_before_the_connection_is_open_waits()
    {
        using IStreamListener listener = Listen(MachineDouble.Loopback);
        using IStreamConnection ours = Connect(listener.LocalEndpoint);
        Assert.Equal(StreamState.Connecting, ours.State);
        Assert.True(ours.TrySend("early"u8));
        using IStreamConnection theirs = Accept(listener);
        WaitUntil(() => ours.State == StreamState.Open, ours, OurToken);
        Assert.Equal("early", Await(theirs, TheirToken));
    }

    [Fact]
    public void Nobody_at_the_port_is_a_refusal_in_words()
    {
        NetworkEndpoint nobody;
        using (IStreamListener listener = Listen(MachineDouble.Loopback))
        {
            nobody = listener.LocalEndpoint;
        }

        using IStreamConnection ours = Connect(nobody);
        WaitUntil(() => ours.State == StreamState.Closed, ours, OurToken);
        Assert.Equal($"cannot connect to {nobody}: connection refused", ours.Problem);
        Assert.False(ours.TrySend("late"u8));
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void A_half_close_comes_behind_the_last_byte_and_leaves_the_other_half()
    {
        (IStreamConnection ours, IStreamConnection theirs) = Pair(MachineDouble.Loopback);
        Assert.True(ours.TrySend("last"u8));
        ours.FinishSending();
        Assert.False(ours.TrySend("later"u8));
        Assert.Equal("last", Await(theirs, TheirToken));
        WaitUntil(() => theirs.IsPeerDone, theirs, TheirToken);
        Assert.Equal(StreamState.Open, theirs.State);
        Assert.Empty(MachineDouble.Look(_machine));
        Assert.True(theirs.TrySend("reply"u8));
        Assert.Equal("reply", Await(ours, OurToken));
        End(ours, theirs);
    }

    [Fact]
    public void A_reset_closes_the_connection_in_words()
    {
        using IStreamListener listener = Listen(MachineDouble.Loopback);
        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(IPAddress.Loopback, listener.LocalEndpoint.Port);
        using IStreamConnection theirs = Accept(listener);
        peer.LingerState = new LingerOption(true, 0);
        peer.Close();
        WaitUntil(() => theirs.State == StreamState.Closed, theirs, TheirToken);
        Assert.EndsWith("broke: the peer broke the connection off", theirs.Problem);
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void A_peer_that_does_not_read_fills_a_bounded_queue_and_gets_all_of_it_when_it_does()
    {
        (IStreamConnection ours, IStreamConnection theirs) = Pair(MachineDouble.Loopback);
        byte[] block = [.. Enumerable.Range(0, 20_000).Select(index => (byte)index)];
        int sent = 0;
        while (ours.TrySend(block))
        {
            sent += block.Length;
            Assert.True(sent < 100_000_000, "The queue has no bound.");
        }

        Assert.InRange(ours.Queued, 1, StreamSettings.QueueBytes);
        int received = 0;
        while (received < sent)
        {
            foreach (Readiness ready in MachineDouble.WaitForPorts(_machine))
            {
                IStreamConnection connection = ready.Token == OurToken ? ours : theirs;
                int count = connection.Receive(_buffer);
                for (int index = 0; index < count; index++)
                {
                    Assert.Equal((byte)((received + index) % block.Length), _buffer[index]);
                }

                received += count;
            }
        }

        Assert.Equal(0, ours.Queued);
        Assert.Empty(MachineDouble.Look(_machine));
        End(ours, theirs);
    }

    [Fact]
    public void A_port_in_use_is_a_failure_in_words()
    {
        using IStreamListener listener = Listen(MachineDouble.Loopback);
        Assert.Null(_machine.OpenStreamListener(listener.LocalEndpoint, default, out string? problem));
        Assert.Equal($"cannot listen at {listener.LocalEndpoint} for TCP: address already in use", problem);
    }

    [Fact]
    public void Ends_can_be_asked_for_twice()
    {
        (IStreamConnection ours, IStreamConnection theirs) = Pair(MachineDouble.Loopback);
        ours.Dispose();
        ours.Dispose();
        Assert.Equal(StreamState.Closed, ours.State);
        theirs.Dispose();
    }

    private static void End(IStreamConnection ours, IStreamConnection theirs)
    {
        ours.Dispose();
        theirs.Dispose();
    }

    private (IStreamConnection Ours, IStreamConnection Theirs) Pair(NetworkEndpoint at)
    {
        using IStreamListener listener = Listen(at);
        IStreamConnection ours = Connect(listener.LocalEndpoint);
        IStreamConnection theirs = Accept(listener);
        WaitUntil(() => ours.State == StreamState.Open, ours, OurToken);
        return (ours, theirs);
    }

    private IStreamListener Listen(NetworkEndpoint at)
    {
        Readiness readiness = new(ServiceClass.Signalling, ListenerToken);
        IStreamListener? listener = _machine.OpenStreamListener(at, readiness, out string? problem);
        Assert.Null(problem);
        return Assert.IsAssignableFrom<IStreamListener>(listener);
    }

    private IStreamConnection Connect(NetworkEndpoint to)
    {
        IStreamConnection? ours = _machine.ConnectStream(to, new Readiness(ServiceClass.Signalling, OurToken), out string? problem);
        Assert.Null(problem);
        return Assert.IsAssignableFrom<IStreamConnection>(ours);
    }

    private IStreamConnection Accept(IStreamListener listener)
    {
        while (true)
        {
            _ = MachineDouble.WaitForPorts(_machine);
            if (listener.Accept(new Readiness(ServiceClass.Signalling, TheirToken)) is { } theirs)
            {
                return theirs;
            }
        }
    }

    private void WaitUntil(Func<bool> holds, IStreamConnection connection, int token)
    {
        while (!holds())
        {
            if (MachineDouble.WaitForPorts(_machine).Any(ready => ready.Token == token))
            {
                _ = connection.Receive(_buffer);
            }
        }
    }

    private string Await(IStreamConnection connection, int token)
    {
        Assert.Contains(MachineDouble.WaitForPorts(_machine), ready => ready.Token == token);
        return System.Text.Encoding.ASCII.GetString(_buffer, 0, connection.Receive(_buffer));
    }
}
