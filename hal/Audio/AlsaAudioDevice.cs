using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// A sound card as the clock of the media path. Its periods go on whatever happens to it: while it sleeps or is gone, a timer gives
/// them, silent, and calls live on. It is never given up: a card that comes back is used again.
/// </summary>
internal sealed class AlsaAudioDevice : IAudioDevice, IDuePort
{
    /// <summary>How long after a loss the device is looked for first; it doubles with each attempt.</summary>
    private const long FirstRetry = 500_000_000;

    /// <summary>The longest pause between attempts: somebody who plugs a card in waits no longer than that.</summary>
    private const long LongestRetry = 8_000_000_000;

    /// <summary>
    /// Interruptions are told no more often than that, an hour, with their number: where there is one, there are often many, and nobody
    /// needs a line for each.
    /// </summary>
    private const long InterruptionPause = 3_600_000_000_000;

    /// <summary>Starts in a row after which no period came: the device is broken, and is opened anew.</summary>
    private const int MaximumStarts = 4;

    /// <summary>
    /// Periods in advance of the monotonic clock that no crystal gives: what the buffers hold, twice. A stream that is faster has no clock
    /// at all, as ALSA's null and file plug-ins have none.
    /// </summary>
    private const int MaximumAdvance = 16;

    /// <summary>Incidents that are kept for somebody who asks late; older ones are more telling than newer.</summary>
    private const int MaximumIncidents = 16;

    private readonly IPcmLibrary _library;
    private readonly IMixerControls _mixer;
    private readonly AlsaAudioSettings _settings;
    private readonly IEventLoop _loop;
    private readonly Readiness _readiness;
    private readonly PeriodClock _timer;
    private readonly Queue<AudioIncident> _incidents = [];
    private PcmPair? _pair;
    private PcmWatch? _watch;
    private AlsaState _state;
    private AudioCounters _counters;
    private bool _serving;
    private bool _isLost;
    private bool _wasThere;
    private bool _wasServed;
    private bool _awaitsSound;
    private bool _hasNoClock;
    private int _starts;
    private long _started;
    private long _taken;
    private long _unplayed;
    private long _worstLateness;
    private long _skippedPeriods;
    private long _lastTaken;
    private long _interruptionsToTell;
    private long _toldInterruptions = -InterruptionPause;
    private long _retryAt;
    private long _retryPause = FirstRetry;

    private AlsaAudioDevice(
        IPcmLibrary library, IMixerControls mixer, AlsaAudioSettings settings, IEventLoop loop, Readiness readiness)
    {
        _library = library;
        _mixer = mixer;
        _settings = settings;
        _loop = loop;
        _readiness = readiness;
        SampleRate = settings.OnlyRate ?? settings.SampleRate;
        PeriodSamples = (int)((long)settings.PeriodSamples * SampleRate / settings.SampleRate);
        _timer = new PeriodClock(SampleRate, PeriodSamples, loop.Now);
        loop.Add(this, readiness);
    }

    private long PeriodNanoseconds => 1_000_000_000L * PeriodSamples / SampleRate;

    private enum AlsaState
    {
        Running,
        Suspended,
        Lost,
        Closed,
    }

    /// <inheritdoc/>
    public int SampleRate { get; private set; }

    /// <inheritdoc/>
    public int PeriodSamples { get; private set; }

    /// <inheritdoc/>
    public int? QueuedSamples => _state == AlsaState.Running && !_hasNoClock && _pair!.NeedsCorrection ? _pair.Queued : null;

    /// <inheritdoc/>
    public int WantedSamples => _pair?.Wanted ?? 0;

    /// <inheritdoc/>
    public bool IsPacedByLoudspeaker => _pair is { IsPacedByLoudspeaker: true };

    /// <inheritdoc/>
    public int PlaybackLag => _state == AlsaState.Running && !_hasNoClock ? _pair!.PlaybackLag : 0;

    /// <inheritdoc/>
    public int CapturedSince => _state == AlsaState.Running && !_hasNoClock ? _pair!.CapturedSince : 0;

    /// <inheritdoc/>
    public long WorstLateness => Math.Max(_worstLateness, _timer.WorstLateness);

    /// <inheritdoc/>
    public long SkippedPeriods => _skippedPeriods + _timer.SkippedPeriods;

    /// <inheritdoc/>
    public AudioCounters Counters => _counters with { Unplayed = _unplayed + (_pair?.Unplayed ?? 0) };

    /// <inheritdoc/>
    public long DueAt => _state == AlsaState.Running && !_hasNoClock ? _watch!.LookAt : _timer.DueAt;

