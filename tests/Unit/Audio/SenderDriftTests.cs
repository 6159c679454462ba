using System;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class SenderDriftTests
{
    private const int SlotPeriods = 100;

    private readonly SenderDrift _drift = new(160);
    private double _margin = 200;

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(40)]
    public void The_correction_becomes_the_drift_and_the_margin_what_it_was(double ppm)
    {
        Pass(200, ppm);
        Assert.InRange(_drift.Correction, ppm - 5, ppm + 5);

        // The anchor is the earliest packet of the second slot; in each slot 300 ppm add up to 4.8 octets.
        Assert.InRange(_margin, 194, 211);
    }

    [Fact]
    public void A_drift_that_has_not_added_up_to_a_millisecond_changes_nothing()
    {
        Pass(30, 30);
        Assert.Equal(0, _drift.Correction);
    }

    [Fact]
    public void Who_was_late_when_the_call_began_has_no_slow_clock()
    {
        Slot(150);
        Slot(200);
        Slot(200);
        Slot(200);
        Assert.Equal(0, _drift.Correction);
    }

    [Fact]
    public void What_is_over_after_one_slot_is_no_drift_either()
    {
        Slot(200);
        Slot(200);
        Slot(220);
        Slot(200);
        Slot(220);
        Slot(180);
        Assert.Equal(0, _drift.Correction);
        Slot(180);
        Assert.NotEqual(0, _drift.Correction);
    }

    [Fact]
    public void Packets_that_are_late_do_not_count()
    {
        Random random = new(3);
        for (int period = 0; period < 100 * SlotPeriods; period++)
        {
            _drift.Record(period % 10 == 0 ? 200 : 200 - random.Next(1600));
            _drift.EndPeriod();
        }

        Assert.Equal(0, _drift.Correction);
    }

    [Fact]
    public void A_deliberate_change_of_the_delay_is_no_drift()
    {
        Pass(100, 100);
        double before = _drift.Correction;
        _drift.Shift(160);
        _margin += 160;
        Pass(100, 100);
        Assert.InRange(_drift.Correction, before - 15, before + 15);
        Assert.InRange(_margin, 355, 365);
    }

    [Fact]
    public void Another_way_through_the_network_is_no_drift()
    {
        Pass(100, 0);
        _margin += 100;
        Pass(100, 0);
        Assert.Equal(0, _drift.Correction);
        Assert.Equal(300, _margin, 0.1);
    }

    [Fact]
    public void A_new_talk_spurt_remembers_the_drift_and_a_new_sender_does_not()
    {
        Pass(200, 200);
        _drift.Restart();
        Assert.InRange(_drift.Correction, 190, 210);
        _margin = 400;
        Pass(100, 200);
        Assert.InRange(_margin, 395, 405);

        _drift.Reset();
        Assert.Equal(0, _drift.Correction);
    }

    /// <summary>A sender that is faster by so many millionths, and a listener that does as it is told.</summary>
    private void Pass(int seconds, double ppm)
    {
        for (int period = 0; period < seconds * 50; period++)
        {
            _margin += 160 * (ppm - _drift.Correction) / 1e6;
            _drift.Record((int)Math.Round(_margin));
            _drift.EndPeriod();
        }
    }

    private void Slot(int margin)
    {
        for (int period = 0; period < SlotPeriods; period++)
        {
            _drift.Record(margin);
            _drift.EndPeriod();
        }
    }
}
