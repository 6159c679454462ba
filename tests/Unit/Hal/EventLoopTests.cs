using System;
using System.Linq;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class EventLoopTests : IDisposable
{
    private const long Microsecond = 1000;

    private readonly Machine _machine = new();
    private readonly DatagramBatch _batch = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_wait_without_ports_ends_when_its_moment_has_come_and_never_before()
    {
        long wakeAt = _machine.ReadClock();
        for (int turn = 0; turn < 20; turn++)
        {
            wakeAt += 300 * Microsecond;

            Assert.Equal(0, _machine.Wait(wakeAt, new Readiness[1]));

            Assert.True(_machine.Now >= wakeAt, $"woken {wakeAt - _machine.Now} ns early");
        }
    }

    [Fact]
    public void A_moment_that_has_passed_is_not_waited_for()
    {
        long before = _machine.ReadClock();

        Assert.Equal(0, _machine.Wait(long.MinValue, new Readiness[1]));
        Assert.Equal(0, _machine.Wait(0, new Readiness[1]));
        Assert.Equal(0, _machine.Wait(before, new Readiness[1]));

        Assert.InRange(_machine.Now, before, _machine.ReadClock());
        Assert.True(_machine.UnixTime > 1_700_000_000_000_000_000);
    }

    [Fact]
    public void An_earlier_moment_that_was_waited_for_does_not_end_a_later_wait()
    {
        using IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        long soon = _machine.ReadClock() + (500 * Microsecond);
        socket.Send("ready before that"u8, socket.LocalEndpoint);
        socket.Flush();
        Assert.Equal(1, _machine.Wait(soon, new Readiness[1]));
        _ = socket.Receive(_batch);
        long later = soon + (1000 * Microsecond);

        Assert.Equal(0, _machine.Wait(later, new Readiness[1]));

        Assert.True(_machine.Now >= later);
    }

    [Fact]
    public void Ports_are_reported_in_the_order_of_their_service_class()
    {
        ProgrammedPanel panel = new();
        using IDatagramSocket signalling = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 1, ServiceClass.Signalling);
        using IDatagramSocket media = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 2);
        using IDoorPanel port = _machine.OpenDoorPanel(new ProgrammedPanelSettings(panel), new Readiness(ServiceClass.Panel, 3), out _)!;
        using IDatagramSocket otherMedia = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 4);
        using IAudioDevice audio = _machine.OpenAudioDevice(Silence(8), new Readiness(ServiceClass.AudioClock, 5), out _)!;
        foreach (IDatagramSocket socket in (IDatagramSocket[])[signalling, otherMedia, media])
        {
            socket.Send("x"u8, socket.LocalEndpoint);
            socket.Flush();
        }

        panel.Press(0, _machine.Now);
        while (_machine.ReadClock() < ((TimerAudioDevice)audio).DueAt)
        {
            // The first period of the audio clock, 1 ms, goes by.
        }

        Readiness[] ready = MachineDouble.Look(_machine);

        Assert.Equal(
            [ServiceClass.AudioClock, ServiceClass.Media, ServiceClass.Media, ServiceClass.Signalling, ServiceClass.Panel],
            ready.Select(port => port.Class));
        Assert.Equal([5, 1, 3], [ready[0].Token, ready[3].Token, ready[4].Token]);
        Assert.Equal(ready, MachineDouble.Look(_machine));
    }

    [Fact]
    public void Little_room_holds_the_first_class_and_in_turn_everybody_of_the_others()
    {
        ProgrammedPanel panel = new();
        Readiness readiness = new(ServiceClass.Signalling, 100);
        using IDoorPanel port = _machine.OpenDoorPanel(new ProgrammedPanelSettings(panel), readiness, out _)!;
        IDatagramSocket[] sockets =
            [.. Enumerable.Range(0, 9).Select(token => MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, token))];
        foreach (IDatagramSocket socket in sockets)
        {
            socket.Send("x"u8, socket.LocalEndpoint);
            socket.Flush();
        }

        panel.Press(0, 0);

        int[] served = [.. Enumerable.Range(0, 10).SelectMany(_ => MachineDouble.Look(_machine, capacity: 2)).Select(ready => ready.Token)];

        Assert.Equal(20, served.Length);
        Assert.Equal(Enumerable.Range(0, 9), served.Distinct().Order());
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public void A_port_that_was_closed_is_not_reported_and_its_descriptor_number_means_nobody()
    {
        IDatagramSocket first = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 1);
        IDatagramSocket second = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 2);
        foreach (IDatagramSocket socket in (IDatagramSocket[])[first, second])
        {
            socket.Send("x"u8, socket.LocalEndpoint);
            socket.Flush();
        }

        Assert.Equal(2, MachineDouble.Look(_machine).Length);

        // In the middle of serving that batch, one is closed, and another takes over its descriptor's number.
        second.Dispose();
        using IDatagramSocket third = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 3);

        Assert.Equal([new Readiness(ServiceClass.Media, 1)], MachineDouble.Look(_machine));
        first.Dispose();
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void A_press_by_the_program_ends_the_next_wait()
    {
        ProgrammedPanel panel = new();
        IDoorPanel port = _machine.OpenDoorPanel(new ProgrammedPanelSettings(panel), new Readiness(ServiceClass.Panel, 7), out _)!;
        panel.Press(1, now: 42);

        Assert.Equal([new Readiness(ServiceClass.Panel, 7)], MachineDouble.WaitForPorts(_machine));

        Assert.True(port.TryRead(out PanelEvent happened));
        Assert.Equal(new PanelEvent(PanelInput.Button, 1, IsActive: true, 42), happened);
        _ = MachineDouble.WaitForPorts(_machine);
        Assert.True(port.TryRead(out happened));
        Assert.False(happened.IsActive);
        Assert.Empty(MachineDouble.Look(_machine));
        port.Set(PanelOutput.Strike, true);
        panel.Press(0, 0);
        port.Dispose();
        Assert.False(panel.StrikeOpen);
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void No_panel_is_never_ready()
    {
        using IDoorPanel port = _machine.OpenDoorPanel(new NoPanelSettings(), new Readiness(ServiceClass.Panel, 7), out string? problem)!;
        port.Set(PanelOutput.Strike, true);

        Assert.Null(problem);
        Assert.False(port.TryRead(out _));
        Assert.Empty(MachineDouble.Look(_machine));
    }

    [Fact]
    public void Ports_that_outlive_the_machine_can_still_be_closed()
    {
        IDatagramSocket socket = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback);
        _machine.Dispose();

        socket.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _machine.Wait(0, new Readiness[1]));
    }

    [Fact]
    public void A_turn_makes_no_garbage()
    {
        ProgrammedPanel panel = new();
        using IDoorPanel port = _machine.OpenDoorPanel(new ProgrammedPanelSettings(panel), new Readiness(ServiceClass.Panel, 1), out _)!;
        using IDatagramSocket four = MachineDouble.OpenSocket(_machine, MachineDouble.Loopback, 2);
        using IDatagramSocket six = MachineDouble.OpenSocket(_machine, MachineDouble.LoopbackV6, 3);
        using IAudioDevice audio = _machine.OpenAudioDevice(Silence(8), new Readiness(ServiceClass.AudioClock, 4), out _)!;
        Readiness[] ready = new Readiness[8];
        short[] period = new short[8];
        int periods = 0;
        int datagrams = 0;
        for (int turn = 0; turn < 10; turn++)
        {
            TakeTurn();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 200; turn++)
        {
            TakeTurn();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(periods > 5, $"{periods} periods");
        Assert.Equal(2 * 210, datagrams);

        void TakeTurn()
        {
            four.Send("0123456789"u8, four.LocalEndpoint);
            four.Flush();
            six.Send("0123456789"u8, six.LocalEndpoint);
            six.Flush();
            panel.Press(0, _machine.Now);
            _ = _machine.Wait(_machine.Now + (100 * Microsecond), ready);
            datagrams += four.Receive(_batch) + six.Receive(_batch);
            while (port.TryRead(out _))
            {
            }

            _ = _machine.Wait(_machine.Now + (100 * Microsecond), ready);
            while (audio.TryCapture(period))
            {
                audio.Play(period);
                periods++;
            }
        }
    }

    private static TimerAudioSettings Silence(int periodSamples) => new(8000, periodSamples, new SilenceSource(), new DiscardSink());
}
