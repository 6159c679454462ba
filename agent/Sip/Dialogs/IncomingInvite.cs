using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// An INVITE of the peer's until its ACK. The 2xx is repeated here and not by the transaction (RFC 3261 section 13.3.1.4).
/// </summary>
/// <param name="transaction">The transaction.</param>
/// <param name="sequence">Its CSeq, which the ACK repeats.</param>
/// <param name="isLateOffer">Whether it came without an offer, so that our 2xx offers and the ACK answers.</param>
internal sealed class IncomingInvite(ServerTransaction transaction, int sequence, bool isLateOffer)
{
    private TimeSpan _interval;
    private bool _isAgreed;

    /// <summary>The transaction.</summary>
    public ServerTransaction Transaction => transaction;

    /// <summary>Its CSeq.</summary>
    public int Sequence => sequence;

    /// <summary>Whether the offer is ours to make, and was not answered yet.</summary>
    public bool IsLateOffer => isLateOffer && !_isAgreed;

    /// <summary>Whether offer and answer were exchanged before our 2xx, which then carries neither (RFC 3262 section 5).</summary>
    public bool IsAgreed => _isAgreed;

    /// <summary>Whether our 2xx waits for its ACK.</summary>
    public bool AwaitsAck => EndAt != Instant.Never;

    /// <summary>Whether it is neither answered for good nor acknowledged.</summary>
    public bool IsInProgress => !transaction.IsAnswered || AwaitsAck;

    /// <summary>When the 2xx is repeated.</summary>
    public Instant RepeatAt { get; private set; } = Instant.Never;

    /// <summary>When the ACK is given up.</summary>
    public Instant EndAt { get; private set; } = Instant.Never;

    /// <summary>A PRACK has answered our offer.</summary>
    public void Agree() => _isAgreed = true;

    /// <summary>The 2xx was sent.</summary>
    public void Accept(SipTimes times, Instant now)
    {
        _interval = times.T1;
        RepeatAt = now + _interval;
        EndAt = now + times.Patience;
    }

    /// <summary>The 2xx was sent once more.</summary>
    public void Repeat(SipTimes times, Instant now)
    {
        _interval = times.Next(_interval);
        RepeatAt = now + _interval;
    }

    /// <summary>The ACK came, or is no longer waited for.</summary>
    public void Stop()
    {
        if (AwaitsAck)
        {
            // RFC 6026 section 7.1: from now on a repeated INVITE is absorbed.
            transaction.ForgetResponse();
        }

        RepeatAt = Instant.Never;
        EndAt = Instant.Never;
    }
}
