using System;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Sip.InviteClientState;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Sip;

/// <summary>The states of RFC 3261 figure 5 as RFC 6026 section 8.4 amends it.</summary>
internal enum InviteClientState
{
    /// <summary>The INVITE is out, over and over; nothing came back.</summary>
    Calling,

    /// <summary>A provisional response came.</summary>
    Proceeding,

    /// <summary>A 2xx came; more may come from other branches.</summary>
    Accepted,

    /// <summary>Another final response came and is acknowledged as often as it comes.</summary>
    Completed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What happens to an INVITE client transaction.</summary>
internal enum InviteClientInput
{
    TransportError,
    Provisional,
    Success,
    Failure,
    TimerA,
    TimerB,
    TimerD,
    TimerM,
}

/// <summary>
/// An INVITE of ours (RFC 3261 section 17.1.1, RFC 6026 section 7.2). It begins when it is made; the owner sends the request.
/// </summary>
internal sealed class InviteClientTransaction : ClientTransaction
{
    private readonly SipTimes _times;
    private TimeSpan _interval;

    /// <summary>Begins.</summary>
    public InviteClientTransaction(SipRequest request, byte[] message, SipHop destination, int call, SipTimes times, Instant now)
        : base(request, message, destination, call)
    {
        _times = times;
        _interval = times.T1;
        if (!destination.IsReliable)
        {
            StartRepeating(now);
        }

        Timers.Start(TransactionTimer.B, now + times.Patience);
    }

    /// <summary>Where it stands.</summary>
    public InviteClientState State { get; private set; } = Calling;

    /// <inheritdoc/>
    public override bool IsWaiting => State is Calling or Proceeding;

    /// <inheritdoc/>
    public override bool MayTell => State is Calling or Proceeding or Accepted;

    /// <inheritdoc/>
    public override bool IsTerminated => State == Terminated;

    /// <summary>Every transition there is.</summary>
    public static (InviteClientState State, TransactionActions Actions) Next(InviteClientState state, InviteClientInput input) =>
        (state, input) switch
        {
            (Calling, InviteClientInput.TransportError) => (Terminated, Unreachable),
            (Calling, InviteClientInput.TimerA) => (Calling, Send),
            (Calling, InviteClientInput.TimerB) => (Terminated, TimedOut),
            (Calling or Proceeding, InviteClientInput.Provisional) => (Proceeding, Tell),
            (Calling or Proceeding, InviteClientInput.Success) => (Accepted, Tell),
            (Calling or Proceeding, InviteClientInput.Failure) => (Completed, Acknowledge | Tell),
            (Accepted, InviteClientInput.Success) => (Accepted, Tell),
            (Accepted, InviteClientInput.TimerM) => (Terminated, None),
            (Completed, InviteClientInput.Failure) => (Completed, Acknowledge),
            (Completed, InviteClientInput.TimerD) => (Terminated, None),
            _ => (state, None),
        };

    /// <inheritdoc/>
    public override TransactionActions Receive(int status, Instant now) => Step(
        status switch
        {
            < 200 => InviteClientInput.Provisional,
            < 300 => InviteClientInput.Success,
            _ => InviteClientInput.Failure,
        },
        now);

    /// <inheritdoc/>
    public override TransactionActions ReceiveUnreachable(Instant now) =>
        Destination.IsReliable || _interval > _times.T1 ? Step(InviteClientInput.TransportError, now) : None;

    /// <inheritdoc/>
    public override TransactionActions Advance(Instant now)
    {
        if (!Timers.TryTakeDue(now, out TransactionTimer timer))
        {
            return None;
        }

        InviteClientInput input = timer switch
        {
            TransactionTimer.A => InviteClientInput.TimerA,
            TransactionTimer.B => InviteClientInput.TimerB,
            TransactionTimer.D => InviteClientInput.TimerD,
            _ => InviteClientInput.TimerM,
        };
        if (input == InviteClientInput.TimerA)
        {
            // RFC 3261 section 17.1.1.2: doubled each time, without the bound of T2.
            _interval *= 2;
            Timers.Start(TransactionTimer.A, now + _interval);
        }

        return Step(input, now);
    }

    /// <inheritdoc/>
    public override void Terminate()
    {
        State = Terminated;
        Timers.StopAll();
    }

    /// <inheritdoc/>
    protected override void StartRepeating(Instant now) => Timers.Start(TransactionTimer.A, now + _interval);

    private TransactionActions Step(InviteClientInput input, Instant now)
    {
        (InviteClientState next, TransactionActions actions) = Next(State, input);
        if (next != State)
        {
            State = next;
            Timers.StopAll();
            if (next is Accepted or Completed)
            {
                bool isRepeated = next == Accepted || !Destination.IsReliable;
                Timers.Start(
                    next == Accepted ? TransactionTimer.M : TransactionTimer.D, now + (isRepeated ? _times.Patience : TimeSpan.Zero));
            }
        }

        return actions;
    }
}
