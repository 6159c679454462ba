using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Gpio;

/// <summary>A whole panel over a kernel in memory.</summary>
public sealed class GpioPanelTests : IDisposable
{
    private const int Strike = 0;
    private const int Light = 1;
    private const int Button = 2;
    private const int Door = 3;

    private static readonly Readiness Port = new(ServiceClass.Panel, 9);

    private readonly GpioDouble _kernel = new();
    private readonly EventLoop _loop = new();
    private readonly Readiness[] _ready = new Readiness[8];
    private readonly LineDouble[] _lines;

    public GpioPanelTests() => _lines = _kernel.Add("board", "STRIKE", "LIGHT", "BUTTON", "DOOR").Lines;

    public void Dispose()
    {
        _loop.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void Edges_become_events_of_their_inputs()
    {
        using GpioPanel panel = Open();
        Assert.Empty(ReadAll(panel));
        _lines[Button].Move(true, at: 100);
        _lines[Button].Move(false, at: 200);
        _lines[Door].Move(true, at: 300);
        Assert.True(_loop.Wait(0, _ready) > 0);

        Assert.Equal(
            [
                new PanelEvent(PanelInput.Button, 1, IsActive: true, 100), new PanelEvent(PanelInput.Button, 1, IsActive: false, 200),
                new PanelEvent(PanelInput.DoorContact, 0, IsActive: true, 300),
            ],
            ReadAll(panel));
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void What_is_active_already_is_found_so()
    {
        _lines[Button].IsActive = true;
        using GpioPanel panel = Open();
        Assert.Equal(1, _loop.Wait(0, _ready));

        PanelEvent found = Assert.Single(ReadAll(panel));

        Assert.Equal((PanelInput.Button, true, true), (found.Input, found.IsActive, found.IsFound));
    }

    [Fact]
    public void A_lost_release_is_found_by_reading_the_line_anew()
    {
        using GpioPanel panel = Open();
        _lines[Button].Move(true, at: 100);
        _lines[Button].Move(false, at: 200);
        _lines[Button].Move(true, at: 300, isLost: true);
        _lines[Button].Move(false, at: 400, isLost: true);
        _lines[Button].Move(true, at: 500);
        _lines[Button].IsActive = false;

        Assert.Equal([true, false, true, false], ReadAll(panel).Select(happened => happened.IsActive));
    }

    [Theory]
    [InlineData(LockKind.FailSecure, false)]
    [InlineData(LockKind.FailSafe, true)]
    public void The_strike_is_safe_at_its_start_and_at_its_end(LockKind kind, bool safe)
    {
        GpioPanel panel = Open(kind);
        Assert.Equal([safe], _lines[Strike].Driven);

        panel.Set(PanelOutput.Strike, on: true);
        Assert.Equal(!safe, _lines[Strike].IsActive);
        panel.Dispose();
        panel.Dispose();

        Assert.Equal([safe, !safe, safe], _lines[Strike].Driven);
        Assert.All(_lines, line => Assert.False(line.IsTaken));
    }

    [Fact]
    public void The_strike_is_let_go_after_its_maximum_though_nobody_asks_for_it_nor_serves_the_panel()
    {
        using GpioPanel panel = Open(maximum: TimeSpan.FromMilliseconds(2));
        _ = _loop.Wait(0, _ready);
        panel.Set(PanelOutput.Strike, on: true);
        long opened = _loop.Now;

        Assert.Equal(Port, _ready[_loop.Wait(long.MaxValue, _ready) - 1]);

        Assert.False(_lines[Strike].IsActive);
        Assert.True(_loop.Now >= opened + 2_000_000);
        PanelEvent told = Assert.Single(ReadAll(panel));
        Assert.Equal("the strike was let go as it was open for its maximum", told.Problem);
    }

    [Fact]
    public void An_opening_is_not_prolonged_and_after_its_maximum_closing_comes_before_opening()
    {
        using GpioPanel panel = Open(maximum: TimeSpan.FromMilliseconds(1));
        panel.Set(PanelOutput.Strike, on: true);
        panel.Set(PanelOutput.Strike, on: true);
        _ = _loop.Wait(long.MaxValue, _ready);
        panel.Set(PanelOutput.Strike, on: true);
        Assert.Equal([false, true, false], _lines[Strike].Driven);

        panel.Set(PanelOutput.Strike, on: false);
        panel.Set(PanelOutput.Strike, on: true);

        Assert.Equal([false, true, false, false, true], _lines[Strike].Driven);
    }

    [Fact]
    public void A_strike_that_does_not_close_is_told_once_and_tried_again()
    {
        using GpioPanel panel = Open();
        panel.Set(PanelOutput.Strike, on: true);
        _lines[Strike].Failure = Errno.EIO;

        panel.Set(PanelOutput.Strike, on: false);
        Assert.Equal(
            "cannot close the strike, line gpiochip0:0; it is tried again and again: the device does not answer",
            Assert.Single(ReadAll(panel)).Problem);

        _lines[Strike].Failure = Errno.None;
        _ = _loop.Wait(EventLoop.ReadClock() + 200_000_000, _ready);
        Assert.False(_lines[Strike].IsActive);
        Assert.Empty(ReadAll(panel));
    }

    [Fact]
    public void Outputs_are_switched_and_off_at_the_end()
    {
        GpioPanel panel = Open();
        panel.Set(PanelOutput.Light, on: true);
        panel.Set(PanelOutput.Buzzer, on: true); // There is none.
        panel.Dispose();

        Assert.Equal([false, true, false], _lines[Light].Driven);
    }

    [Fact]
    public void A_chip_that_is_gone_is_a_fault_told_once()
    {
        using GpioPanel panel = Open();
        _lines[Door].PullOut();

        Assert.Equal("cannot read DoorContact, line gpiochip0:3, any more: no such device", Assert.Single(ReadAll(panel)).Problem);
        Assert.Empty(ReadAll(panel));
        Assert.Equal(0, _loop.Wait(0, _ready));
    }

    [Fact]
    public void A_line_that_cannot_be_taken_leaves_nothing_taken()
    {
        _lines[Door].User = "hog";

        Assert.Null(GpioPanel.Open(_kernel, _loop, Settings(LockKind.FailSecure, TimeSpan.FromSeconds(4)), Port, out string? problem));

        Assert.Equal("cannot take line gpiochip0:3: device or resource busy, used by \"hog\"", problem);
        Assert.All(_lines, line => Assert.False(line.IsTaken));
    }

    private static List<PanelEvent> ReadAll(GpioPanel panel)
    {
        List<PanelEvent> events = [];
        while (panel.TryRead(out PanelEvent happened))
        {
            events.Add(happened);
        }

        return events;
    }

    private static GpioPanelSettings Settings(LockKind kind, TimeSpan maximum) => new()
    {
        Strike = new StrikeLine(Line("STRIKE"), ActiveLow: false, LineDrive.PushPull, kind, maximum),
        Outputs = [new OutputLine(PanelOutput.Light, Line("LIGHT"), ActiveLow: false, LineDrive.PushPull)],
        Inputs =
        [
            new InputLine(PanelInput.Button, 1, Line("BUTTON"), ActiveLow: true, LineBias.PullUp, TimeSpan.FromMilliseconds(20)),
            new InputLine(PanelInput.DoorContact, 0, Line("DOOR"), ActiveLow: false, LineBias.PullUp, TimeSpan.Zero),
        ],
    };

    private static LineAddress Line(string text) =>
        LineAddress.TryParse(text, out LineAddress? line) ? line : throw new InvalidOperationException(text);

    private GpioPanel Open(LockKind kind = LockKind.FailSecure, TimeSpan? maximum = null)
    {
        GpioPanel? panel = GpioPanel.Open(_kernel, _loop, Settings(kind, maximum ?? TimeSpan.FromSeconds(4)), Port, out string? problem);
        Assert.Null(problem);
        return panel!;
    }
}
