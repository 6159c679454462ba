using System;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>One connection that carries SIP, and whether it still lives (RFC 5626 sections 3.5.1 and 4.4.1).</summary>
internal sealed class SipConnection : IDisposable
{
    /// <summary>
    /// How long a connection may take to come about: three attempts of the kernel, after which another target is the better hope.
    /// </summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long a message may take to be whole, and a connection from outside to bring its first: as long as a transaction lives.
    /// </summary>
    private static readonly TimeSpan MessagePatience = TimeSpan.FromSeconds(32);

    /// <summary>How often we ask whether the peer still lives; RFC 5626 section 4.4.1 has 95 to 120 s.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(95);

    /// <summary>How long the answer may take (RFC 5626 section 4.4.1).</summary>
    private static readonly TimeSpan PongPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection from outside may bring nothing: longer than any call's signalling is silent by itself.</summary>
    private static readonly TimeSpan IdlePatience = TimeSpan.FromHours(1);

    private readonly IStreamConnection _port;
    private readonly SecureConnection? _secure;
    private readonly SipStreamReader _reader;
    private Instant _messageDue;
    private Instant _pingAt = Instant.Never;
    private Instant _pongDue = Instant.Never;
    private bool _answersPings;

    /// <summary>A connection that begins now.</summary>
    /// <param name="port">The port; owned from now on.</param>
    /// <param name="hop">Where the connection leads, with its number.</param>
    /// <param name="isOurs">Whether we opened it.</param>
    /// <param name="now">The current time.</param>
    public SipConnection(IStreamConnection port, SipHop hop, bool isOurs, Instant now)
    {
        _port = port;
        _secure = port as SecureConnection;
        _reader = new SipStreamReader(isOurs);
        _messageDue = now + (isOurs ? ConnectPatience : MessagePatience);
        Hop = hop;
        IsOurs = isOurs;
        ActiveAt = now;
    }

    /// <summary>Where the connection leads, with its number.</summary>
    public SipHop Hop { get; }

    /// <summary>Whether we opened it.</summary>
    public bool IsOurs { get; }

    /// <summary>Where we are on it.</summary>
    public NetworkEndpoint LocalEndpoint => _port.LocalEndpoint;

    /// <summary>Over TLS, whom the peer has proven to be; null when it has proven nothing, or not yet.</summary>
    public CertificateNames? PeerNames => _secure?.PeerNames;

    /// <summary>
    /// Where requests for who has connected may go over this connection, too, as its Via has asked for and its certificate allows (RFC
    /// 5923 section 5.2); null before.
    /// </summary>
    public NetworkEndpoint? Alias { get; private set; }

    /// <summary>Whether <see cref="Work"/> has something to do.</summary>
    public bool HasWork => _secure?.HasWork == true;

    /// <summary>When something arrived last.</summary>
    public Instant ActiveAt { get; private set; }

    /// <summary>Why the connection is over, in words for a person; null while it is not.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the peer sent that cannot be read; null when nothing is wrong with that.</summary>
    public SipDropReason? Fault { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt => Instant.Soonest(
        Instant.Soonest(_messageDue, Instant.Soonest(_pingAt, _pongDue)), IsOurs ? Instant.Never : ActiveAt + IdlePatience);

    /// <summary>Sends a message, or queues it.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        if (Problem is null && !_port.TrySend(message))
        {
            Fail(_port.Problem ?? $"{Hop.Endpoint} does not read what it is sent");
        }
    }

    /// <summary>Does one expensive step of a handshake, or lets go on what waits to be read; <see cref="Serve"/> follows.</summary>
    public void Work() => _secure?.Work();

    /// <summary>The port is ready: goes on with what is under way, and reads once.</summary>
    public void Serve(Instant now)
    {
        bool isConnecting = _port.State == StreamState.Connecting;
        int count = _port.Receive(_reader.Room());
        _reader.Took(count);
        if (isConnecting && _port.State == StreamState.Open)
        {
            // Who has connected to us has still to send something.
            _messageDue = IsOurs ? Instant.Never : _messageDue;
            _pingAt = now + PingInterval;
        }

        if (count > 0)
        {
            ActiveAt = now;
            _pongDue = Instant.Never;
        }

        if (_port.State == StreamState.Closed)
        {
            Fail(_port.Problem ?? "the connection is closed");
        }
        else if (_port.IsPeerDone)
        {
            Fail($"{Hop.Endpoint} has closed the connection");
        }
    }

    /// <summary>
    /// The next message that has arrived whole, also after the peer has closed the connection behind it; false when there is none.
    /// </summary>
    public bool TryTake(Instant now, out ReadOnlySpan<byte> message)
    {
        while (Fault is null)
        {
            switch (_reader.Next(out message))
            {
                case StreamFrame.Message:
                    _messageDue = Instant.Never;
                    LearnAlias(message);
                    return true;
                case StreamFrame.Ping:
                    Send("\r\n"u8);
                    break;
                case StreamFrame.Pong:
                    _answersPings |= IsOurs;
                    break;
                case StreamFrame.Broken:
                    Fault = _reader.Reason;
                    Fail($"{Hop.Endpoint} sends what is no SIP ({_reader.Reason})");
                    break;
                case StreamFrame.Incomplete:
                    bool isNew = _reader.IsWithinMessage && _messageDue == Instant.Never;
                    _messageDue = isNew ? now + MessagePatience : _messageDue;
                    return false;
            }
        }

        message = default;
        return false;
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (_messageDue <= now)
        {
            Fail(IsOurs && _port.State == StreamState.Connecting ? $"{Hop.Endpoint} does not answer" : $"{Hop.Endpoint} sends no message");
        }
        else if (_pongDue <= now)
        {
            Fail($"{Hop.Endpoint} does not answer any more");
        }
        else if (!IsOurs && ActiveAt + IdlePatience <= now)
        {
            Fail("the connection was idle");
        }
        else if (_pingAt <= now)
        {
            // Only who has answered before must answer: that a server knows such pings is not a matter of course (section 4.4.1).
            _pingAt = now + PingInterval;
            _pongDue = _answersPings ? now + PongPatience : Instant.Never;
            Send("\r\n\r\n"u8);
        }
    }

    /// <summary>
    /// Asks whether the peer lives, who has said that it answers such pings (RFC 5626 section 4.4.1). Whoever asks does so again, and in
    /// time: then we do not ask by ourselves.
    /// </summary>
    public void Ping(Instant now)
    {
        if (_port.State == StreamState.Open)
        {
            _answersPings = true;
            _pingAt = now + (PingInterval * 2);
            _pongDue = Instant.Soonest(_pongDue, now + PongPatience);
            Send("\r\n\r\n"u8);
        }
    }

    /// <summary>The connection is over.</summary>
    public void Fail(string problem) => Problem ??= problem;

    /// <inheritdoc/>
    public void Dispose() => _port.Dispose();

    // RFC 5923 section 8.2: only a certificate that was verified makes the address in a Via worth anything.
    private void LearnAlias(ReadOnlySpan<byte> message)
    {
        if (!IsOurs && Alias is null && PeerNames is not null
            && SipMessageReader.Read(message, out SipMessage request, out _) == SipReading.Message
            && request.IsRequest
            && SipGrammar.TryFindParameter(request.Via.Parameters, "alias"u8, out _))
        {
            Alias = Hop.Endpoint.WithPort((ushort)request.Via.Port);
        }
    }
}
