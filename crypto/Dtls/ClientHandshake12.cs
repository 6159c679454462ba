using System;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The client's half of the handshake (RFC 5246 section 7.3, RFC 6347 section 4.2):
/// ClientHello; if the server asks for a cookie, ClientHello with the cookie; ServerHello, Certificate, ServerKeyExchange,
/// CertificateRequest and ServerHelloDone from the server; our Certificate, ClientKeyExchange, CertificateVerify and Finished;
/// the server's Finished.
/// </summary>
internal sealed class ClientHandshake12 : Handshake12
{
    private State _state;
    private ClientHello? _hello;
    private ServerKeyExchange? _serverKeyExchange;

    /// <summary>Begins with nothing sent.</summary>
    public ClientHandshake12(DtlsSettings settings, RecordLayer records, FlightRetransmission flight)
        : base(settings, records, flight)
    {
    }

    private enum State
    {
        New,
        AwaitServerHello,
        AwaitCertificate,
        ReadCertificate,
        AwaitServerKeyExchange,
        VerifyServerKeyExchange,
        AwaitCertificateRequest,
        AwaitServerHelloDone,
        GenerateKeyShare,
        AgreeOnSecret,
        SignCertificateVerify,
        AwaitFinished,
        Completed,
        Failed,
    }

    /// <inheritdoc/>
    public override bool IsComplete => _state == State.Completed;

    /// <inheritdoc/>
    public override bool IsBusy => _state is State.ReadCertificate or State.VerifyServerKeyExchange or State.GenerateKeyShare
        or State.AgreeOnSecret or State.SignCertificateVerify;

    /// <inheritdoc/>
    protected override bool NeedsKeyShare => _state < State.AwaitServerKeyExchange;

    /// <summary>Sends the first ClientHello.</summary>
    public void Start(Instant now)
    {
        ClientRandom = DrawRandom();
        _hello = new ClientHello
        {
            Random = ClientRandom,
            CipherSuites = Numbers(Settings.CipherSuites, suite => (ushort)suite),
            Extensions = new HelloExtensions
            {
                Groups = Numbers(Settings.Groups, group => (ushort)group),
                PointFormats = true,
                SignatureSchemes = AcceptedSchemes(),
                EncryptThenMac = Settings.CipherSuites.Any(suite => suite.IsCbc),
                ExtendedMasterSecret = true,
                RenegotiationInfo = [],
            }.WithSrtpProfiles(Numbers(Settings.SrtpProfiles, profile => (ushort)profile)),
        };
        Flight.Begin();
        Send(_hello);
        Flight.Send(now, answers: null, awaitsAnswer: true);
        _state = State.AwaitServerHello;
    }

    /// <inheritdoc/>
    protected override bool TryHandle(HandshakeMessage message, Instant now)
    {
        State? next = (_state, message.Type) switch
        {
            (State.AwaitServerHello, HandshakeType.HelloVerifyRequest) => OnHelloVerifyRequest(message, now),
            (State.AwaitServerHello, HandshakeType.ServerHello) => OnServerHello(message, now),
            (State.AwaitCertificate, HandshakeType.Certificate) => OnCertificate(message),
            (State.AwaitServerKeyExchange, HandshakeType.ServerKeyExchange) => OnServerKeyExchange(message),
            (State.AwaitCertificateRequest, HandshakeType.CertificateRequest) => OnCertificateRequest(message),
            (State.AwaitCertificateRequest, HandshakeType.ServerHelloDone) =>
                FailWith(DtlsFailure.NoMutualAuthentication, DtlsAlert.HandshakeFailure),
            (State.AwaitServerHelloDone, HandshakeType.ServerHelloDone) => OnServerHelloDone(message),
            (State.AwaitFinished, HandshakeType.Finished) => OnFinished(message),
            _ => null,
        };
        _state = next ?? _state;
        return next is not null;
    }

