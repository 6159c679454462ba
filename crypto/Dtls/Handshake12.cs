using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// What both roles of a DTLS 1.2 handshake share. A role is a state machine: messages are handed to it in order, expensive steps are
/// done one at a time, and what it wants to send it puts into the flight.
/// </summary>
internal abstract class Handshake12 : IDisposable
{
    // Our longest message is the Certificate; the rest is room for its lengths, or for long lists of settings.
    private const int MaximumOwnMessage = DtlsIdentity.MaximumCertificateLength + 512;

    private readonly RecordLayer _records;
    private ushort _lastReceived;
    private KeyShare? _keyShare;
    private Signing? _signing;
    private byte[] _unreadCertificate = [];

    /// <summary>Begins with nothing sent.</summary>
    protected Handshake12(DtlsSettings settings, RecordLayer records, FlightRetransmission flight)
    {
        Settings = settings;
        _records = records;
        Flight = flight;
    }

    /// <summary>The cipher suite, once it is negotiated.</summary>
    public DtlsCipherSuite? CipherSuite { get; protected set; }

    /// <summary>The SRTP profile, once one is negotiated.</summary>
    public SrtpProfile? SrtpProfile { get; protected set; }

    /// <summary>Whether the master secret is bound to the whole handshake (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; protected set; }

    /// <summary>Whether records of a suite with CBC are authenticated in their encrypted form (RFC 7366).</summary>
    public bool EncryptThenMac { get; protected set; }

    /// <summary>The peer's own certificate in DER; empty until it was read.</summary>
    public byte[] PeerCertificate { get; private set; } = [];

    /// <summary>Why the handshake failed, and the alert that tells the peer.</summary>
    public (DtlsFailure Reason, DtlsAlert Alert)? Failure { get; private set; }

    /// <summary>In which epoch we write what is not part of a flight: 1 once our ChangeCipherSpec has gone out.</summary>
    public ushort WriteEpoch { get; private set; }

    /// <summary>The keys, once there are any.</summary>
    public KeySchedule12? Keys { get; private set; }

    /// <summary>Whether both sides have proven that they hold the keys.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Whether a step of work must be done before the next message can be handled.</summary>
    public abstract bool IsBusy { get; }

    /// <summary>Whether a step of work can be done: one that is waited for, or the key share ahead of its time.</summary>
    public bool HasWork => Failure is null && (IsBusy || (NeedsKeyShare && _keyShare is null));

    /// <summary>What the owner of the endpoint wants.</summary>
    protected DtlsSettings Settings { get; }

    /// <summary>The messages under way.</summary>
    protected FlightRetransmission Flight { get; }

    /// <summary>All messages so far.</summary>
    protected HandshakeTranscript Transcript { get; } = new();

    /// <summary>The place of the next message that we send.</summary>
    protected ushort NextSequence { get; set; }

    /// <summary>The ClientHello's random.</summary>
    protected byte[] ClientRandom { get; set; } = [];

    /// <summary>The ServerHello's random.</summary>
    protected byte[] ServerRandom { get; set; } = [];

    /// <summary>The key in the peer's certificate, once it was read.</summary>
    protected PeerPublicKey? PeerKey { get; private set; }

    /// <summary>How we sign, once the peer has said what it accepts.</summary>
    protected SignatureScheme OwnScheme { get; private set; }

    /// <summary>The public half of our key share; only for states after the one that made it.</summary>
    protected byte[] OwnPublicKey => _keyShare!.PublicKey;

    /// <summary>Whether a key share will be needed yet.</summary>
    protected abstract bool NeedsKeyShare { get; }

    /// <summary>
    /// Handles the next message. False if it is malformed or does not belong here: then it changed nothing and may come again in its
    /// right form, for nothing vouches that the peer sent it.
    /// </summary>
    public bool TryReceive(HandshakeMessage message, Instant now)
    {
        ushort before = _lastReceived;
        _lastReceived = message.Sequence;
        if (TryHandle(message, now))
        {
            return true;
        }

        _lastReceived = before;
        return false;
    }