    /// <summary>
    /// Opens the device, or begins to wait for it where the settings say so. Failure gives null and a sentence for a person.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The device owns the pair, and lets it go when it closes.")]
    public static AlsaAudioDevice? Open(
        IPcmLibrary library, IMixerControls mixer, AlsaAudioSettings settings, IEventLoop loop, Readiness readiness, out string? problem)
    {
        PcmPair? pair = PcmPair.Open(library, settings, out bool isAbsent, out problem);
        if (pair is null && !(isAbsent && settings.WaitsForDevice))
        {
            return null;
        }

        AlsaAudioDevice device = new(library, mixer, settings, loop, readiness);
        if (pair is not null)
        {
            device.Use(pair);
        }
        else
        {
            device.Tell(AudioIncidentKind.Lost, $"{problem}; it is waited for");
            device.RetryLater();
            problem = null;
        }

        return device;
    }

    /// <inheritdoc/>
    public bool TryCapture(Span<short> captured)
    {
        ObjectDisposedException.ThrowIf(_state == AlsaState.Closed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(captured.Length, PeriodSamples);
        return _state == AlsaState.Running ? TryCaptureFromCard(captured) : TryCaptureSilence(captured);
    }

    /// <inheritdoc/>
    public void Play(ReadOnlySpan<short> sound)
    {
        ObjectDisposedException.ThrowIf(_state == AlsaState.Closed, this);

        // A card that was started anew since the last period has silence in the place of that: more would only make the delay longer.
        if (_state == AlsaState.Running && _awaitsSound)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sound.Length, 2 * PeriodSamples);
            Heed(_pair!.Write(sound));
        }
    }

    /// <inheritdoc/>
    public bool TryTakeIncident(out AudioIncident incident) => _incidents.TryDequeue(out incident);

    /// <summary>Closes the device. May be asked twice.</summary>
    public void Dispose()
    {
        if (_state != AlsaState.Closed)
        {
            LetGo();
            _state = AlsaState.Closed;
            _loop.Remove(this);
        }
    }

    private bool TryCaptureFromCard(Span<short> captured)
    {
        long now = _loop.Now;
        bool woken = !_serving;
        if (_hasNoClock ? !_timer.TryEndPeriod(now) : woken && !IsReady(now))
        {
            return false;
        }

        Errno error = _pair!.Read(captured, out bool taken, out int behind, skipsOld: !_hasNoClock);
        if (error == Errno.None && !taken && woken && !_hasNoClock)
        {
            // A card that was pulled out wakes us, but gives neither an error nor a period: it has to be asked.
            error = _pair.Clock.Check();
        }

        _serving = taken && !_hasNoClock;
        if (error != Errno.None)
        {
            Heed(error);
            return false;
        }

        if (taken)
        {
            Count(behind, now);
        }
        else if (!_hasNoClock)
        {
            _watch!.Conclude(hadReason: !woken, now);
        }

        return taken;
    }

    private bool IsReady(long now)
    {
        bool ready = _watch!.Look(now);
        if (!ready)
        {
            _watch.Conclude(hadReason: false, now);
        }

        return ready;
    }

    private void Count(int behind, long now)
    {
        long period = PeriodNanoseconds;
        int skipped = _hasNoClock ? 0 : Math.Max(behind - PeriodClock.MaximumPeriodsBehind, 0);
        _starts = 0;
        (_wasServed, _awaitsSound) = (true, true);
        _taken += 1 + skipped;
        _lastTaken = now;
        TellInterruptions(now);
        _pair!.Relax(now);
        if (_isLost)
        {
            _isLost = false;
            _retryPause = FirstRetry;
            Tell(AudioIncidentKind.Recovered, "the sound device is there");
        }

        if (_hasNoClock)
        {
            return;
        }

        _worstLateness = Math.Max(_worstLateness, (behind - 1) * period);
        _skippedPeriods += skipped;
        if ((_taken - MaximumAdvance) * period > 2 * (now - _started))
        {
            _hasNoClock = true;
            _watch!.End();
            _timer.Restart(now);
        }
    }

    private bool TryCaptureSilence(Span<short> captured)
    {
        long now = _loop.Now;
        if (_state == AlsaState.Suspended)
        {
            TryResume();
        }
        else if (now >= _retryAt)
        {
            TryReopen(now);
        }

        if (_state == AlsaState.Running || !_timer.TryEndPeriod(now))
        {
            return false;
        }

        captured.Clear();
        return true;
    }

    /// <summary>All that can happen to a running device.</summary>
    private void Heed(Errno error)
    {
        switch (error)
        {
            case Errno.None:
                break;
            case Errno.EPIPE when _starts < MaximumStarts:
                HeedInterruption(_loop.Now);
                break;
            case Errno.ESTRPIPE:
                _counters = _counters with { Suspensions = _counters.Suspensions + 1 };
                Tell(AudioIncidentKind.Suspended, "the sound device sleeps");
                _watch!.End();
                _state = AlsaState.Suspended;
                _timer.Restart(_loop.Now);
                break;
            default:
                Lose(error);
                break;
        }
    }

    private void HeedInterruption(long now)
    {
        if (!_wasServed)
        {
            // Whoever has opened it had more to do before the first period: nothing was interrupted.
            Start();
            return;
        }

        _counters = _counters with { Interruptions = _counters.Interruptions + 1 };
        _interruptionsToTell++;
        TellInterruptions(now);

        // Only if that would have helped. A loop that was late for longer than that was stalled by something exceptional.
        if (now - _lastTaken < PcmPair.MostPlaybackPeriods * PeriodNanoseconds)
        {
            _pair!.Deepen(now);
        }

        Start();
    }

    private void Start()
    {
        _starts++;
        (_serving, _awaitsSound) = (false, false);
        _watch = _hasNoClock ? NewWatch(_pair!) : _watch;
        _hasNoClock = false;
        _started = _loop.Now;
        _lastTaken = _started;
        _taken = 0;
        if (_pair!.Start() is not Errno.None and Errno error)
        {
            Lose(error);
        }
    }

    private void Lose(Errno error)
    {
        _counters = _counters with { Losses = _counters.Losses + 1 };
        if (!_isLost)
        {
            string name = _settings.CaptureDevice ?? _settings.PlaybackDevice ?? "";
            Tell(AudioIncidentKind.Lost, SystemError.Sentence($"the sound device {name} has gone", error));
        }

        // One that dies before it gives a period was never back: that is still the same incident, and the same back-off.
        LetGo();
        RetryLater();
    }

    /// <summary>Lets the timer be the clock, and looks for the device after a while.</summary>
    private void RetryLater()
    {
        _isLost = true;
        _state = AlsaState.Lost;
        _timer.Restart(_loop.Now);
        _retryAt = _loop.Now + _retryPause;
    }

    private void TryResume()
    {
        Errno error = _pair!.Resume();
        if (error == Errno.EAGAIN)
        {
            return;
        }

        if (error != Errno.None)
        {
            Lose(error);
            return;
        }

        _state = AlsaState.Running;
        _awaitsSound = false;
        _watch = NewWatch(_pair);
        Tell(AudioIncidentKind.Recovered, "the sound device is awake");
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The device owns the pair, and lets it go when it closes.")]
    private void TryReopen(long now)
    {
        PcmPair? pair = PcmPair.Open(_library, _settings, out _, out _);
        _retryPause = Math.Min(2 * _retryPause, LongestRetry);
        if (pair is null)
        {
            _retryAt = now + _retryPause;
            return;
        }

        Use(pair);
    }

    private void Use(PcmPair pair)
    {
        _pair = pair;
        SampleRate = pair.Rate;
        PeriodSamples = pair.Period;
        _state = AlsaState.Running;
        _watch = NewWatch(pair);
        _starts = 0;
        Start();

        // A card that was plugged in again has forgotten them. What could not be set at first is known.
        IReadOnlyList<string> complaints = MixerWishes.Apply(_mixer, _settings, pair.CaptureCard, pair.PlaybackCard);
        foreach (string complaint in _wasThere ? [] : complaints)
        {
            Tell(AudioIncidentKind.Control, complaint);
        }

        _wasThere = true;
    }

    private PcmWatch NewWatch(PcmPair pair) => new(_loop, _readiness, pair.Clock, SampleRate, PeriodSamples, _loop.Now);

    private void LetGo()
    {
        _watch?.End();
        _unplayed += _pair?.Unplayed ?? 0;
        _pair?.Dispose();
        _pair = null;
        _serving = false;
    }

    private void TellInterruptions(long now)
    {
        if (_interruptionsToTell == 0 || now - _toldInterruptions < InterruptionPause)
        {
            return;
        }

        string times = _interruptionsToTell == 1
            ? "" : string.Create(CultureInfo.InvariantCulture, $" {_interruptionsToTell} times since that was told last");
        Tell(AudioIncidentKind.Interrupted, $"the sound was interrupted{times}: the loop came too late");
        _toldInterruptions = now;
        _interruptionsToTell = 0;
    }

    private void Tell(AudioIncidentKind kind, string detail)
    {
        if (_incidents.Count < MaximumIncidents)
        {
            _incidents.Enqueue(new AudioIncident(kind, detail));
        }
    }
}
