using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Tests.Unit.Gpio;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>The word clock of a codec, divided, on a line of the board.</summary>
/// <param name="machine">The world.</param>
/// <param name="kernel">The kernel, whose chip it is on.</param>
/// <param name="hertz">Its edges a second.</param>
/// <param name="partsPerMillion">By how much its crystal is fast.</param>
internal sealed class SimulatedWordClock(SimulatedMachine machine, GpioDouble kernel, int hertz, double partsPerMillion)
{
    private readonly LineDouble _line = kernel.Add("pinctrl", "GPIO26").Lines[0];
    private bool _ticks;
    private int _run;

    /// <summary>The line, for the settings of a device.</summary>
    public LineClock Line { get; } = LineAddress.TryParse("GPIO26", out LineAddress? line)
        ? new LineClock(line, hertz)
        : throw new InvalidOperationException();

    /// <summary>Edges so far.</summary>
    public long Edges { get; private set; }

    /// <summary>Whether it ticks.</summary>
    public bool Ticks
    {
        get => _ticks;
        set
        {
            _ticks = value;
            _run++;
            Plan(_run);
        }
    }

    private void Plan(int run)
    {
        if (_ticks)
        {
            machine.After(TimeSpan.FromSeconds(1.0 / hertz / (1 + (partsPerMillion / 1e6))), () => Tick(run));
        }
    }

    private void Tick(int run)
    {
        // One that was stopped, and perhaps started again, since this was planned has another run.
        if (run == _run && _line.IsTaken)
        {
            Edges++;
            _line.Move(active: true, machine.Now);
            Plan(run);
        }
    }
}
