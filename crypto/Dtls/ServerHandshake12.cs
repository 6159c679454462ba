using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The server's half of the handshake (RFC 5246 section 7.3, RFC 6347 section 4.2), from a ClientHello that <see cref="HelloGate"/>
/// has let in: our ServerHello, Certificate, ServerKeyExchange, CertificateRequest and ServerHelloDone; Certificate,
/// ClientKeyExchange, CertificateVerify and Finished from the client; our Finished.
/// </summary>
internal sealed class ServerHandshake12 : Handshake12
{
    // The first byte of every version of DTLS.
    private const ushort SmallestVersion = 0xFE00;

    private State _state;
    private NamedGroup _group;
    private ServerHello? _hello;
    private ClientKeyExchange? _clientKeyExchange;
    private CertificateVerify? _certificateVerify;
    private byte[] _signedByClient = [];

    /// <summary>Begins with nothing received.</summary>
    public ServerHandshake12(DtlsSettings settings, RecordLayer records, FlightRetransmission flight)
        : base(settings, records, flight)
    {
    }

    private enum State
    {
        AwaitClientHello,
        GenerateKeyShare,
        SignServerKeyExchange,
        AwaitCertificate,
        ReadCertificate,
        AwaitClientKeyExchange,
        AgreeOnSecret,
        AwaitCertificateVerify,
        VerifyCertificateVerify,
        AwaitFinished,
        Completed,
        Failed,
    }

    /// <inheritdoc/>
    public override bool IsComplete => _state == State.Completed;

    /// <inheritdoc/>
    public override bool IsBusy => _state is State.GenerateKeyShare or State.SignServerKeyExchange or State.ReadCertificate
        or State.AgreeOnSecret or State.VerifyCertificateVerify;

    /// <inheritdoc/>
    protected override bool NeedsKeyShare => _state == State.AwaitClientHello;

    /// <inheritdoc/>
    protected override bool TryHandle(HandshakeMessage message, Instant now)
    {
        State? next = (_state, message.Type) switch
        {
            (State.AwaitClientHello, HandshakeType.ClientHello) => OnClientHello(message),
            (State.AwaitCertificate, HandshakeType.Certificate) => OnCertificate(message),
            (State.AwaitClientKeyExchange, HandshakeType.ClientKeyExchange) => OnClientKeyExchange(message),
            (State.AwaitCertificateVerify, HandshakeType.CertificateVerify) => OnCertificateVerify(message),
            (State.AwaitFinished, HandshakeType.Finished) => OnFinished(message, now),
            _ => null,
        };
        _state = next ?? _state;
        return next is not null;
    }

    /// <inheritdoc/>
    protected override void DoStep(Instant now) => _state = _state switch
    {
        State.GenerateKeyShare => GenerateKeyShare(),
        State.SignServerKeyExchange => SignServerKeyExchange(now),
        State.ReadCertificate => TryReadPeerKey() ? State.AwaitClientKeyExchange : State.Failed,
        State.AgreeOnSecret => AgreeOnSecret(),
        State.VerifyCertificateVerify => VerifyCertificateVerify(),
        _ => _state,
    };

    private State? OnClientHello(HandshakeMessage message)
    {
        if (ClientHello.Read(message.Body) is not { } hello)
        {
            return null;
        }

        if (!OffersDtls12(hello))
        {
            return FailWith(DtlsFailure.UnsupportedVersion, DtlsAlert.ProtocolVersion);
        }

        // RFC 5746 section 3.6: an initial handshake renews nothing.
        if (!hello.OffersNullCompression || hello.Extensions.RenegotiationInfo is { Length: > 0 })
        {
            return FailWith(DtlsFailure.ProtocolViolation, DtlsAlert.HandshakeFailure);
        }

        if (!TryChoose(hello, out DtlsCipherSuite suite))
        {
            return State.Failed;
        }

        CipherSuite = suite;
        ClientRandom = hello.Random;
        ServerRandom = DrawRandom();
        EncryptThenMac = suite.IsCbc && hello.Extensions.EncryptThenMac;
        ExtendedMasterSecret = hello.Extensions.ExtendedMasterSecret;
        _hello = new ServerHello
        {
            Random = ServerRandom,
            CipherSuite = (ushort)suite,
            Extensions = new HelloExtensions
            {
                PointFormats = hello.Extensions.PointFormats,
                EncryptThenMac = EncryptThenMac,
                ExtendedMasterSecret = ExtendedMasterSecret,
                RenegotiationInfo = hello.KnowsSecureRenegotiation ? [] : null,
            }.WithSrtpProfiles(SrtpProfile is { } profile ? [(ushort)profile] : []),
        };

        // RFC 6347 section 4.2.2: our first message stands at the place of the hello that it answers.
        NextSequence = message.Sequence;
        Transcript.Append(message);
        return HasKeyShare(_group) ? State.SignServerKeyExchange : State.GenerateKeyShare;
    }

