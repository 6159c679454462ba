using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// Keeps the way to a server open. One that sends us all by that way, or asks for it (RFC 6223), answers, so that we find out when the way
/// is no more (RFC 5626 section 4.4): by STUN over UDP, by line ends on a connection. Towards any other over UDP, empty lines that nobody
/// answers keep a translator in between from forgetting us, where there is one.
/// </summary>
internal sealed class FlowKeepAlive(SipCore core, SipFlow flow)
{
    /// <summary>The longest pause over UDP where the server names none: translators forget after 30 s (section 4.4.2).</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(29);

    /// <summary>The longest pause on a connection where the server names none (section 4.4.1).</summary>
    private static readonly TimeSpan LongestPauseOfConnections = TimeSpan.FromSeconds(120);

    /// <summary>STUN's first guess of a round trip (RFC 8489 section 6.2.1).</summary>
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a STUN request is sent, and how many round trips are waited for after the last time (RFC 8489 section 6.2.1).</summary>
    private const int Transmissions = 7;
    private const int LastWait = 16;

    private readonly byte[] _id = new byte[StunBinding.IdLength];
    private Instant _pingAt = Instant.Never;
    private Instant _repeatAt = Instant.Never;
    private int _sent;
    private bool _isAnswered;
    private NetworkEndpoint? _mapped;

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt => Instant.Soonest(_pingAt, _repeatAt);

    /// <summary>The way was registered, or is again.</summary>
    public void Start(Instant now)
    {
        _isAnswered = flow.IsOutbound || flow.IsKept;
        bool isTranslated = !Server.IsReliable && flow.Seen is not null && flow.Account.KeepAlive > TimeSpan.Zero;
        if (!_isAnswered && !isTranslated)
        {
            Stop();
            return;
        }

        _repeatAt = Instant.Never;
        _pingAt = now + Pause();
    }

    /// <summary>There is nothing to keep alive any more.</summary>
    public void Stop()
    {
        _pingAt = _repeatAt = Instant.Never;
        _mapped = null;
    }

    /// <summary>Does what is due; whether that shows that the way is no more.</summary>
    public bool Advance(Instant now)
    {
        if (_pingAt <= now)
        {
            _pingAt = now + Pause();
            Ping(now);
        }

        if (_repeatAt > now)
        {
            return false;
        }

        if (_sent == Transmissions)
        {
            return true;
        }

        Transmit(now);
        return false;
    }

    /// <summary>Takes in what may be the answer; whether it shows that the way is another one than before.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, NetworkEndpoint from, Instant now)
    {
        if (_repeatAt == Instant.Never
            || from.Address != Server.Endpoint.Address
            || !StunBinding.TryRead(datagram, _id, out NetworkEndpoint? mapped, out bool isSuccess))
        {
            return false;
        }

        _repeatAt = Instant.Never;
        _pingAt = now + Pause();
        bool hasMoved = _mapped is not null && mapped is not null && mapped != _mapped;
        _mapped = mapped ?? _mapped;
        return !isSuccess || hasMoved;
    }

    private SipHop Server => flow.Server ?? throw new InvalidOperationException("Whoever is registered has a server.");

    private void Ping(Instant now)
    {
        if (!_isAnswered)
        {
            core.Outputs.Send("\r\n\r\n"u8.ToArray(), Server);
        }
        else if (Server.IsReliable)
        {
            core.Outputs.Ping(Server);
        }
        else if (_repeatAt == Instant.Never)
        {
            core.Identity.NewId(_id);
            _sent = 0;
            Transmit(now);
        }
    }

    private void Transmit(Instant now)
    {
        core.Outputs.Send(StunBinding.Write(_id), Server);
        _sent++;
        _repeatAt = now + (_sent == Transmissions ? RoundTrip * LastWait : RoundTrip * (1 << (_sent - 1)));
    }

    /// <summary>Between 80 and 100 % of what the server, or else the RFC or the configuration, names.</summary>
    private TimeSpan Pause()
    {
        TimeSpan longest = !_isAnswered
            ? flow.Account.KeepAlive
            : flow.FlowTimer ?? (Server.IsReliable ? LongestPauseOfConnections : LongestPause);
        return (longest * 0.8) + (longest * 0.2 * core.Identity.Pick(1001) / 1000);
    }
}