    /// <inheritdoc/>
    protected override void DoStep(Instant now) => _state = _state switch
    {
        State.ReadCertificate => ReadCertificate(),
        State.VerifyServerKeyExchange => VerifyServerKeyExchange(),
        State.GenerateKeyShare => GenerateKeyShare(),
        State.AgreeOnSecret => AgreeOnSecret(),
        State.SignCertificateVerify => SignCertificateVerify(now),
        _ => _state,
    };

    private State? OnHelloVerifyRequest(HandshakeMessage message, Instant now)
    {
        // Only one: a server that keeps asking does not know its own cookies.
        if (HelloVerifyRequest.Read(message.Body) is not { } request || _hello is not { Cookie.Length: 0 })
        {
            return null;
        }

        // A server gives a cookie without computing anything expensive.
        Flight.MeasureRoundTrip(now, peerComputed: false);

        // RFC 6347 section 4.2.1: the first hello and this request do not count in the transcript.
        _hello = _hello with { Cookie = request.Cookie };
        Transcript.Clear();
        Flight.Begin();
        Send(_hello);
        SendFlight(now, awaitsAnswer: true);
        return State.AwaitServerHello;
    }

    private State? OnServerHello(HandshakeMessage message, Instant now)
    {
        if (ServerHello.Read(message.Body) is not { } hello)
        {
            return null;
        }

        if (hello.Version != ProtocolVersion.Dtls12)
        {
            return FailWith(DtlsFailure.UnsupportedVersion, DtlsAlert.ProtocolVersion);
        }

        if (!Settings.CipherSuites.Contains((DtlsCipherSuite)hello.CipherSuite))
        {
            return FailWith(DtlsFailure.NoCommonCipherSuite, DtlsAlert.IllegalParameter);
        }

        // RFC 5246 section 7.4.1.4: nothing that was not offered. RFC 5746 section 3.4: an initial handshake renews nothing.
        if (hello.CompressionMethod != 0 || hello.Extensions.RenegotiationInfo is { Length: > 0 })
        {
            return FailWith(DtlsFailure.ProtocolViolation, DtlsAlert.HandshakeFailure);
        }

        // RFC 7366 section 3: nor is encrypt_then_mac for a suite that has no such order.
        DtlsCipherSuite suite = (DtlsCipherSuite)hello.CipherSuite;
        if (hello.Extensions.Others.Count > 0
            || hello.Extensions.SupportedVersions is not null
            || (hello.Extensions.EncryptThenMac && !suite.IsCbc))
        {
            return FailWith(DtlsFailure.ProtocolViolation, DtlsAlert.UnsupportedExtension);
        }

        if (!TryTakeSrtpProfile(hello.Extensions))
        {
            return State.Failed;
        }

        Flight.MeasureRoundTrip(now, peerComputed: true);
        CipherSuite = suite;
        EncryptThenMac = hello.Extensions.EncryptThenMac;
        ServerRandom = hello.Random;
        ExtendedMasterSecret = hello.Extensions.ExtendedMasterSecret;
        Transcript.Append(message);
        return State.AwaitCertificate;
    }

    // RFC 5764 section 4.1.1: exactly one of the profiles that we offered, and no identifier of a master key, for we sent none.
    private bool TryTakeSrtpProfile(HelloExtensions extensions)
    {
        if (extensions.SrtpProfiles is not { } chosen)
        {
            if (Settings.RequireSrtp)
            {
                Fail(DtlsFailure.NoCommonSrtpProfile, DtlsAlert.HandshakeFailure);
            }

            return !Settings.RequireSrtp;
        }

        if (chosen.Count != 1
            || !Settings.SrtpProfiles.Contains((SrtpProfile)chosen[0])
            || extensions.SrtpMasterKeyIdentifier.Length > 0)
        {
            Fail(DtlsFailure.ProtocolViolation, DtlsAlert.IllegalParameter);
            return false;
        }

        SrtpProfile = (SrtpProfile)chosen[0];
        return true;
    }

    private State? OnCertificate(HandshakeMessage message) =>
        !TryKeepCertificate(message) ? null : Failure is null ? State.ReadCertificate : State.Failed;