    // RFC 8446 section 4.2.1: supported_versions, if it is there, counts alone. Version numbers of DTLS go downwards.
    private static bool OffersDtls12(ClientHello hello) =>
        hello.Extensions.SupportedVersions is { } versions
            ? versions.Contains(ProtocolVersion.Dtls12)
            : hello.Version is >= SmallestVersion and <= ProtocolVersion.Dtls12;

    // In each list our own preference decides. False, and failed, if a list has nothing in common with the client's.
    private bool TryChoose(ClientHello hello, out DtlsCipherSuite suite)
    {
        suite = Settings.CipherSuites.FirstOrDefault(own => own.IsEcdsa == Settings.Identity.IsEcdsa && hello.CipherSuites.Contains((ushort)own));
        if (suite == default)
        {
            Fail(DtlsFailure.NoCommonCipherSuite, DtlsAlert.HandshakeFailure);
            return false;
        }

        // RFC 8422 section 4: a client that names no curve takes any; P-256 is the one that all have.
        IReadOnlyList<ushort> groups = hello.Extensions.Groups ?? [(ushort)NamedGroup.Secp256r1];
        _group = Settings.Groups.FirstOrDefault(own => groups.Contains((ushort)own));
        if (_group == default)
        {
            Fail(DtlsFailure.NoCommonGroup, DtlsAlert.HandshakeFailure);
            return false;
        }

        if (!TryChooseScheme(hello.Extensions.SignatureSchemes))
        {
            Fail(DtlsFailure.NoCommonSignatureScheme, DtlsAlert.HandshakeFailure);
            return false;
        }

        SrtpProfile profile = Settings.SrtpProfiles.FirstOrDefault(own => hello.Extensions.SrtpProfiles?.Contains((ushort)own) == true);
        SrtpProfile = profile == default ? null : profile;
        if (SrtpProfile is null && Settings.RequireSrtp)
        {
            Fail(DtlsFailure.NoCommonSrtpProfile, DtlsAlert.HandshakeFailure);
            return false;
        }

        return true;
    }

    private State GenerateKeyShare()
    {
        GenerateKeyShare(_group);
        return State.SignServerKeyExchange;
    }

    private State SignServerKeyExchange(Instant now)
    {
        byte[] signed = ServerKeyExchange.SignedBytes(ClientRandom, ServerRandom, (ushort)_group, OwnPublicKey);
        if (Sign(signed) is not { } signature)
        {
            return State.SignServerKeyExchange;
        }

        Flight.Begin();

        // Set when the ClientHello was handled.
        Send(_hello!);
        Send(new CertificateMessage(Settings.Identity.Certificate.ToArray()));
        Send(new ServerKeyExchange((ushort)_group, OwnPublicKey, (ushort)OwnScheme, signature));
        Send(new CertificateRequest(AcceptsEcdsa: true, AcceptsRsa: true, AcceptedSchemes()));
        Send(new ServerHelloDone());
        SendFlight(now, awaitsAnswer: true);
        return State.AwaitCertificate;
    }

    private State? OnCertificate(HandshakeMessage message) =>
        !TryKeepCertificate(message) ? null : Failure is null ? State.ReadCertificate : State.Failed;

    private State? OnClientKeyExchange(HandshakeMessage message)
    {
        _clientKeyExchange = ClientKeyExchange.Read(message.Body);
        if (_clientKeyExchange is null)
        {
            return null;
        }

        Transcript.Append(message);
        return State.AgreeOnSecret;
    }

    // The message that led to this state left the client's key; the ClientHello, the suite.
    private State AgreeOnSecret() =>
        TryAgree(_clientKeyExchange!.PublicKey, CipherSuite!.Value, DtlsRole.Server) ? State.AwaitCertificateVerify : State.Failed;

    private State? OnCertificateVerify(HandshakeMessage message)
    {
        if (CertificateVerify.Read(message.Body) is not { } certificateVerify)
        {
            return null;
        }

        if (!SignatureSchemeParameters.Accepted.Contains((SignatureScheme)certificateVerify.Scheme))
        {
            return FailWith(DtlsFailure.NoCommonSignatureScheme, DtlsAlert.IllegalParameter);
        }

        _certificateVerify = certificateVerify;
        _signedByClient = Transcript.Bytes.ToArray();
        Transcript.Append(message);
        return State.VerifyCertificateVerify;
    }

    private State VerifyCertificateVerify() =>
        PeerKey!.Verify((SignatureScheme)_certificateVerify!.Scheme, _signedByClient, _certificateVerify.Signature)
            ? State.AwaitFinished
            : FailWith(DtlsFailure.BadSignature, DtlsAlert.DecryptError);

    private State OnFinished(HandshakeMessage message, Instant now)
    {
        if (!TryVerifyFinished(message, DtlsRole.Client))
        {
            return State.Failed;
        }

        Transcript.Append(message);
        Flight.Begin();
        SendFinished(DtlsRole.Server);
        SendFlight(now, awaitsAnswer: false);
        return State.Completed;
    }

    private State FailWith(DtlsFailure reason, DtlsAlert alert)
    {
        Fail(reason, alert);
        return State.Failed;
    }
}
