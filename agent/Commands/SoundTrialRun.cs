using System;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Media;

namespace IntercomAgent.Commands;

/// <summary>A sound device and nothing else, on a loop of its own, until Ctrl-C or until a moment has come.</summary>
internal sealed class SoundTrialRun
{
    private const int AudioToken = 0;
    private const int SignalToken = 1;
    private const long Second = 1_000_000_000;

    /// <summary>Between two levels in a terminal: the bar moves, and can be read.</summary>
    private const long TerminalPause = Second / 10;

    private readonly IMachine _machine;
    private readonly ISoundTrial _trial;
    private readonly StandardStreams _streams;
    private bool _isLost;

    private SoundTrialRun(IMachine machine, ISoundTrial trial, StandardStreams streams)
    {
        _machine = machine;
        _trial = trial;
        _streams = streams;
    }

    /// <summary>Opens the device and tries it. Returns the exit status; what is wrong is on standard error.</summary>
    public static int Run(IMachine machine, AudioDeviceSettings settings, ISoundTrial trial, TimeSpan length, StandardStreams streams)
    {
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, SignalToken));
        IAudioDevice? opened = machine.OpenAudioDevice(settings, new Readiness(ServiceClass.AudioClock, AudioToken), out string? problem);
        if (opened is null)
        {
            streams.Error.WriteLine($"intercom-agent: {problem}");
            streams.Error.WriteLine("Try: intercom-agent devices");
            return ExitStatus.Failed;
        }

        using IAudioDevice device = new ConvertedAudioDevice(opened, AudioStream.SampleRate);
        return new SoundTrialRun(machine, trial, streams).Run(device, signals, length);
    }

    private int Run(IAudioDevice device, ISignalPort signals, TimeSpan length)
    {
        short[] captured = new short[device.PeriodSamples];
        short[] played = new short[device.PeriodSamples];
        Readiness[] ready = new Readiness[4];
        long pause = _streams.OutputIsTerminal ? TerminalPause : Second;
        long end = _machine.Now + (long)(length.TotalSeconds * Second);
        long show = _machine.Now + pause;
        _streams.Output.WriteLine(_trial.Invitation);
        bool interrupted = false;
        while (_machine.Now < end && !interrupted)
        {
            _ = _machine.Wait(long.Min(show, end), ready);
            while (device.TryCapture(captured))
            {
                _trial.Answer(captured, played);
                device.Play(played);
            }

            TellIncidents(device);
            if (_machine.Now >= show)
            {
                ShowLevels();
                show = _machine.Now + pause;
            }

            interrupted = signals.TryRead(out Signal signal) && signal != Signal.HangUp;
        }

        return Conclude();
    }

    private void ShowLevels()
    {
        if (_streams.OutputIsTerminal)
        {
            // To the beginning of the line; what a longer one has left behind is wiped away (ECMA-48, EL).
            _streams.Output.Write($"\r{_trial.TakeLevels().TrimEnd()}\e[K");
        }
        else
        {
            _streams.Output.WriteLine(_trial.TakeLevels().TrimEnd());
        }
    }

    private void TellIncidents(IAudioDevice device)
    {
        while (device.TryTakeIncident(out AudioIncident incident))
        {
            _isLost = incident.Kind is AudioIncidentKind.Lost || (_isLost && incident.Kind is not AudioIncidentKind.Recovered);
            EndLine();
            _streams.Error.WriteLine($"intercom-agent: {incident.Detail}");
        }
    }

    private int Conclude()
    {
        EndLine();
        if (_isLost)
        {
            return ExitStatus.Failed;
        }

        if (_trial.Fault is { } fault)
        {
            _streams.Error.WriteLine($"intercom-agent: {fault}");
            _streams.Error.WriteLine("Try: intercom-agent devices");
            return ExitStatus.Failed;
        }

        return ExitStatus.Ok;
    }

    private void EndLine()
    {
        if (_streams.OutputIsTerminal)
        {
            _streams.Output.WriteLine();
        }
    }
}
