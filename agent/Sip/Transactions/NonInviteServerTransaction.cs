using System;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Sip.NonInviteServerState;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Sip;

/// <summary>The states of RFC 3261 figure 8.</summary>
internal enum NonInviteServerState
{
    /// <summary>No response yet.</summary>
    Trying,

    /// <summary>A provisional response was sent.</summary>
    Proceeding,

    /// <summary>The final response was sent.</summary>
    Completed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What happens to a non-INVITE server transaction.</summary>
internal enum NonInviteServerInput
{
    Request,
    Provisional,
    Final,
    TimerJ,
}

/// <summary>A request of a peer's other than INVITE and ACK (RFC 3261 section 17.2.2).</summary>
internal sealed class NonInviteServerTransaction(
    byte[] request, SipHop source, SipHop destination, byte[] tag, SipTimes times)
    : ServerTransaction(request, source, destination, tag)
{
    /// <summary>Where it stands.</summary>
    public NonInviteServerState State { get; private set; } = Trying;

    /// <inheritdoc/>
    public override bool AwaitsAck => false;

    /// <inheritdoc/>
    public override bool IsAnswered => State is Completed or Terminated;

    /// <inheritdoc/>
    public override bool IsSettled => State == Completed;

    /// <inheritdoc/>
    public override bool IsTerminated => State == Terminated;

    /// <summary>Every transition there is.</summary>
    public static (NonInviteServerState State, TransactionActions Actions) Next(NonInviteServerState state, NonInviteServerInput input) =>
        (state, input) switch
        {
            (Trying or Proceeding, NonInviteServerInput.Provisional) => (Proceeding, Send),
            (Trying or Proceeding, NonInviteServerInput.Final) => (Completed, Send),
            (Proceeding or Completed, NonInviteServerInput.Request) => (state, Send),
            (Completed, NonInviteServerInput.TimerJ) => (Terminated, None),
            _ => (state, None),
        };

    /// <inheritdoc/>
    public override TransactionActions ReceiveAgain(Instant now) => Step(NonInviteServerInput.Request, now);

    /// <inheritdoc/>
    public override TransactionActions Advance(Instant now) =>
        Timers.TryTakeDue(now, out _) ? Step(NonInviteServerInput.TimerJ, now) : None;

    /// <inheritdoc/>
    protected override TransactionActions Respond(int status, Instant now) =>
        Step(status < 200 ? NonInviteServerInput.Provisional : NonInviteServerInput.Final, now);

    private TransactionActions Step(NonInviteServerInput input, Instant now)
    {
        (NonInviteServerState next, TransactionActions actions) = Next(State, input);
        if (next != State)
        {
            State = next;
            Timers.StopAll();
            if (next == Completed)
            {
                Timers.Start(TransactionTimer.J, now + (Destination.IsReliable ? TimeSpan.Zero : times.Patience));
            }
        }

        return actions;
    }
}
