using System;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// How long a flight waits for its answer before it is sent again (RFC 6347 section 4.2.4.1, RFC 9147 section 5.8.2): the default until
/// a round trip was measured, then what that one teaches; twice as long after each loss.
/// </summary>
internal sealed class RetransmissionTimeout
{
    /// <summary>
    /// What a peer's public-key operations may take beside the way: four of them, between its audio periods, on a board of our kind. It
    /// is the shortest timeout, too: on the shortest path nothing else is waited for.
    /// </summary>
    public static readonly TimeSpan PublicKeyAllowance = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Where doubling ends. RFC 6347 asks for a minute, so that a congested path recovers; a handshake for media is given up before that
    /// (<see cref="DtlsSettings.HandshakeLimit"/>), has sent a dozen small flights by then at the most, and should notice within seconds
    /// that the path works again. RFC 9147 section 5.8.2 leaves it to the profile.
    /// </summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromSeconds(5);

    // RFC 9147 section 5.8.2.
    private const double RoundTripsToWait = 1.5;

    private TimeSpan _first;

    /// <summary>Nothing is known of the path.</summary>
    /// <param name="first">The default.</param>
    public RetransmissionTimeout(TimeSpan first)
    {
        _first = first;
        Current = first;
    }

    /// <summary>How long the present transmission waits.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>
    /// An answer has come to what was sent only once. To what was sent twice, nothing tells which of them it answers (Karn's rule): such
    /// a time is not given here.
    /// </summary>
    /// <param name="elapsed">The time from the one to the other.</param>
    /// <param name="peerComputed">
    /// Whether the answer cost the peer public-key operations. Then they are in the time already, as they will be in the next; the time
    /// is never mistaken for a longer path than that, since it is shorter than the timeout under which it was measured.
    /// </param>
    public void Measure(TimeSpan elapsed, bool peerComputed)
    {
        TimeSpan wait = elapsed * RoundTripsToWait;
        _first = peerComputed ? Longer(wait, PublicKeyAllowance) : wait + PublicKeyAllowance;
    }

    /// <summary>A flight begins whose predecessor got through the first time.</summary>
    public void Restart() => Current = _first;

    /// <summary>The flight, or its answer, was lost.</summary>
    public void BackOff() => Current = Current * 2 < Maximum ? Current * 2 : Longer(Current, Maximum);

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
