using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// Reads the log of one station and holds it to its word: every call begins once and ends once, with a reason, and nothing is told of a
/// call before or after that. What it knows of the calls serves the other checks.
/// </summary>
internal sealed class Witness(string station, Func<long> now, Action<string, string>? trace) : ILogger
{
    private readonly Dictionary<int, SeenCall> _live = [];
    private int _strikes;

    /// <summary>Calls that this station has placed.</summary>
    public int Placed { get; private set; }

    /// <summary>Calls that have begun, in either direction.</summary>
    public int Begun { get; private set; }

    /// <summary>How many calls ended for which reason.</summary>
    public SortedDictionary<string, int> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls that were secured.</summary>
    public int Secured { get; private set; }

    /// <summary>Calls in which the peer was heard.</summary>
    public int Heard { get; private set; }

    /// <summary>The calls that have not ended, by their number.</summary>
    public IReadOnlyDictionary<int, SeenCall> Live => _live;

    /// <summary>The call that is answered; null when none is.</summary>
    public SeenCall? Talking { get; private set; }

    /// <summary>How often a code was accepted.</summary>
    public int CodesAccepted { get; private set; }

    /// <summary>Until when wrong codes of the past may count against a right one.</summary>
    public long WrongCodesCountUntil { get; private set; }

    /// <summary>Strike openings that the log has told, since the last time that it was asked.</summary>
    public int TakeStrikes()
    {
        int strikes = _strikes;
        _strikes = 0;
        return strikes;
    }

    /// <summary>The call that is up was hung up by somebody at the station itself, which is no line of the log.</summary>
    public void HungUpHere()
    {
        SeenCall call = Talking ?? throw new ViolationException($"{station}: hung up, but no call is up");
        End(call.Number, "hung up here");
    }

    /// <summary>The station has lost its power: nothing more is heard of its calls.</summary>
    public void PowerLost()
    {
        foreach (int call in new List<int>(_live.Keys))
        {
            End(call, "power lost");
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        trace?.Invoke(station, formatter(state, exception));
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            Take(eventId.Name ?? "", values);
        }
    }

    private void Take(string name, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        int call = Value(values, "Call") is int number ? number : 0;
        switch (name)
        {
            case "Calling":
                Placed++;
                Begin(call, Text(values, "Target"));
                break;
            case "Alerting":
                Begin(call, Text(values, "Caller"));
                break;
            case "Answering":
                Answer(call, Text(values, "Caller"));
                break;
            case "Rejecting":
                Reject(call, Text(values, "Reason"));
                break;
            case "Ringing":
                _ = Find(call, name);
                break;
            case "Answered":
                Talking = Find(call, name);
                break;
            case "Secured":
                Secure(Find(call, name));
                break;
            case "CannotPlace":
                End(call, "cannot be placed");
                break;
            case "Cancelling" or "HangingUp":
                End(call, Text(values, "Reason"));
                break;
            case "HungUp":
                End(call, "hung up there");
                break;
            case "Refused":
                End(call, $"status {Text(values, "Status")}");
                break;
            case "Broken":
                End(call, Text(values, "Problem"));
                break;
            case "StrikeOpens":
                _strikes++;
                break;
            case "CodeAccepted":
                CodesAccepted += Find(call, name).SecuredAt == long.MaxValue
                    ? throw new ViolationException($"{station}: a code was accepted in call {call}, which is not secured")
                    : 1;
                break;
            case "CodeWrong" or "CodesLocked":
                WrongCodesCountUntil = now() + 65_000_000_000;
                break;
            default:
                break;
        }
    }

    private static object? Value(IReadOnlyList<KeyValuePair<string, object?>> values, string key)
    {
        for (int index = 0; index < values.Count; index++)
        {
            if (values[index].Key == key)
            {
                return values[index].Value;
            }
        }

        return null;
    }

    private static string Text(IReadOnlyList<KeyValuePair<string, object?>> values, string key) => Value(values, key)?.ToString() ?? "";

    private void Begin(int call, string peer)
    {
        Begun++;
        if (!_live.TryAdd(call, new SeenCall(call, peer, now())))
        {
            throw new ViolationException($"{station}: call {call} began twice");
        }
    }

    private void Answer(int call, string caller)
    {
        if (!_live.ContainsKey(call))
        {
            Begin(call, caller);
        }

        Talking = _live[call];
    }

    private void Reject(int call, string reason)
    {
        if (!_live.ContainsKey(call))
        {
            Begin(call, "");
        }

        End(call, reason);
    }

    private void Secure(SeenCall call)
    {
        Secured++;
        call.SecuredAt = Math.Min(call.SecuredAt, now());
    }

    private void End(int call, string reason)
    {
        SeenCall ended = Find(call, $"its end ({reason})");
        if (reason.Length == 0)
        {
            throw new ViolationException($"{station}: call {call} ended without a reason");
        }

        Heard += ended.Heard > 0 ? 1 : 0;
        _ = _live.Remove(call);
        Talking = Talking == ended ? null : Talking;
        Ends[reason] = Ends.GetValueOrDefault(reason) + 1;
    }

    private SeenCall Find(int call, string what) => _live.GetValueOrDefault(call)
        ?? throw new ViolationException($"{station}: {what} was told of call {call}, which is not alive");
}

/// <summary>What a witness knows of a call.</summary>
/// <param name="number">The station's number for it.</param>
/// <param name="peer">Whom it calls, or who calls.</param>
/// <param name="begunAt">When it began, in nanoseconds.</param>
internal sealed class SeenCall(int number, string peer, long begunAt)
{
    public int Number => number;

    public string Peer => peer;

    public long BegunAt => begunAt;

    public long SecuredAt { get; set; } = long.MaxValue;

    /// <summary>Periods in which its peer was heard.</summary>
    public int Heard { get; set; }

    /// <summary>Whether something befell it that excuses silence, or a code that has no effect.</summary>
    public bool IsDisturbed { get; set; }
}
