using System;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>A sound device whose clock is the world's: exact, or fast or slow by a chosen number of parts per million.</summary>
internal sealed class SimulatedAudio(TimerAudioSettings settings, Readiness readiness, SimulatedMachine machine, double partsPerMillion) : IAudioDevice
{
    private readonly long _opened = machine.Now - machine.AudioRested;
    private long _periods;
    private bool _closed;

    public int SampleRate => settings.SampleRate;

    public int PeriodSamples => settings.PeriodSamples;

    public long WorstLateness { get; private set; }

    public long SkippedPeriods => 0;

    public AudioCounters Counters => machine.AudioCounters;

    public Readiness Readiness => readiness;

    /// <summary>When the next period is due.</summary>
    public long NextPeriod => _closed || machine.AudioRests
        ? long.MaxValue
        : _opened + machine.AudioRested + (long)((_periods + 1) * (1e9 * PeriodSamples / SampleRate) * (1 - (partsPerMillion / 1e6)));

    public bool IsPacedByLoudspeaker => machine.HasNoMicrophone;

    public int CapturedSince { get; private set; }

    public bool TryCapture(Span<short> captured)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (machine.Now < NextPeriod)
        {
            return false;
        }

        CapturedSince = (int)((machine.Now - NextPeriod) * SampleRate / 1_000_000_000);
        WorstLateness = Math.Max(WorstLateness, machine.Now - NextPeriod);
        _periods++;
        settings.Microphone.Read(captured);
        return true;
    }

    public void Play(ReadOnlySpan<short> sound) => settings.Loudspeaker.Write(sound);

    public bool TryTakeIncident(out AudioIncident incident) => machine.AudioIncidents.TryDequeue(out incident);

    public void Dispose()
    {
        _closed = true;
        machine.Close(this);
    }
}
