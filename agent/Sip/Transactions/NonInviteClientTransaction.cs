using System;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Sip.NonInviteClientState;
using static IntercomAgent.Sip.TransactionActions;

namespace IntercomAgent.Sip;

/// <summary>The states of RFC 3261 figure 6.</summary>
internal enum NonInviteClientState
{
    /// <summary>The request is out, over and over; nothing came back.</summary>
    Trying,

    /// <summary>A provisional response came; the request is still repeated, at long intervals.</summary>
    Proceeding,

    /// <summary>A final response came.</summary>
    Completed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What happens to a non-INVITE client transaction.</summary>
internal enum NonInviteClientInput
{
    TransportError,
    Provisional,
    Final,
    TimerE,
    TimerF,
    TimerK,
}

/// <summary>A request of ours other than INVITE and ACK (RFC 3261 section 17.1.2).</summary>
internal sealed class NonInviteClientTransaction : ClientTransaction
{
    private readonly SipTimes _times;
    private TimeSpan _interval;

    /// <summary>Begins; the owner sends the request.</summary>
    public NonInviteClientTransaction(
        SipRequest request, byte[] message, SipHop destination, int call, SipTimes times, Instant now)
        : base(request, message, destination, call)
    {
        _times = times;
        _interval = times.T1;
        if (!destination.IsReliable)
        {
            StartRepeating(now);
        }

        Timers.Start(TransactionTimer.F, now + times.Patience);
    }

    /// <summary>Where it stands.</summary>
    public NonInviteClientState State { get; private set; } = Trying;

    /// <inheritdoc/>
    public override bool IsWaiting => State is Trying or Proceeding;

    /// <inheritdoc/>
    public override bool MayTell => IsWaiting;

    /// <inheritdoc/>
    public override bool IsTerminated => State == Terminated;

    /// <summary>Every transition there is.</summary>
    public static (NonInviteClientState State, TransactionActions Actions) Next(NonInviteClientState state, NonInviteClientInput input) =>
        (state, input) switch
        {
            (Trying, NonInviteClientInput.TransportError) => (Terminated, Unreachable),
            (Trying or Proceeding, NonInviteClientInput.TimerE) => (state, Send),
            (Trying or Proceeding, NonInviteClientInput.TimerF) => (Terminated, TimedOut),
            (Trying or Proceeding, NonInviteClientInput.Provisional) => (Proceeding, Tell),
            (Trying or Proceeding, NonInviteClientInput.Final) => (Completed, Tell),
            (Completed, NonInviteClientInput.TimerK) => (Terminated, None),
            _ => (state, None),
        };

    /// <inheritdoc/>
    public override TransactionActions Receive(int status, Instant now) =>
        Step(status < 200 ? NonInviteClientInput.Provisional : NonInviteClientInput.Final, now);

    /// <inheritdoc/>
    public override TransactionActions ReceiveUnreachable(Instant now) =>
        Destination.IsReliable || _interval > _times.T1 ? Step(NonInviteClientInput.TransportError, now) : None;

    /// <inheritdoc/>
    public override TransactionActions Advance(Instant now)
    {
        if (!Timers.TryTakeDue(now, out TransactionTimer timer))
        {
            return None;
        }

        NonInviteClientInput input = timer switch
        {
            TransactionTimer.E => NonInviteClientInput.TimerE,
            TransactionTimer.F => NonInviteClientInput.TimerF,
            _ => NonInviteClientInput.TimerK,
        };
        if (input == NonInviteClientInput.TimerE)
        {
            _interval = State == Proceeding ? _times.T2 : _times.Next(_interval);
            Timers.Start(TransactionTimer.E, now + _interval);
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
    protected override void StartRepeating(Instant now) => Timers.Start(TransactionTimer.E, now + _interval);

    private TransactionActions Step(NonInviteClientInput input, Instant now)
    {
        (NonInviteClientState next, TransactionActions actions) = Next(State, input);
        if (next is Completed or Terminated && next != State)
        {
            Timers.StopAll();
            if (next == Completed)
            {
                Timers.Start(TransactionTimer.K, now + (Destination.IsReliable ? TimeSpan.Zero : _times.T4));
            }
        }

        State = next;
        return actions;
    }
}
