using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

/// <summary>The watch over buttons and contacts, on a clock that is moved by hand.</summary>
public sealed class PanelWatchTests
{
    private readonly PanelWatch _watch = new(new PanelWatchSettings(), buttons: 2);
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1000);

    [Fact]
    public void A_press_counts_and_letting_go_does_not()
    {
        Assert.True(Button(0, true));
        Assert.False(Button(0, false));
        Assert.True(Button(1, true));
        Assert.Empty(Wait(29.9));
    }

    [Fact]
    public void A_stuck_button_is_told_once_and_ignored_until_it_is_let_go()
    {
        Assert.True(Button(1, true));
        Assert.Equal([new PanelNote(PanelFact.ButtonStuck, 1)], Wait(30));
        Assert.True(_watch.IsAlarmed);
        Assert.Empty(Wait(3600));

        // It chatters.
        Assert.False(Button(1, false));
        Assert.Empty(Wait(0.5));
        Assert.False(Button(1, true));
        Assert.Empty(Wait(100));
        Assert.True(Button(0, true));
        Assert.False(Button(0, false));

        Assert.False(Button(1, false));
        Assert.Equal([new PanelNote(PanelFact.ButtonFree, 1)], Wait(1));
        Assert.False(_watch.IsAlarmed);
        Assert.True(Button(1, true));
    }

    [Fact]
    public void A_button_that_was_down_before_does_not_ring_and_may_be_stuck()
    {
        Assert.False(_watch.Button(0, pressed: true, wasFound: true, _now));

        Assert.Equal([new PanelNote(PanelFact.ButtonStuck, 0)], Wait(30));
    }

    [Fact]
    public void A_door_that_is_left_open_is_told_once()
    {
        _watch.Door(true, _now);
        Assert.True(_watch.IsDoorOpen);
        Assert.Equal([new PanelNote(PanelFact.DoorOpened, 0)], Wait(59.9));
        Assert.Equal([new PanelNote(PanelFact.DoorLeftOpen, 0)], Wait(0.1));
        Assert.True(_watch.IsAlarmed);
        Assert.Empty(Wait(1000));

        _watch.Door(false, _now);

        Assert.Equal([new PanelNote(PanelFact.DoorClosed, 0)], Wait(1000));
        Assert.Equal((false, false, Instant.Never), (_watch.IsAlarmed, _watch.IsDoorOpen, _watch.WakeAt));
    }

    [Fact]
    public void An_opened_housing_is_told()
    {
        _watch.Tamper(true, _now);
        Assert.True(_watch.IsAlarmed);
        _watch.Tamper(false, _now);

        Assert.Equal([new PanelNote(PanelFact.Tampered, 0), new PanelNote(PanelFact.TamperOver, 0)], Wait(0));
        Assert.False(_watch.IsAlarmed);
    }

    [Fact]
    public void A_button_that_nobody_has_configured_is_passed_on() => Assert.True(Button(7, true));

    private bool Button(int number, bool pressed) => _watch.Button(number, pressed, wasFound: false, _now);

    private List<PanelNote> Wait(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        _watch.Advance(_now);
        List<PanelNote> notes = [];
        while (_watch.TryTake(out PanelNote note))
        {
            notes.Add(note);
        }

        return notes;
    }
}
