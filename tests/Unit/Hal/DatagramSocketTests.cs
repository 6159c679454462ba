using System;
using System.Linq;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>Against the real kernel, on loopback.</summary>
public sealed class DatagramSocketTests : IDisposable
{
    private readonly Machine _machine = new();
    private readonly DatagramBatch _batch = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Carries_datagrams_in_order_with_their_sender(bool ipv6)
    {
        NetworkEndpoint local = ipv6 ? MachineDouble.LoopbackV6 : MachineDouble.Loopback;
        using IDatagramSocket sender = MachineDouble.OpenSocket(_machine, local, 1);
        using IDatagramSocket receiver = MachineDouble.OpenSocket(_machine, local, 2);
        sender.Send("one"u8, receiver.LocalEndpoint);
        sender.Send(""u8, receiver.LocalEndpoint);
        sender.Send("three"u8, receiver.LocalEndpoint);

        sender.Flush();

        Assert.Equal([new Readiness(ServiceClass.Media, 2)], MachineDouble.WaitForPorts(_machine));
        Assert.Equal(3, receiver.Receive(_batch));
        Assert.True(_batch[0].SequenceEqual("one"u8));
        Assert.True(_batch[1].IsEmpty);
        Assert.True(_batch[2].SequenceEqual("three"u8));
        Assert.Equal(sender.LocalEndpoint, _batch.Sender(0));
        Assert.Equal(sender.LocalEndpoint, _batch.Sender(2));
        Assert.Equal(0, receiver.Receive(_batch));
        Assert.Equal(0, sender.SendFailures);
    }

    [Fact]
    public void A_socket_takes_over_the_memory_of_one_that_has_closed()
    {
        MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 1).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();

        MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 1).Dispose();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, SendQueue.CapacityBytes - 1);
    }

    [Fact]
    public void The_memory_of_closed_sockets_is_kept_up_to_a_bound()
    {
        SendQueuePool pool = new();
        for (int closed = 0; closed <= SendQueuePool.Capacity; closed++)
        {
            pool.GiveBack(new SendQueue());
        }

        Assert.Equal(SendQueuePool.Capacity, pool.Free);
    }

    [Fact]
    public void The_unspecified_IPv6_address_serves_IPv4_too_and_a_peer_looks_the_same_through_both()
    {
        using IDatagramSocket both = MachineDouble.OpenSocket(_machine, new NetworkEndpoint(UInt128.Zero, 0), 1);
        using IDatagramSocket peer = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 2);

        peer.Send("to you"u8, MachineDouble.Loopback.WithPort(both.LocalEndpoint.Port));
        peer.Flush();

        _ = MachineDouble.WaitForPorts(_machine);
        Assert.Equal(1, both.Receive(_batch));
        Assert.Equal(peer.LocalEndpoint, _batch.Sender(0));
        both.Send("and back"u8, _batch.Sender(0));
        both.Flush();
        _ = MachineDouble.WaitForPorts(_machine);
        Assert.Equal(1, peer.Receive(_batch));
        Assert.True(_batch[0].SequenceEqual("and back"u8));
    }

    [Fact]
    public void A_full_batch_leaves_the_socket_ready()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        for (int number = 0; number < DatagramBatch.Capacity + 1; number++)
        {
            socket.Send([(byte)number], socket.LocalEndpoint);
        }

        socket.Flush();

        Assert.Equal(DatagramBatch.Capacity, socket.Receive(_batch));
        _ = Assert.Single(MachineDouble.Look(_machine));
        Assert.Equal(1, socket.Receive(_batch));
        Assert.Equal(DatagramBatch.Capacity, _batch[0][0]);
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void A_full_queue_leaves_before_the_flush()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        for (int number = 0; number < SendQueue.Capacity; number++)
        {
            socket.Send([(byte)number], socket.LocalEndpoint);
        }

        Assert.Equal(0, socket.Receive(_batch));
        socket.Send([(byte)SendQueue.Capacity], socket.LocalEndpoint);

        Assert.Equal(SendQueue.Capacity, socket.Receive(_batch));
        socket.Flush();
        Assert.Equal(1, socket.Receive(_batch));
    }

    [Fact]
    public void A_queue_full_of_bytes_leaves_before_the_flush()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        byte[] large = new byte[DatagramBatch.DatagramSize];
        int fitting = SendQueue.CapacityBytes / large.Length;
        for (int number = 0; number <= fitting; number++)
        {
            socket.Send(large, socket.LocalEndpoint);
        }

        Assert.Equal(fitting, socket.Receive(_batch));
        Assert.Equal(large.Length, _batch[0].Length);
    }

    [Fact]
    public void A_datagram_that_is_too_long_is_dropped_and_the_next_one_arrives()
    {
        using DatagramSocket socket = (DatagramSocket)MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        socket.Send(new byte[DatagramBatch.DatagramSize + 1], socket.LocalEndpoint);
        socket.Send("short"u8, socket.LocalEndpoint);
        socket.Flush();

        Assert.Equal(1, socket.Receive(_batch));

        Assert.True(_batch[0].SequenceEqual("short"u8));
        Assert.Equal(1, socket.OversizeDatagrams);
    }

    [Fact]
    public void A_port_in_use_is_named_in_words()
    {
        using IDatagramSocket first = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);

        Readiness readiness = new(ServiceClass.Media, 2);
        IDatagramSocket? second = _machine.OpenDatagramSocket(first.LocalEndpoint, readiness, out string? problem);

        Assert.Null(second);
        Assert.Equal($"cannot bind {first.LocalEndpoint}: address already in use", problem);
    }

    [Fact]
    public void An_address_of_another_machine_is_named_in_words()
    {
        // RFC 5737: a documentation address, which no interface has.
        NetworkEndpoint foreign = NetworkEndpoint.FromIPv4(0xC0000201, 5060);

        Assert.Null(_machine.OpenDatagramSocket(foreign, new Readiness(ServiceClass.Media, 2), out string? problem));

        Assert.Equal("cannot bind 192.0.2.1:5060: no interface of this machine has this address", problem);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_no_failure()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        using IDatagramSocket gone = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        NetworkEndpoint nobody = gone.LocalEndpoint;
        gone.Dispose();

        for (int turn = 0; turn < 3; turn++)
        {
            socket.Send("anybody?"u8, nobody);
            socket.Flush();
            Assert.Empty(MachineDouble.Look(_machine));
            Assert.Equal(0, socket.Receive(_batch));
        }

        socket.Send("still here"u8, socket.LocalEndpoint);
        socket.Flush();
        Assert.Equal(1, socket.Receive(_batch));
        Assert.Equal(0, socket.SendFailures);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public void On_request_the_network_reports_a_port_where_nobody_listens(string local, string remote)
    {
        NetworkEndpoint loopback = remote == "::1" ? MachineDouble.LoopbackV6 : MachineDouble.Loopback;
        NetworkEndpoint from = local == "::" ? new NetworkEndpoint(UInt128.Zero, 0) : loopback;
        using DatagramSocket socket = (DatagramSocket)MachineDouble.OpenSocket(_machine, from);
        using IDatagramSocket peer = MachineDouble.OpenSocket(_machine, loopback);
        using IDatagramSocket gone = MachineDouble.OpenSocket(_machine, loopback);
        NetworkEndpoint nobody = gone.LocalEndpoint;
        gone.Dispose();
        socket.ReportUnreachable();

        socket.Send("anybody?"u8, nobody);
        socket.Flush();
        _ = MachineDouble.WaitForPorts(_machine);

        Assert.Equal(0, socket.Receive(_batch));
        Assert.True(socket.TryTakeUnreachable(out NetworkEndpoint destination));
        Assert.Equal(nobody, destination);
        Assert.False(socket.TryTakeUnreachable(out _));
        Assert.Empty(MachineDouble.Look(_machine));

        // A report that waits does not cost the next datagram, to whomever it goes.
        socket.Send("anybody?"u8, nobody);
        socket.Flush();
        socket.Send("to you"u8, peer.LocalEndpoint);
        socket.Flush();
        Assert.Equal(1, peer.Receive(_batch));
        Assert.Equal(0, socket.SendFailures);
        Assert.Equal(0, socket.Receive(_batch));
        Assert.True(socket.TryTakeUnreachable(out _));
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void Reports_that_nobody_takes_are_bounded_and_do_not_keep_the_socket_ready()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        using IDatagramSocket gone = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        NetworkEndpoint nobody = gone.LocalEndpoint;
        gone.Dispose();
        socket.ReportUnreachable();
        for (int sent = 0; sent < 50; sent++)
        {
            socket.Send("anybody?"u8, nobody);
            socket.Flush();
        }

        Assert.Equal(0, socket.Receive(_batch));
        Assert.Empty(MachineDouble.Look(_machine));
        int reports = 0;
        while (socket.TryTakeUnreachable(out _))
        {
            reports++;
        }

        Assert.InRange(reports, 1, 16);
    }

    /// <summary>Only a connected socket is told of ICMP errors (udp(7)); ours never connects, so the test does.</summary>
    [Fact]
    public void An_error_that_the_network_reports_is_counted_and_forgotten()
    {
        using DatagramSocket socket = (DatagramSocket)MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        using IDatagramSocket gone = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        NetworkEndpoint nobody = gone.LocalEndpoint;
        gone.Dispose();
        SocketOption.Connect(socket, nobody);
        socket.Send("anybody?"u8, nobody);
        socket.Flush();
        _ = MachineDouble.WaitForPorts(_machine);

        Assert.Equal(0, socket.Receive(_batch));

        Assert.Equal(1, socket.NetworkErrors);
        Assert.Equal(0, socket.SendFailures);
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void What_the_kernel_refuses_is_counted_and_the_others_leave()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        socket.Send("first"u8, socket.LocalEndpoint);
        socket.Send("port 0"u8, socket.LocalEndpoint.WithPort(0));
        socket.Send("another family"u8, MachineDouble.LoopbackV6.WithPort(5060));
        socket.Send(new byte[SendQueue.CapacityBytes + 1], socket.LocalEndpoint);
        socket.Send("last"u8, socket.LocalEndpoint);

        socket.Flush();

        Assert.Equal(2, socket.Receive(_batch));
        Assert.True(_batch[1].SequenceEqual("last"u8));
        Assert.Equal(3, socket.SendFailures);
    }

    [Fact]
    public void A_receive_buffer_that_overflows_loses_datagrams_and_nothing_else()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        for (int number = 0; number < 5000; number++)
        {
            socket.Send(new byte[1200], socket.LocalEndpoint);
        }

        socket.Flush();

        int received = 0;
        while (socket.Receive(_batch) > 0)
        {
            received += _batch.Count;
        }

        Assert.InRange(received, 1, 4999);
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void Closing_sends_what_is_queued_and_may_be_asked_twice()
    {
        using IDatagramSocket receiver = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        IDatagramSocket sender = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        sender.Send("goodbye"u8, receiver.LocalEndpoint);

        sender.Dispose();
        sender.Dispose();

        Assert.Equal(1, receiver.Receive(_batch));
        _ = Assert.Throws<ObjectDisposedException>(() => sender.Receive(_batch));
        _ = Assert.Throws<ObjectDisposedException>(() => sender.Send("more"u8, receiver.LocalEndpoint));
    }

    [Fact]
    public void Marks_datagrams_of_both_families()
    {
        using IDatagramSocket four = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        using IDatagramSocket six = MachineDouble.OpenSocket(_machine, MachineDouble.LoopbackV6);

        four.SetServiceCode(46);
        six.SetServiceCode(46);

        Assert.Equal(46 << 2, SocketOption.Read(four, level: 0, option: 1));
        Assert.Equal(46 << 2, SocketOption.Read(six, level: 41, option: 67));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => four.SetServiceCode(64));
    }

    [Fact]
    public void Finds_the_address_from_which_a_peer_is_reached()
    {
        Assert.Equal(MachineDouble.Loopback, _machine.FindLocalAddress(NetworkEndpoint.FromIPv4(0x7F000009, 5060)));
        Assert.Equal(MachineDouble.LoopbackV6, _machine.FindLocalAddress(MachineDouble.LoopbackV6.WithPort(5060)));
        Assert.Equal(MachineDouble.Loopback, _machine.FindLocalAddress(MachineDouble.Loopback));
        Assert.Null(_machine.FindLocalAddress(NetworkEndpoint.FromIPv4(0xFFFFFFFF, 5060)));
    }

    [Fact]
    public void Random_bytes_fill_the_whole_destination()
    {
        byte[] bytes = new byte[4096];

        _machine.FillRandom(bytes);

        // 4096 bytes hold each value 16 times; 16 values that are missing altogether do not happen by chance.
        Assert.True(bytes.Distinct().Count() > 240);
        Assert.NotEqual(new byte[32], bytes[^32..]);
    }
}
