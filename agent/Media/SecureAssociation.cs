using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Media;

/// <summary>
/// One DTLS association of a call, the check of the peer's certificate against the fingerprints that signalling brought (RFC 5763
/// section 5), and the SRTP contexts that come of it. Handshake and signalling finish in any order; no key is used before both have,
/// and the fingerprint matched.
/// <para>
/// As a server it may be reached by anybody who finds the port. A handshake from a path that signalling has not named is therefore
/// taken, as the peer's own may overtake its answer, but it cannot end the call: when it fails, shows another certificate, or stands in
/// the peer's way, the association begins anew.
/// </para>
/// </summary>
internal sealed class SecureAssociation : IMediaProtection
{
    private readonly MediaSettings _settings;
    private readonly StrangerHandshakes _strangers = new();
    private readonly DropTally _drops = new();
    private DtlsEndpoint _dtls;
    private TransportPath? _named;
    private IReadOnlyList<CertificateFingerprint>? _expected;
    private bool _told;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private Instant _begun = Instant.Never;

    /// <summary>An association in which we have that role.</summary>
    public SecureAssociation(DtlsRole role, MediaSettings settings)
    {
        Role = role;
        _settings = settings;
        _dtls = CreateEndpoint();
    }

    /// <summary>What the association is busy with.</summary>
    public AssociationState State { get; private set; } = AssociationState.Handshaking;

    /// <summary>Who we are in the handshake.</summary>
    public DtlsRole Role { get; }

    /// <summary>Whether nothing comes of it unless the peer does something: it has not begun the handshake, or has left it.</summary>
    public bool AwaitsPeer => State == AssociationState.Left
        || (Role == DtlsRole.Server && State == AssociationState.Handshaking && _dtls.Path is null);

    /// <summary>What to say of a peer that is awaited in vain, in words for a person.</summary>
    public string WaitingProblem { get; private set; } = SecurityProblem.NotBegun;

    /// <inheritdoc/>
    public SecurityFacts Facts { get; private set; } = SecurityFacts.None;

    /// <summary>Whether a public-key operation waits.</summary>
    public bool HasWork => State == AssociationState.Handshaking && _dtls.HasWork;

    /// <summary>Begins the handshake as its client; a server waits for the peer to begin.</summary>
    public void Start(TransportPath path, Instant now)
    {
        _begun = Role == DtlsRole.Client ? now : _begun;
        _dtls.Start(path, now);
    }

    /// <summary>Signalling names the path that the peer's media come from and ours go to.</summary>
    public void Follow(TransportPath path)
    {
        _named = path;
        if (Role == DtlsRole.Server)
        {
            _dtls.TrustPath(path);
        }
        else
        {
            _dtls.SetPath(path);
        }
    }

    /// <summary>Signalling names the fingerprints by which the peer's certificate is known.</summary>
    public void Expect(IReadOnlyList<CertificateFingerprint> fingerprints, Instant now)
    {
        _expected = fingerprints;
        CheckFingerprint(now);
        Secure();
    }

    /// <summary>Takes a DTLS datagram.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, TransportPath from, Instant now)
    {
        if (State == AssociationState.Handshaking && IsWithStranger && from == _named && IsClientHello(datagram))
        {
            BeginAnew();
        }

        bool isStranger = Role == DtlsRole.Server && _dtls.Path is null && from != _named;
        if (isStranger && !_strangers.MayBegin(from.Address, now))
        {
            _drops.Add("DTLS TooManyHandshakes", 1);
            return;
        }

        _begun = Instant.Soonest(_begun, now);
        _dtls.Receive(datagram, from, now);
        if (isStranger && _dtls.Path is not null)
        {
            _strangers.Count(from.Address);
        }
    }

    /// <summary>Lets due timers fire.</summary>
    public void Advance(Instant now) => _dtls.Advance(now);

    /// <summary>Does one public-key operation.</summary>
    public void Work(Instant now) => _dtls.Work(now);

