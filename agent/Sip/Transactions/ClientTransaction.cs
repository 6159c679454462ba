using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>One request of ours and the responses to it (RFC 3261 section 17.1). Its owner sends what a step asks for.</summary>
/// <param name="request">The request.</param>
/// <param name="message">The request as it is sent.</param>
/// <param name="destination">Where it is sent.</param>
/// <param name="call">The number of the call that it belongs to; 0 for the registration.</param>
internal abstract class ClientTransaction(SipRequest request, byte[] message, SipHop destination, int call)
{
    private TransactionTimers _timers = new();

    /// <summary>By what its responses find it.</summary>
    public TransactionKey Key { get; } = TransactionKey.OfClient(request.Branch, request.Method);

    /// <summary>The request.</summary>
    public SipRequest Request { get; private set; } = request;

    /// <summary>The request as it is sent; empty once it is never sent again.</summary>
    public byte[] Message { get; private set; } = message;

    /// <summary>Where it is sent.</summary>
    public SipHop Destination { get; private set; } = destination;

    /// <summary>Whether it goes by TCP only because of its length, so that it may go as a datagram where nobody takes TCP.</summary>
    public bool IsTooLargeForDatagrams { get; set; }

    /// <summary>The number of the call that it belongs to; 0 for the registration.</summary>
    public int Call { get; } = call;

    /// <summary>When the next timer is due.</summary>
    public Instant WakeAt => _timers.Next;

    /// <summary>Whether it still waits for a final response.</summary>
    public abstract bool IsWaiting { get; }

    /// <summary>Whether its user may still hear of it.</summary>
    public abstract bool MayTell { get; }

    /// <summary>Whether it is over.</summary>
    public abstract bool IsTerminated { get; }

    /// <summary>The timers that run.</summary>
    protected ref TransactionTimers Timers => ref _timers;

    /// <summary>Takes a response to the request in.</summary>
    /// <param name="status">The status of the response.</param>
    /// <param name="now">The current time.</param>
    public abstract TransactionActions Receive(int status, Instant now);

    /// <summary>Lets go what a response makes needless: the transaction stays for 64*T1, and much of it is what a short call leaves.</summary>
    /// <param name="status">The status of the response.</param>
    public void ForgetWhatIsOver(int status)
    {
        if (!IsWaiting)
        {
            Message = [];
        }

        if (status is >= 200 and < 300)
        {
            // No other response can ask for the request once more, with credentials.
            Request = Request.WithoutContent();
        }
    }

    /// <summary>
    /// Takes in the network's report that a transmission of the request reached nobody (RFC 3261 section 18.4). Such a report is not
    /// authenticated and may be forged: it counts from the second transmission on, and only while nothing came back, for a peer that
    /// lives answers the first one before that. What a connection of ours reports is no rumour, and counts at once.
    /// </summary>
    public abstract TransactionActions ReceiveUnreachable(Instant now);

    /// <summary>Nobody takes TCP there: the request goes as a datagram, and is repeated like one.</summary>
    public void FallBack(SipRequest request, byte[] message, SipHop destination, Instant now)
    {
        IsTooLargeForDatagrams = false;
        Request = request;
        Message = message;
        Destination = destination;
        StartRepeating(now);
    }

    /// <summary>Starts the timer that repeats the request over a transport that does not.</summary>
    protected abstract void StartRepeating(Instant now);

    /// <summary>Lets one timer fire if one is due.</summary>
    public abstract TransactionActions Advance(Instant now);

    /// <summary>Ends the transaction at once. Asking twice does no harm.</summary>
    public abstract void Terminate();
}