    /// <summary>Does one expensive step: the one that is waited for, or else the key share ahead of its time.</summary>
    public void Work(Instant now)
    {
        if (IsBusy)
        {
            DoStep(now);
        }
        else if (HasWork)
        {
            _keyShare = KeyShare.Generate(Settings.Groups[0], Settings.Random);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Keys?.Dispose();

    /// <summary>The transition that a message makes.</summary>
    protected abstract bool TryHandle(HandshakeMessage message, Instant now);

    /// <summary>The transition that a step of work makes.</summary>
    protected abstract void DoStep(Instant now);

    /// <summary>Remembers the first failure.</summary>
    protected void Fail(DtlsFailure reason, DtlsAlert alert) => Failure ??= (reason, alert);

    /// <summary>The numbers of an enum as a hello message holds them.</summary>
    protected static ushort[] Numbers<T>(IReadOnlyList<T> values, Func<T, ushort> number)
    {
        ushort[] numbers = new ushort[values.Count];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = number(values[index]);
        }

        return numbers;
    }

    /// <summary>The signature schemes that we accept, as messages hold them.</summary>
    protected static ushort[] AcceptedSchemes() =>
        Numbers(SignatureSchemeParameters.Accepted.ToArray(), scheme => (ushort)scheme);

    /// <summary>Thirty-two fresh random bytes.</summary>
    protected byte[] DrawRandom()
    {
        byte[] random = new byte[ClientHello.RandomLength];
        Settings.Random.Fill(random);
        return random;
    }

    /// <summary>Chooses how we sign; false if the peer accepts no scheme of our key.</summary>
    protected bool TryChooseScheme(IReadOnlyList<ushort>? accepted)
    {
        OwnScheme = Settings.Identity.ChooseScheme(accepted) ?? default;
        return OwnScheme != default;
    }

    /// <summary>
    /// Does the next step of signing with the scheme that was chosen; the signature after the last one, else null. There is one signature
    /// in a handshake, whose data are the same at every step.
    /// </summary>
    protected byte[]? Sign(ReadOnlySpan<byte> data)
    {
        _signing ??= Settings.Identity.BeginSigning(OwnScheme, data, Settings.Random);
        return _signing.Step();
    }

    /// <summary>Whether our key share for this curve exists.</summary>
    protected bool HasKeyShare(NamedGroup group) => _keyShare?.Group == group;

    /// <summary>Makes our key share for this curve, in place of one that was made ahead for another.</summary>
    protected void GenerateKeyShare(NamedGroup group) => _keyShare = KeyShare.Generate(group, Settings.Random);

    /// <summary>Adds a message to transcript and flight.</summary>
    protected void Send<T>(T body)
        where T : class, IHandshakeBody<T>
    {
        Span<byte> bytes = stackalloc byte[MaximumOwnMessage];
        WireWriter writer = new(bytes);
        body.Write(ref writer);

        byte[] encoded = new byte[HandshakeFragment.HeaderLength + writer.Length];
        WireWriter whole = new(encoded);
        HandshakeFragment.WriteHeader(ref whole, T.Type, writer.Length, NextSequence++, 0, writer.Length);
        whole.Write(writer.Written);

        HandshakeMessage message = new(encoded);
        Transcript.Append(message);
        Flight.Add(message, WriteEpoch);
    }

    /// <summary>Ends our half: ChangeCipherSpec and, as the first message under the keys, Finished.</summary>
    protected void SendFinished(DtlsRole role)
    {
        Flight.AddChangeCipherSpec();
        WriteEpoch = 1;
        Send(new Finished(VerifyData(role)));
    }

    /// <summary>Sends the flight that answers the last message received.</summary>
    protected void SendFlight(Instant now, bool awaitsAnswer) => Flight.Send(now, _lastReceived, awaitsAnswer);

    /// <summary>Keeps the peer's certificate until its key is read; false if the message is malformed. Fails if it has none.</summary>
    protected bool TryKeepCertificate(HandshakeMessage message)
    {
        if (CertificateMessage.Read(message.Body) is not { } certificate)
        {
            return false;
        }

        if (certificate.Leaf.Length == 0)
        {
            Fail(DtlsFailure.NoMutualAuthentication, DtlsAlert.HandshakeFailure);
        }

        _unreadCertificate = certificate.Leaf;
        Transcript.Append(message);
        return true;
    }

    /// <summary>Reads the key of the certificate that was kept; false, and failed, if it has none that we accept.</summary>
    protected bool TryReadPeerKey()
    {
        PeerKey = PeerPublicKey.TryRead(_unreadCertificate);
        if (PeerKey is null)
        {
            Fail(DtlsFailure.UnsupportedCertificate, DtlsAlert.UnsupportedCertificate);
            return false;
        }

        PeerCertificate = _unreadCertificate;
        return true;
    }

    /// <summary>Whether this is the Finished message of that role at this point; false, and failed, if not.</summary>
    protected bool TryVerifyFinished(HandshakeMessage message, DtlsRole sender)
    {
        // It is authentic, so that a malformed one, too, is the peer's.
        bool isRight = Finished.Read(message.Body) is { } finished
            && CryptographicOperations.FixedTimeEquals(finished.VerifyData, VerifyData(sender));
        if (!isRight)
        {
            Fail(DtlsFailure.BadFinished, DtlsAlert.DecryptError);
        }

        return isRight;
    }

    /// <summary>
    /// Agrees with the peer's key share, derives all keys and gives them to the record layer; false, and failed, if the peer's is no key
    /// of this curve. The transcript ends with ClientKeyExchange, as RFC 7627 section 3 wants it.
    /// </summary>
    protected bool TryAgree(byte[] peerPublicKey, DtlsCipherSuite suite, DtlsRole role)
    {
        // The key share exists: the states before this one made it.
        if (_keyShare!.Agree(peerPublicKey) is not { } premasterSecret)
        {
            Fail(DtlsFailure.ProtocolViolation, DtlsAlert.IllegalParameter);
            return false;
        }

        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        ReadOnlySpan<byte> sessionHash = ExtendedMasterSecret ? Transcript.Hash(suite.Digest, hash) : [];
        Keys = new KeySchedule12(suite, ClientRandom, ServerRandom, premasterSecret, sessionHash);
        (RecordProtection client, RecordProtection server) = Keys.CreateProtection(EncryptThenMac, Settings.Random);
        if (role == DtlsRole.Client)
        {
            _records.InstallKeys(read: server, write: client);
        }
        else
        {
            _records.InstallKeys(read: client, write: server);
        }

        return true;
    }

    // Of this role at this point of the transcript; keys and suite exist by now.
    private byte[] VerifyData(DtlsRole role)
    {
        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        return Keys!.ComputeVerifyData(role, Transcript.Hash(CipherSuite!.Value.Digest, hash));
    }
}