    /// <summary>The next thing to do or to tell; last of all <see cref="MediaOutputKind.Idle"/>.</summary>
    public MediaOutput Poll(Span<byte> buffer, Instant now)
    {
        while (true)
        {
            DtlsOutput output = _dtls.Poll(buffer);
            switch (output.Kind)
            {
                case DtlsOutputKind.Send:
                    return new MediaOutput { Kind = MediaOutputKind.Send, Datagram = output.Datagram, To = output.Path.ToEndpoint() };
                case DtlsOutputKind.PeerCertificate:
                    CheckFingerprint(now);
                    break;
                case DtlsOutputKind.Connected:
                    Connect(now);
                    break;
                case DtlsOutputKind.Failed when State is AssociationState.Handshaking or AssociationState.AwaitingFingerprint && IsWithStranger:
                    WaitingProblem = SecurityProblem.Describe(output.Reason, output.Alert);
                    BeginAnew();
                    break;
                case DtlsOutputKind.Closed when State == AssociationState.AwaitingFingerprint:
                    // It was closed before signalling said by which certificate the peer is known, and leaves no keys.
                    WaitingProblem = SecurityProblem.Describe(DtlsFailure.AlertReceived, DtlsAlert.CloseNotify);
                    BeginAnew();
                    break;
                case DtlsOutputKind.Failed when State == AssociationState.Handshaking && output.Alert == DtlsAlert.CloseNotify:
                    // A peer that hangs up in the middle of the handshake is in order: signalling, or its silence, will tell.
                    State = AssociationState.Left;
                    WaitingProblem = SecurityProblem.Describe(output.Reason, output.Alert);
                    break;
                case DtlsOutputKind.Failed when State == AssociationState.Handshaking:
                    State = AssociationState.Failed;
                    return new MediaOutput { Kind = MediaOutputKind.Failed, Problem = SecurityProblem.Describe(output.Reason, output.Alert) };
                case DtlsOutputKind.Failed or DtlsOutputKind.Closed:
                    // A peer that takes its keys back is about to hang up: signalling, or its silence, will tell.
                    break;
                case DtlsOutputKind.Idle:
                default:
                    return Tell(output.WakeAt);
            }
        }
    }

    /// <inheritdoc/>
    public int ProtectRtp(Span<byte> buffer, int length) => _sender?.ProtectRtp(buffer, length) ?? 0;

    /// <inheritdoc/>
    public int ProtectRtcp(Span<byte> buffer, int length) => _sender?.ProtectRtcp(buffer, length) ?? 0;

    /// <inheritdoc/>
    public bool TryUnprotectRtp(Span<byte> packet, out int length)
    {
        length = 0;
        return _receiver?.UnprotectRtp(packet, out length) == SrtpVerdict.Accepted;
    }

