using System;
using System.Security.Cryptography;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>
/// What belongs to one call: its place in the switchboard, its media port, its description and its media. All of it ends with
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class Call(int line, IDatagramSocket port, AudioSession description, MediaSettings settings) : IDisposable
{
    private readonly CallMedia _media = new(settings);

    /// <summary>Its name in signalling.</summary>
    public SipCall Name { get; set; }

    /// <summary>How far it has come.</summary>
    public CallState State { get; set; }

    /// <summary>Its place in the switchboard, by which its media port is known.</summary>
    public int Line => line;

    /// <summary>Its media port.</summary>
    public IDatagramSocket Socket { get; private set; } = port;

    /// <summary>Its side of offer and answer.</summary>
    public AudioSession Description => description;

    /// <summary>Its media.</summary>
    public CallMedia Media => _media;

    /// <summary>How private signalling must be to carry its keys; <see cref="SipPrivacy.None"/> when it may not in any case.</summary>
    public SipPrivacy KeysNeed { get; init; }

    /// <summary>Whether it has offered a handshake, and may be tried once more with keys in the signalling.</summary>
    public bool MayOfferKeys { get; set; }

    /// <summary>The answer to the peer's offer, to be sent when the call is answered; empty when the offer is ours to make.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>What the waiting answer agrees on.</summary>
    public AudioAgreement? Agreement { get; set; }

    /// <summary>The answer that a provisional response brought ahead of the final one (RFC 3261 section 13.2.1); else empty.</summary>
    public byte[] EarlyAnswer { get; set; } = [];

    /// <summary>Whether media flow that <see cref="EarlyAnswer"/> described.</summary>
    public bool HasEarlyMedia { get; set; }

    /// <summary>Whether the station was told that it is answered.</summary>
    public bool IsAnswerTold { get; set; }

    /// <summary>Whether our offer went out in a 200 and the ACK brings the answer (RFC 3264 section 4).</summary>
    public bool AwaitsAnswerInAck { get; set; }

    /// <summary>Whether our offer went out with the ringing and the PRACK brings the answer (RFC 3262 section 5).</summary>
    public bool AwaitsAnswerInPrack { get; set; }

    /// <summary>
    /// Whether the call is to be answered as soon as that answer is there, with a tone or without: no 2xx may overtake it (section 3).
    /// Null while the station has not answered it.
    /// </summary>
    public bool? AnswersWithTone { get; set; }

    /// <summary>What our own offer asked for that gave way to one of the peer's: it is made again. Else null.</summary>
    public MediaDirection? Postponed { get; set; }

    /// <summary>The keys that its peer pressed.</summary>
    public KeyPresses Keys { get; } = new();

    /// <summary>How loud its peer speaks, as it is played.</summary>
    public SpeakingLevel Heard { get; } = new();

    /// <summary>How loud what is sent to its peer is.</summary>
    public SpeakingLevel Said { get; } = new();

    /// <summary>When its media want to be advanced.</summary>
    public Instant WakeAt { get; set; } = Instant.Never;

    /// <summary>What the call came to.</summary>
    public CallReport Report() => new(
        _media.Security, _media.Counters, _media.Dropped, _media.FirstAudio, Heard.Spoken, Said.Spoken);

    /// <summary>Closes the port and wipes the keys, those in descriptions too. Asking twice does no harm.</summary>
    public void Dispose()
    {
        State = CallState.Ended;
        _media.Dispose();
        description.Dispose();
        CryptographicOperations.ZeroMemory(Answer);
        CryptographicOperations.ZeroMemory(EarlyAnswer);
        Socket.Dispose();
    }

    /// <summary>Its media go through another port from now on, and the next offer says so; the former one closes.</summary>
    public void Move(IDatagramSocket port)
    {
        Socket.Dispose();
        Socket = port;
        description.Move(port.LocalEndpoint);
    }
}

/// <summary>How far a call has come.</summary>
internal enum CallState
{
    /// <summary>We have called; nobody has answered.</summary>
    Calling,

    /// <summary>Somebody calls us; we have not answered.</summary>
    Called,

    /// <summary>It is answered.</summary>
    Established,

    /// <summary>It is over.</summary>
    Ended,
}

/// <summary>What a call came to.</summary>
/// <param name="Security">What its handshake agreed on.</param>
/// <param name="Stream">What went over the line.</param>
/// <param name="Dropped">What arrived and had no effect, by reason.</param>
/// <param name="FirstAudio">When the peer's first packet of audio arrived; <see cref="Instant.Never"/> if none did.</param>
/// <param name="Heard">How loud the peer spoke.</param>
/// <param name="Said">How loud what was sent to the peer was.</param>
internal sealed record CallReport(
    SecurityFacts Security, StreamCounters Stream, DropTally Dropped, Instant FirstAudio, SpokenLevel Heard, SpokenLevel Said)
{
    /// <summary><c>heard at -23 dBFS, peak -9; said nothing</c></summary>
    public string Levels => $"heard {Heard}; said {Said}";
}
