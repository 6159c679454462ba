using System;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// A clock of periods by the rising edges of a line: a codec's word clock, divided by hardware. So many edges are a period; the kernel
/// numbers them, so those that it had no room for count as well. The edges must prove themselves: until they have kept time, and whenever
/// they stand still or come at another rate than they should, a timer is the clock. It goes on where they stopped, and they where it is.
/// </summary>
internal sealed class EdgeClock : IPeriodClock, IDisposable
{
    /// <summary>Periods without an edge after which the clock stands still: no more than the timer makes up for then.</summary>
    private const int StandstillPeriods = 2;

    /// <summary>How long edges may take to come at the beginning before that is told: a codec starts when its driver does.</summary>
    private const long Patience = 2_000_000_000;

    /// <summary>A clock that fails before it has kept time for so long was never back: that is told as one loss.</summary>
    private const long SteadyAfter = 10_000_000_000;

    /// <summary>Events that are read at once: more than the kernel keeps, so that only a clock that is too fast leaves any.</summary>
    private const int MaximumReads = 128;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly LineRequest _line;
    private readonly int _edgesPerSecond;
    private readonly int _edgesPerPeriod;
    private readonly long _edgeTime;
    private readonly PeriodClock _timer;
    private readonly EdgeJudge _judge;
    private readonly long _opened;
    private EdgeClockState _state;
    private AudioIncident? _incident;
    private bool _isLossTold;
    private long _losses;
    private long _lastEdge;
    private long _pending;
    private long _drivingSince;
    private long _worstLateness;
    private long _skippedPeriods;

    private EdgeClock(LineRequest line, AudioDeviceSettings audio, LineClock clock, long now)
    {
        _line = line;
        _edgesPerSecond = clock.EdgesPerSecond;
        _edgesPerPeriod = EdgesPerPeriod(audio, clock);
        _edgeTime = NanosecondsPerSecond / clock.EdgesPerSecond;
        _timer = new PeriodClock(audio.SampleRate, audio.PeriodSamples, now);
        _judge = new EdgeJudge(clock.EdgesPerSecond);
        _opened = now;
        _lastEdge = now;
    }

    private enum EdgeClockState
    {
        /// <summary>The timer is the clock; the edges are watched.</summary>
        Proving,

        /// <summary>The edges are the clock.</summary>
        Driving,

        /// <summary>The timer is the clock for good, and the line is given back.</summary>
        Abandoned,
    }

    /// <inheritdoc/>
    public long DueAt => _state != EdgeClockState.Driving ? _timer.DueAt : _pending >= _edgesPerPeriod ? 0 : _lastEdge + Standstill;

    /// <inheritdoc/>
    public long WorstLateness => Math.Max(_worstLateness, _timer.WorstLateness);

    /// <inheritdoc/>
    public long SkippedPeriods => _skippedPeriods + _timer.SkippedPeriods;

    /// <inheritdoc/>
    public AudioCounters Counters => new() { Losses = _losses, LostEdges = _line.LostEdges };

    /// <summary>Whether the edges are the clock now, rather than the timer.</summary>
    public bool IsDriving => _state == EdgeClockState.Driving;

    private long Standstill => StandstillPeriods * _edgesPerPeriod * _edgeTime;

    /// <summary>Whether a period has a whole number of edges, and a second not too many.</summary>
    public static bool Divides(AudioDeviceSettings audio, LineClock clock) =>
        clock.EdgesPerSecond is >= 1 and <= LineClock.MaximumEdgesPerSecond
        && (long)audio.PeriodSamples * clock.EdgesPerSecond % audio.SampleRate == 0;

    /// <summary>
    /// Takes the line, whose edges wake the loop under the device's name. Failure gives null and a sentence that names the line.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The line is owned by the clock.")]
    public static EdgeClock? Open(
        IGpioKernel kernel, IEventLoop loop, AudioDeviceSettings audio, LineClock clock, Readiness readiness, out string? problem)
    {
        using LineFinder finder = LineFinder.Open(kernel);
        LineSettings wiring = new() { Edges = LineEdges.Rising };
        LineRequest? line = new LineTaker(kernel, loop, finder, readiness).Take(clock.Line, wiring, out problem);
        return line is null ? null : new EdgeClock(line, audio, clock, loop.Now);
    }

    /// <inheritdoc/>
    public bool TryEndPeriod(long now)
    {
        if (_state != EdgeClockState.Abandoned)
        {
            ReadEdges(now);
        }

        return _state == EdgeClockState.Driving ? TryEndCounted(now) : _timer.TryEndPeriod(now);
    }

    /// <inheritdoc/>
    public bool TryTakeIncident(out AudioIncident incident)
    {
        incident = _incident.GetValueOrDefault();
        bool found = _incident is not null;
        _incident = null;
        return found;
    }