    /// <inheritdoc/>
    public bool TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        return _receiver?.UnprotectRtcp(packet, out length) == SrtpVerdict.Accepted;
    }

    /// <summary>Adds what was dropped, in the handshakes that led to nothing as well, to a tally.</summary>
    public void AddDropsTo(DropTally tally)
    {
        tally.Add(_drops);
        AddRecordDropsTo(tally);
    }

    /// <summary>Says goodbye if there are keys to say it under; what is to be sent must still be polled. Asking twice does no harm.</summary>
    public void Close(Instant now)
    {
        State = AssociationState.Ended;
        _dtls.Close(now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State = AssociationState.Ended;
        _sender?.Dispose();
        _receiver?.Dispose();
        _sender = null;
        _receiver = null;
        _dtls.Dispose();
    }

    private void AddRecordDropsTo(DropTally tally)
    {
        foreach (DtlsDropReason reason in Enum.GetValues<DtlsDropReason>())
        {
            tally.Add($"DTLS {reason}", _dtls.Dropped[reason]);
        }
    }

    private DtlsEndpoint CreateEndpoint() => new(Role, new DtlsSettings
    {
        Identity = _settings.Identity,
        SrtpProfiles = _settings.SrtpProfiles,
        CipherSuites = _settings.AllowCbc ? DtlsSettings.CipherSuitesWithCbc : DtlsSettings.UsualCipherSuites,
        Random = _settings.Random,
    });

    /// <summary>Whether somebody began the handshake from another path than signalling has named, if it has named one.</summary>
    private bool IsWithStranger => Role == DtlsRole.Server && _dtls.Path is { } path && path != _named;

    private void BeginAnew()
    {
        AddRecordDropsTo(_drops);
        _dtls.Dispose();
        _dtls = CreateEndpoint();
        _begun = Instant.Never;
        State = AssociationState.Handshaking;
        Facts = SecurityFacts.None;
        if (_named is { } path)
        {
            _dtls.TrustPath(path);
        }
    }

    /// <summary>RFC 6347 section 4.1: a plain handshake record of epoch 0, whose first message is a ClientHello.</summary>
    private static bool IsClientHello(ReadOnlySpan<byte> datagram) => datagram is [22, _, _, 0, 0, _, _, _, _, _, _, _, _, 1, ..];

    // RFC 8122 section 6.2: the certificate must match one of the fingerprints whose hash function we accept.
    private void CheckFingerprint(Instant now)
    {
        if (_expected is not null && !_dtls.PeerCertificate.IsEmpty
            && State is AssociationState.Handshaking or AssociationState.AwaitingFingerprint && !IsExpected(_dtls.PeerCertificate))
        {
            if (IsWithStranger)
            {
                WaitingProblem = SecurityProblem.FingerprintMismatch;
                BeginAnew();
                return;
            }

            State = AssociationState.Refused;
            _dtls.Abort(DtlsAlert.BadCertificate, now);
        }
    }

    private bool IsExpected(ReadOnlySpan<byte> certificate)
    {
        foreach (CertificateFingerprint fingerprint in _expected!)
        {
            if (fingerprint.Matches(certificate))
            {
                return true;
            }
        }

        return false;
    }

    private void Connect(Instant now)
    {
        if (State == AssociationState.Handshaking)
        {
            State = AssociationState.AwaitingFingerprint;
            Facts = new SecurityFacts(_dtls.CipherSuite!.Value.Name, _dtls.SrtpProfile!.Value, now - _begun);
            CheckFingerprint(now);
            Secure();
        }
    }

    private void Secure()
    {
        if (State == AssociationState.AwaitingFingerprint && _expected is not null)
        {
            using SrtpKeys keys = _dtls.ExportSrtpKeys();
            _sender = keys.CreateSender(Role == DtlsRole.Client);
            _receiver = keys.CreateReceiver(Role == DtlsRole.Client);
            State = AssociationState.Secured;
        }
    }

    private MediaOutput Tell(Instant wakeAt)
    {
        if (!_told && State is AssociationState.Secured or AssociationState.Refused)
        {
            _told = true;
            return State == AssociationState.Secured
                ? new MediaOutput { Kind = MediaOutputKind.Secured }
                : new MediaOutput { Kind = MediaOutputKind.Failed, Problem = SecurityProblem.FingerprintMismatch };
        }

        return new MediaOutput { Kind = MediaOutputKind.Idle, WakeAt = wakeAt };
    }
}

/// <summary>What an association is busy with, in the order of its life.</summary>
internal enum AssociationState
{
    /// <summary>The handshake is on its way, or has not begun.</summary>
    Handshaking,

    /// <summary>The handshake is done, but signalling has not brought the peer's fingerprint yet.</summary>
    AwaitingFingerprint,

    /// <summary>Media flow under its keys.</summary>
    Secured,

    /// <summary>The certificate is not the one that signalling named.</summary>
    Refused,

    /// <summary>The peer has closed the association before the handshake was done.</summary>
    Left,

    /// <summary>The handshake failed.</summary>
    Failed,

    /// <summary>Its life is over.</summary>
    Ended,
}
