using System;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Sip.InviteServerState;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Sip;

/// <summary>The states of RFC 3261 figure 7 as RFC 6026 section 8.5 amends it.</summary>
internal enum InviteServerState
{
    /// <summary>No final response yet.</summary>
    Proceeding,

    /// <summary>A 2xx was sent; repeated INVITEs are absorbed.</summary>
    Accepted,

    /// <summary>Another final response was sent and is repeated until the ACK.</summary>
    Completed,

    /// <summary>The ACK came; repeated ones are absorbed.</summary>
    Confirmed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What happens to an INVITE server transaction.</summary>
internal enum InviteServerInput
{
    Invite,
    Ack,
    Provisional,
    Success,
    Failure,
    TimerG,
    TimerH,
    TimerI,
    TimerL,
}

/// <summary>An INVITE of a peer's (RFC 3261 section 17.2.1, RFC 6026 section 7.1).</summary>
internal sealed class InviteServerTransaction(
    byte[] request, SipHop source, SipHop destination, byte[] tag, SipTimes times)
    : ServerTransaction(request, source, destination, tag)
{
    private TimeSpan _interval = times.T1;

    /// <summary>Where it stands.</summary>
    public InviteServerState State { get; private set; } = Proceeding;

    /// <inheritdoc/>
    public override bool AwaitsAck => State == Completed;

    /// <inheritdoc/>
    public override bool IsAnswered => State != Proceeding;

    /// <inheritdoc/>
    public override bool IsSettled => State == Accepted && Response is null;

    /// <inheritdoc/>
    public override bool IsTerminated => State == Terminated;

    /// <summary>Every transition there is.</summary>
    public static (InviteServerState State, TransactionActions Actions) Next(InviteServerState state, InviteServerInput input) =>
        (state, input) switch
        {
            (Proceeding, InviteServerInput.Invite) => (Proceeding, Send),
            (Proceeding, InviteServerInput.Provisional) => (Proceeding, Send),
            (Proceeding, InviteServerInput.Success) => (Accepted, Send),
            (Proceeding, InviteServerInput.Failure) => (Completed, Send),
            (Accepted, InviteServerInput.Success) => (Accepted, Send),
            (Accepted, InviteServerInput.Ack) => (Accepted, Tell),
            (Accepted, InviteServerInput.TimerL) => (Terminated, None),
            (Completed, InviteServerInput.Invite) => (Completed, Send),
            (Completed, InviteServerInput.TimerG) => (Completed, Send),
            (Completed, InviteServerInput.TimerH) => (Terminated, None),
            (Completed, InviteServerInput.Ack) => (Confirmed, None),
            (Confirmed, InviteServerInput.TimerI) => (Terminated, None),
            _ => (state, None),
        };

    /// <inheritdoc/>
    public override TransactionActions ReceiveAgain(Instant now) => Step(InviteServerInput.Invite, now);

    /// <summary>An ACK came with this transaction's branch.</summary>
    public TransactionActions ReceiveAck(Instant now) => Step(InviteServerInput.Ack, now);

    /// <inheritdoc/>
    public override TransactionActions Advance(Instant now)
    {
        if (!Timers.TryTakeDue(now, out TransactionTimer timer))
        {
            return None;
        }

        InviteServerInput input = timer switch
        {
            TransactionTimer.G => InviteServerInput.TimerG,
            TransactionTimer.H => InviteServerInput.TimerH,
            TransactionTimer.I => InviteServerInput.TimerI,
            _ => InviteServerInput.TimerL,
        };
        if (input == InviteServerInput.TimerG)
        {
            _interval = times.Next(_interval);
            Timers.Start(TransactionTimer.G, now + _interval);
        }

        return Step(input, now);
    }

    /// <inheritdoc/>
    protected override TransactionActions Respond(int status, Instant now) => Step(
        status switch
        {
            < 200 => InviteServerInput.Provisional,
            < 300 => InviteServerInput.Success,
            _ => InviteServerInput.Failure,
        },
        now);

    private TransactionActions Step(InviteServerInput input, Instant now)
    {
        (InviteServerState next, TransactionActions actions) = Next(State, input);
        if (next != State)
        {
            State = next;
            Timers.StopAll();
            StartTimers(now);
        }

        return actions;
    }

    private void StartTimers(Instant now)
    {
        switch (State)
        {
            case Accepted:
                Timers.Start(TransactionTimer.L, now + times.Patience);
                break;
            case Completed:
                if (!Destination.IsReliable)
                {
                    Timers.Start(TransactionTimer.G, now + _interval);
                }

                Timers.Start(TransactionTimer.H, now + times.Patience);
                break;
            case Confirmed:
                Timers.Start(TransactionTimer.I, now + (Destination.IsReliable ? TimeSpan.Zero : times.T4));
                break;
            case Proceeding or Terminated:
                break;
        }
    }
}