    private State ReadCertificate()
    {
        if (!TryReadPeerKey())
        {
            return State.Failed;
        }

        // PeerKey and CipherSuite exist: the line above and the ServerHello saw to it.
        return PeerKey!.IsEcdsa == CipherSuite!.Value.IsEcdsa
            ? State.AwaitServerKeyExchange
            : FailWith(DtlsFailure.ProtocolViolation, DtlsAlert.IllegalParameter);
    }

    private State? OnServerKeyExchange(HandshakeMessage message)
    {
        if (ServerKeyExchange.Read(message.Body) is not { } exchange)
        {
            return null;
        }

        if (!Settings.Groups.Contains((NamedGroup)exchange.Group))
        {
            return FailWith(DtlsFailure.NoCommonGroup, DtlsAlert.IllegalParameter);
        }

        if (!SignatureSchemeParameters.Accepted.Contains((SignatureScheme)exchange.Scheme))
        {
            return FailWith(DtlsFailure.NoCommonSignatureScheme, DtlsAlert.IllegalParameter);
        }

        _serverKeyExchange = exchange;
        Transcript.Append(message);
        return State.VerifyServerKeyExchange;
    }

    private State VerifyServerKeyExchange()
    {
        // Set by the message that led to this state; so is PeerKey.
        ServerKeyExchange exchange = _serverKeyExchange!;
        byte[] signed = ServerKeyExchange.SignedBytes(ClientRandom, ServerRandom, exchange.Group, exchange.PublicKey);
        return PeerKey!.Verify((SignatureScheme)exchange.Scheme, signed, exchange.Signature)
            ? State.AwaitCertificateRequest
            : FailWith(DtlsFailure.BadSignature, DtlsAlert.DecryptError);
    }

    private State? OnCertificateRequest(HandshakeMessage message)
    {
        if (CertificateRequest.Read(message.Body) is not { } request)
        {
            return null;
        }

        bool acceptsOurKey = Settings.Identity.IsEcdsa ? request.AcceptsEcdsa : request.AcceptsRsa;
        if (!acceptsOurKey || !TryChooseScheme(request.SignatureSchemes))
        {
            return FailWith(DtlsFailure.NoCommonSignatureScheme, DtlsAlert.HandshakeFailure);
        }

        Transcript.Append(message);
        return State.AwaitServerHelloDone;
    }

    private State? OnServerHelloDone(HandshakeMessage message)
    {
        if (ServerHelloDone.Read(message.Body) is null)
        {
            return null;
        }

        Flight.Stop();
        Transcript.Append(message);
        return HasKeyShare((NamedGroup)_serverKeyExchange!.Group) ? State.AgreeOnSecret : State.GenerateKeyShare;
    }

    private State GenerateKeyShare()
    {
        GenerateKeyShare((NamedGroup)_serverKeyExchange!.Group);
        return State.AgreeOnSecret;
    }

    private State AgreeOnSecret()
    {
        Flight.Begin();
        Send(new CertificateMessage(Settings.Identity.Certificate.ToArray()));
        Send(new ClientKeyExchange(OwnPublicKey));
        return TryAgree(_serverKeyExchange!.PublicKey, CipherSuite!.Value, DtlsRole.Client) ? State.SignCertificateVerify : State.Failed;
    }

    private State SignCertificateVerify(Instant now)
    {
        if (Sign(Transcript.Bytes) is not { } signature)
        {
            return State.SignCertificateVerify;
        }

        Send(new CertificateVerify((ushort)OwnScheme, signature));
        SendFinished(DtlsRole.Client);
        SendFlight(now, awaitsAnswer: true);
        return State.AwaitFinished;
    }

    private State OnFinished(HandshakeMessage message)
    {
        if (!TryVerifyFinished(message, DtlsRole.Server))
        {
            return State.Failed;
        }

        Flight.Stop();
        return State.Completed;
    }

    private State FailWith(DtlsFailure reason, DtlsAlert alert)
    {
        Fail(reason, alert);
        return State.Failed;
    }
}
