using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The timers of transactions by the letters of RFC 3261 table 4 and RFC 6026 section 8.4. C is a proxy's; the rest belong to us.
/// </summary>
internal enum TransactionTimer
{
    /// <summary>INVITE request retransmission: T1, doubled each time.</summary>
    A,

    /// <summary>INVITE transaction timeout: 64*T1.</summary>
    B,

    /// <summary>Wait for repeated final responses to an INVITE: 64*T1, which is the 32 s that RFC 3261 asks for.</summary>
    D,

    /// <summary>Non-INVITE request retransmission: T1, doubled up to T2.</summary>
    E,

    /// <summary>Non-INVITE transaction timeout: 64*T1.</summary>
    F,

    /// <summary>INVITE response retransmission: T1, doubled up to T2.</summary>
    G,

    /// <summary>Wait for the ACK: 64*T1.</summary>
    H,

    /// <summary>Wait for repeated ACKs: T4.</summary>
    I,

    /// <summary>Wait for repeated non-INVITE requests: 64*T1.</summary>
    J,

    /// <summary>Wait for repeated responses to a non-INVITE request: T4.</summary>
    K,

    /// <summary>Wait for repeated INVITEs that were accepted: 64*T1.</summary>
    L,

    /// <summary>Wait for repeated 2xx, and those of other branches of a fork: 64*T1.</summary>
    M,
}

/// <summary>The times from which all timers are made (RFC 3261 section 17.1.1.1).</summary>
/// <param name="T1">The estimate of a round trip.</param>
/// <param name="T2">The longest interval between retransmissions of non-INVITE requests and INVITE responses.</param>
/// <param name="T4">How long a message can stay in the network.</param>
internal readonly record struct SipTimes(TimeSpan T1, TimeSpan T2, TimeSpan T4)
{
    /// <summary>How long is waited for an answer: 64*T1.</summary>
    public TimeSpan Patience => T1 * 64;

    /// <summary>The interval after this one: doubled, up to T2.</summary>
    public TimeSpan Next(TimeSpan interval) => interval * 2 < T2 ? interval * 2 : T2;
}

/// <summary>The timers of one transaction: a due time for each letter.</summary>
internal sealed class TransactionTimers
{
    private readonly Instant[] _due = new Instant[(int)TransactionTimer.M + 1];

    /// <summary>Timers of which none runs.</summary>
    public TransactionTimers() => StopAll();

    /// <summary>When the next timer is due; never when none runs.</summary>
    public Instant Next
    {
        get
        {
            Instant next = Instant.Never;
            foreach (Instant due in _due)
            {
                next = Instant.Soonest(next, due);
            }

            return next;
        }
    }

    /// <summary>Starts a timer, or starts it anew.</summary>
    public void Start(TransactionTimer timer, Instant due) => _due[(int)timer] = due;

    /// <summary>Stops all timers.</summary>
    public void StopAll() => Array.Fill(_due, Instant.Never);

    /// <summary>Takes the timer that is due first, and stops it; false when none is due.</summary>
    public bool TryTakeDue(Instant now, out TransactionTimer timer)
    {
        Instant next = Next;
        timer = (TransactionTimer)int.Max(Array.IndexOf(_due, next), 0);
        if (next == Instant.Never || next > now)
        {
            return false;
        }

        _due[(int)timer] = Instant.Never;
        return true;
    }
}
