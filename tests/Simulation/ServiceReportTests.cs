using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Calls;
using IntercomAgent.Hal.Systemd;
using IntercomAgent.Station;
using IntercomAgent.Tests.Unit.Hal;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What the service manager hears of a whole agent.</summary>
public sealed class ServiceReportTests : IDisposable
{
    private readonly List<string> _heard = [];
    private readonly NotificationSocket _manager = new(isAbstract: true);
    private readonly ServiceNotifier _notifier;

    public ServiceReportTests() => _notifier = ServiceNotifier.Open(
        variable => variable switch
        {
            "NOTIFY_SOCKET" => _manager.Name,
            "WATCHDOG_USEC" => "2000000",
            _ => null,
        },
        process: 1,
        out _)!;

    [Fact]
    public void The_status_follows_registration_and_call()
    {
        using House house = new(seed: 401);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        Resident indoor = house.Add(House.Indoor(answerAfter: 2));
        ServiceReport report = new(_notifier, door.Host);
        house.Loop.Add(report);

        report.Ready();
        RunAndListen(house, 1);
        door.Panel.Press(0, house.Machine.Now);
        RunAndListen(house, 5);
        indoor.Calls.HangUp(house.Loop.Now);
        RunAndListen(house, 1);
        report.Stopping();
        RunAndListen(house, 1);

        string[] expected =
        [
            "READY=1",
            "STATUS=without a registrar; no call",
            "STATUS=without a registrar; ringing",
            "STATUS=without a registrar; in a call with sip:in@127.0.0.1:5061",
            "STATUS=without a registrar; no call",
            "STOPPING=1",
        ];
        Assert.Equal(expected, _heard.Where(told => told != "WATCHDOG=1"));
    }

    [Fact]
    public void The_watchdog_is_fed_while_the_audio_clock_ticks_and_never_by_a_loop_that_only_turns()
    {
        using House house = new(seed: 402);
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061));
        house.Loop.Add(new ServiceReport(_notifier, door.Host));

        RunAndListen(house, 10);
        Assert.InRange(Feeds, 9, 11);

        // What ticked before the rest may be told once more, and then no more.
        house.Machine.AudioRests = true;
        RunAndListen(house, 2);
        int before = Feeds;
        long turns = house.Loop.Turns;
        for (int press = 0; press < 20; press++)
        {
            door.Panel.Press(0, house.Machine.Now);
            RunAndListen(house, 1);
        }

        Assert.True(house.Loop.Turns - turns > 20);
        Assert.Equal(before, Feeds);

        house.Machine.AudioRests = false;
        RunAndListen(house, 2);
        Assert.True(Feeds > before);
    }

    [Theory]
    [InlineData(true, false, 0, null, "registering; no call")]
    [InlineData(true, true, 0, null, "registered; no call")]
    [InlineData(true, true, 403, "Forbidden", "not registered: 403 Forbidden; no call")]
    [InlineData(true, true, 0, "no network", "not registered: no network; no call")]
    [InlineData(false, false, 0, null, "without a registrar; no call")]
    public void The_registration_is_told_in_words(bool hasAccount, bool hasHeard, int status, string? problem, string expected) =>
        Assert.Equal(
            expected,
            new HostSummary(hasAccount, hasHeard ? new RegistrationEvent(status, problem, "192.0.2.10:5060") : null, StationState.Quiet, "").Describe());

    public void Dispose()
    {
        _notifier.Dispose();
        _manager.Dispose();
    }

    private int Feeds => _heard.Count(told => told == "WATCHDOG=1");

    /// <summary>Time passes, and the manager listens: its queue holds ten datagrams.</summary>
    private void RunAndListen(House house, int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            house.Run(1);
            while (_manager.Take() is { } told)
            {
                _heard.Add(told);
            }
        }
    }
}
