using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The timers of transactions by the letters of RFC 3261 table 4 and RFC 6026 section 8.4. C is a proxy's; the rest belong to us.
/// Over a transport that repeats by itself A, E and G do not run, and D, I, J and K are over at once.
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

/// <summary>The timers of one transaction, of which no more than two run at a time. It lies in the transaction itself.</summary>
internal struct TransactionTimers
{
    private RunningTimer _one;
    private RunningTimer _other;

    /// <summary>Timers of which none runs.</summary>
    public TransactionTimers() => StopAll();

    /// <summary>When the next timer is due; never when none runs.</summary>
    public readonly Instant Next => Instant.Soonest(_one.Due, _other.Due);

    /// <summary>Starts a timer that does not run.</summary>
    public void Start(TransactionTimer timer, Instant due)
    {
        if (_one.Due == Instant.Never)
        {
            _one = new RunningTimer(timer, due);
        }
        else if (_other.Due == Instant.Never)
        {
            _other = new RunningTimer(timer, due);
        }
        else
        {
            throw new InvalidOperationException("Two timers run already.");
        }
    }

    /// <summary>Stops all timers.</summary>
    public void StopAll() => _one = _other = new RunningTimer(default, Instant.Never);

    /// <summary>Takes the timer that is due first, of two at one moment the one of the earlier letter, and stops it; false when none is due.</summary>
    public bool TryTakeDue(Instant now, out TransactionTimer timer)
    {
        bool isOne = _one.Due < _other.Due || (_one.Due == _other.Due && _one.Timer < _other.Timer);
        ref RunningTimer first = ref _one;
        if (!isOne)
        {
            first = ref _other;
        }

        timer = first.Timer;
        if (first.Due == Instant.Never || first.Due > now)
        {
            return false;
        }

        first = first with { Due = Instant.Never };
        return true;
    }

    private readonly record struct RunningTimer(TransactionTimer Timer, Instant Due);
}
