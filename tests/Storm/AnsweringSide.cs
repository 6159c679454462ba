using System;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Storm;

/// <summary>
/// The side that is called. The first call is the long one. Of the others it answers half at once and half after some ringing, and
/// hangs up every second one itself, whenever its own fate says; calls that are to be encrypted it answers at once and leaves to their
/// caller. It ends when the long call is over and nothing is left of all.
/// </summary>
internal sealed class AnsweringSide(int calls, int seed, Moment moment) : Side(calls, Station.ShortT1)
{
    private const double LongestRinging = 20;

    private readonly Random _random = new(seed);
    private (Station Station, SipCall Name)? _longCall;
    private TimeSpan _concealedBefore;
    private Instant _latestEnd = Instant.Never;

    /// <inheritdoc/>
    public override bool IsOver => _latestEnd != Instant.Never && (Left == 0 || Loop.Now >= _latestEnd);

    /// <inheritdoc/>
    protected override Instant NextAct => _latestEnd;

    /// <inheritdoc/>
    protected override bool IsLongCall(Station station, in CallEvent happened, Instant now)
    {
        if (_longCall is null && happened.Kind == CallEventKind.Incoming)
        {
            _longCall = (station, happened.Call);
            station.Answer(happened.Call, now);
            return true;
        }

        if (_longCall != (station, happened.Call))
        {
            return false;
        }

        if (happened.Kind == CallEventKind.Ended)
        {
            _latestEnd = now + Patience;
            LongCall = happened.Problem is null ? LongCallReport.Of(happened.Report!, _concealedBefore) : null;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void TakeCaller(Station station, in CallEvent happened, Instant now)
    {
        if (happened.Kind == CallEventKind.TurnedAway)
        {
            Fail($"turned away: {happened.Problem}");
            return;
        }

        if (Begun == 0 && _longCall is { } longCall)
        {
            _concealedBefore = longCall.Station.Report(longCall.Name)?.Stream.Concealed ?? TimeSpan.Zero;
        }

        bool isOnlySecured = moment == Moment.Secured;
        Fate fate = !isOnlySecured && _random.Next(2) == 0 ? Fate.Draw(_random) : Fate.Patient;
        double ringing = _random.NextDouble() * LongestRinging;
        bool answersAtOnce = isOnlySecured || _random.Next(2) == 0;
        StormCall call = Begin(station, happened.Call, fate, now);
        Reach(call, Stage.Invited, now);
        if (!answersAtOnce)
        {
            station.Ring(call.Name, now);
        }

        DoLater(call, Deed.Answer, answersAtOnce ? TimeSpan.Zero : TimeSpan.FromMilliseconds(ringing), now);
    }

    /// <inheritdoc/>
    protected override void Act(Instant now)
    {
    }
}
