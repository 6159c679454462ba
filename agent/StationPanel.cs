using System;
using System.Linq;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Logging;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent;

/// <summary>
/// Carries what happens at the panel to the station, and what the station decides and does to strike, light, LED and buzzer.
/// </summary>
internal sealed class StationPanel(
    DoorStation station, IDoorPanel panel, PanelConfiguration configuration, int buttons, ILogger logger)
{
    private static readonly OnOffPattern Click = new(repeats: false, 30);
    private static readonly OnOffPattern Refusal = new(repeats: false, 100, 100, 100, 100, 100);
    private static readonly OnOffPattern Alert = new(repeats: true, 400, 200, 400, 2000);

    private readonly PanelWatch _watch = new(configuration.Watch, buttons);
    private readonly StatusLight _status = new();
    private readonly Blinker _buzzer = new();
    private readonly bool[] _shown = new bool[Enum.GetValues<PanelOutput>().Length];
    private bool _isBroken;
    private bool _isAlerting;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt => Instant.Soonest(_watch.WakeAt, Instant.Soonest(_status.WakeAt, _buzzer.WakeAt));

    /// <summary>Takes what happened at the panel.</summary>
    public void Serve(Instant now)
    {
        while (panel.TryRead(out PanelEvent happened))
        {
            Take(happened, now);
        }

        TellNotes();
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (now >= WakeAt)
        {
            _watch.Advance(now);
            _status.Advance(now);
            _buzzer.Advance(now);
            TellNotes();
        }
    }

    /// <summary>Does at the panel what the station decides.</summary>
    public void Obey(in StationOutput output, Instant now)
    {
        switch (output.Kind)
        {
            case StationOutputKind.OpenStrike:
                panel.Set(PanelOutput.Strike, on: true);
                break;
            case StationOutputKind.CloseStrike:
                panel.Set(PanelOutput.Strike, on: false);
                break;
            case StationOutputKind.Note when output.Fact is StationFact.CodeWrong or StationFact.CodesLocked && output.Call == default:
                _buzzer.Play(Refusal, now);
                break;
            default:
                break;
        }
    }

    /// <summary>Shows what the station does. Only what has changed reaches the panel.</summary>
    public void Show(bool isUnregistered, Instant now)
    {
        bool isOpen = station.IsStrikeOpen || _watch.IsDoorOpen;
        _status.Show(StatusOf(isOpen, isUnregistered), now);
        bool alerts = station.State == StationState.Alerting;
        if (alerts != _isAlerting)
        {
            _isAlerting = alerts;
            _buzzer.Play(alerts ? Alert : OnOffPattern.Off, now);
        }

        Switch(PanelOutput.StatusLed, _status.IsLit);
        Switch(PanelOutput.Buzzer, _buzzer.IsOn);
        Switch(PanelOutput.Light, IsLightOn(isOpen));
    }

    private void Take(in PanelEvent happened, Instant now)
    {
        switch (happened.Input)
        {
            case PanelInput.Button:
                if (_watch.Button(happened.Number, happened.IsActive, happened.IsFound, now))
                {
                    station.ButtonPressed(happened.Number, now);
                }

                break;
            case PanelInput.Key:
                _buzzer.Play(Click, now);
                station.KeyPressed((char)happened.Number, now);
                break;
            case PanelInput.DoorContact:
                _watch.Door(happened.IsActive, now);
                break;
            case PanelInput.TamperContact:
                _watch.Tamper(happened.IsActive, now);
                break;
            case PanelInput.HookSwitch:
                station.HookMoved(happened.IsActive, now);
                break;
            case PanelInput.Fault:
            default:
                _isBroken = true;
                PanelLog.Fault(logger, happened.Problem ?? "");
                break;
        }
    }

    private Status StatusOf(bool isOpen, bool isUnregistered) => station.State switch
    {
        StationState.Ended => Status.Off,
        StationState.Talking => station.IsStrikeOpen ? Status.DoorOpen : Status.Talking,
        StationState.Ringing or StationState.Alerting => station.IsStrikeOpen ? Status.DoorOpen : Status.Ringing,
        StationState.Quiet => QuietStatus(isOpen, isUnregistered),
    };

    private Status QuietStatus(bool isOpen, bool isUnregistered) =>
        station.IsStrikeOpen ? Status.DoorOpen
        : _isBroken || _watch.IsAlarmed ? Status.Fault
        : isOpen ? Status.DoorOpen
        : isUnregistered ? Status.Unregistered
        : Status.Idle;

    private bool IsLightOn(bool isOpen)
    {
        LightTime? time = station.State switch
        {
            StationState.Ringing or StationState.Alerting => LightTime.Ringing,
            StationState.Talking => LightTime.Call,
            StationState.Quiet or StationState.Ended => null,
        };
        return (time is { } busy && configuration.LightWhile.Contains(busy))
            || (isOpen && station.State != StationState.Ended && configuration.LightWhile.Contains(LightTime.DoorOpen));
    }

    private void Switch(PanelOutput output, bool on)
    {
        if (_shown[(int)output] != on)
        {
            _shown[(int)output] = on;
            panel.Set(output, on);
        }
    }

    private void TellNotes()
    {
        while (_watch.TryTake(out PanelNote note))
        {
            PanelLog.Tell(logger, note);
        }
    }
}
