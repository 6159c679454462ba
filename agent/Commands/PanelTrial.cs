using System;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Commands;

/// <summary>The panel of a configuration and nothing else, on a loop of its own, until Ctrl-C or until a moment has come.</summary>
internal static class PanelTrial
{
    private const int PanelToken = 0;
    private const int SignalToken = 1;

    /// <summary>
    /// Opens the panel, lets <paramref name="begin"/> do its part with it, and gives what happens there to <paramref name="look"/>, until
    /// the trial has lasted its time or somebody interrupts it. Returns the exit status.
    /// </summary>
    public static int Run(
        AgentConfiguration configuration, StandardStreams streams, TimeSpan? length, Action<IDoorPanel> begin, Action<PanelEvent> look)
    {
        DoorPanelSettings settings = OpenDevices.PanelOf(configuration.Panel);
        if (settings is NoPanelSettings)
        {
            return Fail("there is nothing to try: [panel] has kind = \"none\"", streams);
        }

        if (!SignalMask.TryInherit(out string? problem))
        {
            return Fail(problem, streams);
        }

        using Machine machine = new();
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, SignalToken));
        using IDoorPanel? panel = machine.OpenDoorPanel(settings, new Readiness(ServiceClass.Panel, PanelToken), out problem);
        if (panel is null)
        {
            return Fail(problem, streams);
        }

        begin(panel);
        Readiness[] ready = new Readiness[4];
        Instant end = length is { } limit ? new Instant(machine.Now) + limit : Instant.Never;
        while (machine.Now < end.Nanoseconds)
        {
            _ = machine.Wait(end.Nanoseconds, ready);
            while (panel.TryRead(out PanelEvent happened))
            {
                look(happened);
            }

            if (signals.TryRead(out Signal signal) && signal != Signal.HangUp)
            {
                break;
            }
        }

        return ExitStatus.Ok;
    }

    private static int Fail(string? problem, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: {problem}");
        return ExitStatus.Failed;
    }
}
