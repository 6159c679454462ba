using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>One request of a peer's and our responses to it (RFC 3261 section 17.2). Its owner sends what a step asks for.</summary>
/// <param name="request">A copy of the request.</param>
/// <param name="source">Where the request came from.</param>
/// <param name="destination">Where responses go (RFC 3261 section 18.2.2, RFC 3581 section 4).</param>
/// <param name="tag">The tag that we put into To where the request has none.</param>
internal abstract class ServerTransaction(byte[] request, SipHop source, SipHop destination, byte[] tag)
{
    private TransactionTimers _timers = new();

    /// <summary>The datagram that the request came in; empty once it has had its final response, which is all that is repeated.</summary>
    public byte[] Request { get; private set; } = request;

    /// <summary>Where the request came from.</summary>
    public SipHop Source { get; } = source;

    /// <summary>Where responses go.</summary>
    public SipHop Destination { get; } = destination;

    /// <summary>The tag that we put into To where the request has none.</summary>
    public byte[] Tag { get; } = tag;

    /// <summary>What the request has in common with copies of it that came by other ways.</summary>
    public required TransactionKey Origin { get; init; }

    /// <summary>The number of the call that the request belongs to; 0 for none.</summary>
    public int Call { get; set; }

    /// <summary>The response that was sent last; null before the first, and once it is never repeated.</summary>
    public byte[]? Response { get; private set; }

    /// <summary>When the next timer is due.</summary>
    public Instant WakeAt => _timers.Next;

    /// <summary>Whether a final response that needs an ACK still waits for it.</summary>
    public abstract bool AwaitsAck { get; }

    /// <summary>Whether the request has had its final response.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Whether nothing is left but to absorb the request when it comes again, or to answer it by the same response.</summary>
    public abstract bool IsSettled { get; }

    /// <summary>Whether it is over.</summary>
    public abstract bool IsTerminated { get; }

    /// <summary>The timers that run.</summary>
    protected ref TransactionTimers Timers => ref _timers;

    /// <summary>The request came once more.</summary>
    public abstract TransactionActions ReceiveAgain(Instant now);

    /// <summary>Takes a response of ours; it is the last one from now on if the step asks to send it.</summary>
    public TransactionActions Respond(int status, byte[] response, Instant now)
    {
        TransactionActions actions = Respond(status, now);
        if (actions.HasFlag(TransactionActions.Send))
        {
            Response = response;
        }

        // What stays for 64*T1 after that is most of what a short call leaves in memory.
        Request = IsAnswered ? [] : Request;

        return actions;
    }

    /// <summary>The response will not be repeated.</summary>
    public void ForgetResponse() => Response = null;

    /// <summary>Lets one timer fire if one is due.</summary>
    public abstract TransactionActions Advance(Instant now);

    /// <summary>The step that a response of ours makes.</summary>
    protected abstract TransactionActions Respond(int status, Instant now);
}
