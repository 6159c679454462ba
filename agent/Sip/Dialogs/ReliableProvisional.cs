using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// A provisional response of ours until its PRACK (RFC 3262 section 3). There is never more than one: the next has to wait for it.
/// </summary>
/// <param name="number">Its RSeq.</param>
/// <param name="sequence">The CSeq of the INVITE.</param>
/// <param name="hasOffer">Whether it carries our offer, so that the PRACK has to answer it (section 5).</param>
/// <param name="times">T1 and what follows from it.</param>
/// <param name="now">When it was sent.</param>
internal sealed class ReliableProvisional(int number, int sequence, bool hasOffer, SipTimes times, Instant now)
{
    private TimeSpan _interval = times.T1;

    /// <summary>Its RSeq.</summary>
    public int Number => number;

    /// <summary>Whether it carries our offer.</summary>
    public bool HasOffer => hasOffer;

    /// <summary>When it is repeated.</summary>
    public Instant RepeatAt { get; private set; } = now + times.T1;

    /// <summary>When the PRACK is given up.</summary>
    public Instant EndAt { get; private set; } = now + times.Patience;

    /// <summary>Whether a PRACK acknowledges it.</summary>
    public bool IsAcknowledgedBy(in SipMessage prack)
    {
        // RFC 3262 section 7.2: RSeq, CSeq number, method.
        ReadOnlySpan<byte> rest = prack.Headers.Find(SipHeaderName.RAck);
        return TryTakeNumber(ref rest, out int response) && response == number
            && TryTakeNumber(ref rest, out int request) && request == sequence
            && rest.SequenceEqual("INVITE"u8);
    }

    /// <summary>It was sent once more. The interval doubles without the bound of T2, unlike that of a 2xx.</summary>
    public void Repeat()
    {
        _interval *= 2;
        RepeatAt += _interval;
    }

    /// <summary>The INVITE has its final response: a PRACK is still welcome, but no longer waited for.</summary>
    public void Stop() => RepeatAt = EndAt = Instant.Never;

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, out int value)
    {
        int end = rest.IndexOfAny(" \t\r\n"u8);
        ReadOnlySpan<byte> digits = end < 0 ? default : rest[..end];
        rest = end < 0 ? default : SipGrammar.Trim(rest[end..]);
        return SipGrammar.TryReadNumber(digits, out value);
    }
}
