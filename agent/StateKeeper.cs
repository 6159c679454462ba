using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Files;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Logging;
using IntercomAgent.State;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent;

/// <summary>
/// Writes the state when it changes, and never else: wrong codes at once, in mid-call too, as somebody may be about to cut the power;
/// counters when no call is up, and not often. Each step of it is one of the loop's pieces of work.
/// </summary>
/// <param name="disk">Where files are.</param>
/// <param name="path">The file.</param>
/// <param name="start">The state at the start: what was read, with this start counted.</param>
/// <param name="host">The station. It takes its turn before this does.</param>
/// <param name="logger">Where a disk that fails is told of, once.</param>
internal sealed class StateKeeper(IFileSteps disk, string path, DurableState start, AgentHost host, ILogger logger) : ITurnMember
{
    /// <summary>
    /// The shortest time between two writes that only count: a door that opens all day wears a memory card no more than its log does.
    /// </summary>
    public static readonly TimeSpan CounterInterval = TimeSpan.FromMinutes(10);

    /// <summary>How long a disk that failed is left alone.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private FileReplacement? _replacement;
    private DurableState? _replacing;
    private DurableState? _written;
    private Instant _countsAt = Instant.Zero;
    private Instant _retriesAt = Instant.Zero;
    private bool _toldProblem;
    private bool _isOver;

    /// <summary>Nothing wakes the loop for it: what changes the state does, and the audio clock.</summary>
    public Instant WakeAt => Instant.Never;

    /// <inheritdoc/>
    public bool HasWork => _replacement is not null;

    private DurableState Current => start with
    {
        DoorOpenings = start.DoorOpenings + host.DoorOpenings,
        WrongCodeEntries = host.WrongCodeEntries,
    };

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
        if (!_isOver && _replacement is null && now >= _retriesAt && IsDue(now))
        {
            Begin();
        }
    }

    /// <inheritdoc/>
    public void Work(Instant now)
    {
        if (_replacement is not { } replacement)
        {
            return;
        }

        if (!replacement.TryStep(out string? problem))
        {
            Fail(problem, now);
        }
        else if (replacement.IsDone)
        {
            Succeed(now);
        }
    }

    /// <summary>Writes what is not written yet, all at once: before the station ends and forgets. Nothing is written after that.</summary>
    public void Finish(Instant now)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (_written != Current)
        {
            Begin();
            if (_replacement!.TryFinish(out string? problem))
            {
                Succeed(now);
            }
            else
            {
                Fail(problem, now);
            }
        }
    }

    private bool IsDue(Instant now) => _written is null
        || _written.WrongCodeEntries != host.WrongCodeEntries
        || (host.State == StationState.Quiet && now >= _countsAt && _written.DoorOpenings != start.DoorOpenings + host.DoorOpenings);

    private void Begin()
    {
        _replacing = Current;
        _replacement = new FileReplacement(disk, path, _replacing.ToBytes());
    }

    private void Succeed(Instant now)
    {
        _replacement = null;
        _written = _replacing;
        _countsAt = now + CounterInterval;
        _toldProblem = false;
    }

    private void Fail(string problem, Instant now)
    {
        _replacement = null;
        _retriesAt = now + RetryInterval;
        if (!_toldProblem)
        {
            _toldProblem = true;
            HostLog.StateNotWritten(logger, problem);
        }
    }
}
