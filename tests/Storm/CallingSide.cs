using System;
using System.Collections.Generic;
using System.IO;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Storm;

/// <summary>
/// The side that calls: first the long call, then the storm, so many calls at once until all have been made, then the silence in
/// which signalling forgets them, and at last the long call's end.
/// </summary>
internal sealed class CallingSide : Side
{
    /// <summary>How long the long call is up before the storm begins: its jitter buffer has settled by then.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls of a station in 64 T1: a called one of ours keeps two transactions of each, and <see cref="SipLimits.ServerTransactions"/>.
    /// </summary>
    private const int CallsOfCalled = 120;

    /// <summary>Calls of a station in 64 T1 when only the caller is ours: it keeps <see cref="SipLimits.KeptCalls"/>.</summary>
    private const int CallsOfCaller = 240;

    /// <summary>The call itself, and what signalling knows of it.</summary>
    private const int LeftOfLongCall = 2;

    private readonly TimeSpan _pace;
    private readonly int _count;
    private readonly int _atOnce;
    private readonly Moment _moment;
    private readonly IReadOnlyList<string> _targets;
    private readonly TextWriter _story;
    private readonly Random _random;
    private readonly SipCall _longCall;
    private Phase _phase = Phase.LongCall;
    private Instant _nextCall;
    private Instant _latest;
    private TimeSpan _concealedBefore;

    /// <param name="calls">How many calls there will be.</param>
    /// <param name="atOnce">How many of them at one time.</param>
    /// <param name="seed">What the moments of hanging up come from.</param>
    /// <param name="moment">When they are hung up. The long call may end early in a storm of handshakes.</param>
    /// <param name="isPeer">Whether it is a peer that is called, not our other side.</param>
    /// <param name="targets">Whom to call, in turn.</param>
    /// <param name="story">Where the phases are told.</param>
    public CallingSide(int calls, int atOnce, int seed, Moment moment, bool isPeer, IReadOnlyList<string> targets, TextWriter story)
        : base(calls, isPeer ? Station.UsualT1 : Station.ShortT1)
    {
        _pace = (isPeer ? Station.UsualT1 : Station.ShortT1) * 64 / ((isPeer ? CallsOfCaller : CallsOfCalled) * Stations);
        _count = calls;
        _atOnce = atOnce;
        _moment = moment;
        _targets = targets;
        _story = story;
        _random = new Random(seed);
        _latest = Loop.Now + Patience;
        _longCall = StationAt(0).Place(targets[0], Loop.Now, out string? problem) ?? throw new IOException(problem);
        StationAt(0).Finish(Loop.Now);
    }

    private enum Phase
    {
        LongCall,
        Lead,
        Storm,
        Silence,
        End,
        Over,
    }

    /// <inheritdoc/>
    public override bool IsOver => _phase == Phase.Over;

    /// <inheritdoc/>
    protected override Instant NextAct => _phase switch
    {
        Phase.Lead => _nextCall,
        Phase.Storm => HasRoom ? _nextCall : Instant.Never,
        Phase.LongCall or Phase.Silence or Phase.End => _latest,
        Phase.Over => Instant.Never,
    };

    private bool HasRoom => Open < _atOnce && Begun < _count;

    /// <inheritdoc/>
    protected override bool IsLongCall(Station station, in CallEvent happened, Instant now)
    {
        if (station.Number != 0 || happened.Call != _longCall)
        {
            return false;
        }

        if (happened.Kind == CallEventKind.Secured)
        {
            _phase = Phase.Lead;
            _nextCall = now + Lead;
        }
        else if (happened.Kind == CallEventKind.Ended && _moment == Moment.Random)
        {
            Fail($"the long call: {happened.Status} {happened.Problem}");
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void TakeCaller(Station station, in CallEvent happened, Instant now) => Fail("nobody was to call here");

    /// <inheritdoc/>
    protected override void Act(Instant now)
    {
        switch (_phase)
        {
            case Phase.LongCall when now >= _latest:
                Fail("the long call was not set up");
                _phase = Phase.Over;
                break;
            case Phase.Lead when now >= _nextCall:
                _concealedBefore = StationAt(0).Report(_longCall)?.Stream.Concealed ?? TimeSpan.Zero;
                _story.WriteLine("storm");
                _phase = Phase.Storm;
                break;
            case Phase.Storm when Begun == _count && Open == 0:
                _story.WriteLine("silence");
                Wait(Phase.Silence, now);
                break;
            case Phase.Storm when HasRoom && now >= _nextCall:
                Call(now);
                break;
            case Phase.Silence when Left <= LeftOfLongCall || now >= _latest:
                LongCall = StationAt(0).HangUp(_longCall, now) is { } report ? LongCallReport.Of(report, _concealedBefore) : null;
                StationAt(0).Finish(now);
                Wait(Phase.End, now);
                break;
            case Phase.End when Left == 0 || now >= _latest:
                _phase = Phase.Over;
                break;
            default:
                break;
        }
    }

    private void Wait(Phase phase, Instant now)
    {
        _phase = phase;
        _latest = now + Patience;
    }

    private void Call(Instant now)
    {
        _nextCall = now + _pace;
        Station station = StationAt(Begun % Stations);
        Fate fate = _moment == Moment.Secured ? Fate.OnceSecured : Fate.Draw(_random);
        if (station.Place(_targets[Begun % _targets.Count], now, out string? problem) is { } name)
        {
            Reach(Begin(station, name, fate, now), Stage.Invited, now);
        }
        else
        {
            Fail($"not placed: {problem}");
            Wait(Phase.Silence, now);
        }

        station.Finish(now);
    }
}