    /// <summary>Gives the line back. May be asked twice.</summary>
    public void Dispose()
    {
        _state = EdgeClockState.Abandoned;
        _line.Dispose();
    }

    /// <summary>A whole number, as <see cref="Divides"/> says, and no more than a second's edges.</summary>
    private static int EdgesPerPeriod(AudioDeviceSettings audio, LineClock clock) =>
        (int)((long)audio.PeriodSamples * clock.EdgesPerSecond / audio.SampleRate);

    private void ReadEdges(long now)
    {
        for (int reads = 0; reads < MaximumReads && _line.TryCountEdges(out long edges, out long at); reads++)
        {
            _pending += edges;
            _lastEdge = at;
            Heed(_judge.Count(edges, at), now);
            if (_state == EdgeClockState.Abandoned)
            {
                return;
            }
        }

        if (_line.Failure != Errno.None)
        {
            Heed(EdgeVerdict.Unreadable, now);
        }
        else if (now - _lastEdge >= Standstill)
        {
            Heed(EdgeVerdict.Standstill, now);
        }
    }

    /// <summary>All that edges and their absence change.</summary>
    private void Heed(EdgeVerdict verdict, long now)
    {
        switch (_state, verdict)
        {
            case (EdgeClockState.Proving, EdgeVerdict.KeepsTime):
                Drive(now);
                break;
            case (EdgeClockState.Proving, EdgeVerdict.WrongRate or EdgeVerdict.Standstill):
                TellOverdue(verdict, now);
                break;
            case (EdgeClockState.Driving, EdgeVerdict.KeepsTime):
                TellReturn(now);
                break;
            case (EdgeClockState.Driving, EdgeVerdict.WrongRate):
                // How many periods these edges stand for cannot be said.
                Stop(EdgeClockState.Proving, timerFrom: now);
                TellLoss(Complaint(verdict));
                break;
            case (EdgeClockState.Driving, EdgeVerdict.Standstill):
                Stop(EdgeClockState.Proving, timerFrom: _lastEdge - (_pending * _edgeTime));
                TellLoss(Complaint(verdict));
                break;
            case (EdgeClockState.Proving or EdgeClockState.Driving, EdgeVerdict.Unbearable or EdgeVerdict.Unreadable):
                Stop(EdgeClockState.Abandoned, timerFrom: _lastEdge);
                TellLoss(Complaint(verdict));
                _line.Dispose();
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The period that the timer has begun goes on with the edges. It is longer or shorter by half the time of an edge at most, once.
    /// </summary>
    private void Drive(long now)
    {
        _pending = Math.Max((_lastEdge - _timer.BegunAt + (_edgeTime / 2)) / _edgeTime, 0);
        _drivingSince = now;
        _state = EdgeClockState.Driving;
    }

    private void Stop(EdgeClockState next, long timerFrom)
    {
        if (_state == EdgeClockState.Driving)
        {
            _timer.Restart(timerFrom);
        }

        _state = next;
    }

    private bool TryEndCounted(long now)
    {
        long periods = _pending / _edgesPerPeriod;
        if (periods == 0)
        {
            return false;
        }

        long over = Math.Max(periods - PeriodClock.MaximumPeriodsBehind, 0);
        _skippedPeriods += over;
        _pending -= (over + 1) * _edgesPerPeriod;
        _worstLateness = Math.Max(_worstLateness, now - (_lastEdge - (_pending * _edgeTime)));
        return true;
    }

    private void TellOverdue(EdgeVerdict verdict, long now)
    {
        if (!_isLossTold && now - _opened >= Patience)
        {
            TellLoss(Complaint(verdict));
        }
    }

    private void TellLoss(string complaint)
    {
        _losses++;
        if (!_isLossTold)
        {
            _isLossTold = true;
            _incident = new AudioIncident(AudioIncidentKind.Lost, complaint);
        }
    }

    private void TellReturn(long now)
    {
        if (_isLossTold && now - _drivingSince >= SteadyAfter)
        {
            _isLossTold = false;
            _incident = new AudioIncident(AudioIncidentKind.Recovered, $"the clock on line {_line.Name} keeps time again");
        }
    }

    private string Complaint(EdgeVerdict verdict) => $"the clock on line {_line.Name} " + verdict switch
    {
        EdgeVerdict.Standstill => "stands still; a timer takes its place",
        EdgeVerdict.Unreadable => SystemError.Sentence("cannot be read; a timer takes its place until the next start", _line.Failure),
        EdgeVerdict.Unbearable => $"ticks {_judge.Rate} times a second: nothing divides it; a timer takes its place until the next start",
        _ => $"ticks {_judge.Rate} times a second instead of {_edgesPerSecond} times; a timer takes its place",
    };
}
