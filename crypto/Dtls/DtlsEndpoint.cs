using System;
using System.Linq;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// One side of a DTLS 1.2 association (RFC 6347) that exists to give SRTP its keys (RFC 5764): it authenticates both sides by
/// certificate and carries no data. It does no input or output: datagrams come in by <see cref="Receive"/>, time by
/// <see cref="Advance"/>, and what it wants done comes out of <see cref="Poll"/>, which its owner calls until Idle after every input.
/// Public-key operations, several milliseconds each on a small board, happen in <see cref="Work"/> only, one at a time.
/// </summary>
public sealed partial class DtlsEndpoint : IDisposable
{
    private readonly DtlsSettings _settings;
    private readonly RecordLayer _records = new();
    private readonly FlightRetransmission _flight;
    private readonly Handshake12 _handshake;
    private readonly HandshakeReassembly _reassembly = new(HandshakeReassembly.MaximumMessageLength);
    private readonly EarlyRecords _early = new();
    private readonly TrustedPaths _trusted = new();
    private readonly HelloGate _gate;
    private TransportPath _path;
    private Instant _deadline = Instant.Never;
    private (DtlsAlert Alert, bool IsFatal)? _alertToSend;
    private (DtlsFailure Reason, DtlsAlert? Alert)? _failure;
    private bool _hasNewCertificate;
    private DtlsState _announced = DtlsState.New;

    /// <summary>Makes an endpoint that has neither sent nor received anything.</summary>
    /// <exception cref="ArgumentException">The settings contradict themselves: our own mistake.</exception>
    public DtlsEndpoint(DtlsRole role, DtlsSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaximumDatagram, DtlsSettings.MinimumMaximumDatagram, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaximumDatagram, DtlsSettings.MaximumMaximumDatagram, nameof(settings));
        if (settings.RequireSrtp && settings.SrtpProfiles.Count == 0)
        {
            throw new ArgumentException("SRTP is required, but no profile is allowed.", nameof(settings));
        }

        if (role == DtlsRole.Server && !settings.CipherSuites.Any(suite => suite.IsEcdsa == settings.Identity.IsEcdsa))
        {
            throw new ArgumentException("No cipher suite fits the key of our certificate.", nameof(settings));
        }

        Role = role;
        _settings = settings;
        _gate = new HelloGate(settings.Random, _trusted);
        _flight = new FlightRetransmission(_records, settings.MaximumDatagram, settings.FirstTimeout);
        _handshake = role == DtlsRole.Client
            ? new ClientHandshake12(settings, _records, _flight)
            : new ServerHandshake12(settings, _records, _flight);
    }

    /// <summary>Which half of the handshake this side plays; it also says which of the SRTP keys are ours.</summary>
    public DtlsRole Role { get; }

    /// <summary>Where the association is in its life.</summary>
    public DtlsState State { get; private set; }

    /// <summary>Where our datagrams go; null until a handshake has begun.</summary>
    public TransportPath? Path => State == DtlsState.New ? null : _path;

    /// <summary>The peer's own certificate in DER; empty until <see cref="DtlsOutputKind.PeerCertificate"/>.</summary>
    public ReadOnlySpan<byte> PeerCertificate => _handshake.PeerCertificate;

    /// <summary>The cipher suite, once it is negotiated.</summary>
    public DtlsCipherSuite? CipherSuite => _handshake.CipherSuite;

    /// <summary>The SRTP profile, once it is negotiated.</summary>
    public SrtpProfile? SrtpProfile => _handshake.SrtpProfile;

    /// <summary>Whether the keys are bound to the whole handshake (RFC 7627); only old peers cannot do that.</summary>
    public bool ExtendedMasterSecret => _handshake.ExtendedMasterSecret;

    /// <summary>What was dropped, and why.</summary>
    public DtlsDropCounters Dropped { get; } = new();

    /// <summary>
    /// Whether <see cref="Work"/> has something to do. It may be the key share, made ahead of its time, before anything has come.
    /// </summary>
    public bool HasWork => !HasEnded && State != DtlsState.Connected && _handshake.HasWork;

    // While we compute what the answer needs, it has come, and repeating the question would only make the peer repeat the answer.
    private Instant FlightDue => _handshake.IsBusy ? Instant.Never : _flight.WakeAt;

    private bool HasEnded => State is DtlsState.Closed or DtlsState.Failed;

    /// <summary>
    /// Client: sends the ClientHello to the peer's path. A server needs no start, and its handshake's limit runs from the ClientHello
    /// that it lets in; one whom no client ever calls waits for as long as its owner does. A second start does nothing.
    /// </summary>
    public void Start(TransportPath path, Instant now)
    {
        if (Role == DtlsRole.Client && State == DtlsState.New)
        {
            BeginHandshake(path, now);
            _trusted.Add(path);

            // A client's handshake is the client's kind of handshake: the constructor saw to it.
            ((ClientHandshake12)_handshake).Start(now);
        }
    }

    /// <summary>
    /// Signalling has named this path for the peer, beside any that it named before: a ClientHello from it needs no cookie, and a
    /// handshake that is under way may go on from it.
    /// </summary>
    public void TrustPath(TransportPath path) => _trusted.Add(path);

    /// <summary>Signalling wants our datagrams to go to this path from now on.</summary>
    public void SetPath(TransportPath path)
    {
        _trusted.Add(path);
        _path = path;
    }

    /// <summary>Takes a datagram. Whatever is wrong with it is dropped and counted, record by record.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, TransportPath from, Instant now)
    {
        if (HasEnded)
        {
            Dropped.Add(DtlsDropReason.Ended);
            return;
        }

        WireReader reader = new(datagram);
        while (!reader.AtEnd && !HasEnded)
        {
            if (!RecordHeader.TryRead(ref reader, out RecordHeader header, out ReadOnlySpan<byte> fragment))
            {
                Dropped.Add(DtlsDropReason.Malformed);
                break;
            }

            Count(ReceiveRecord(header, fragment, from, now));
            HandleMessages(now);
        }
    }

    /// <summary>Does what has become due: sends a flight again, or gives the handshake up.</summary>
    public void Advance(Instant now)
    {
        if (State != DtlsState.Handshaking)
        {
            return;
        }

        if (now >= _deadline)
        {
            Fail(DtlsFailure.Timeout, null);
        }
        else if (now >= FlightDue)
        {
            _flight.Advance(now);
        }
    }

    /// <summary>Does exactly one expensive operation, if there is one to do.</summary>
    public void Work(Instant now)
    {
        if (!HasWork)
        {
            return;
        }

        bool hadCertificate = !PeerCertificate.IsEmpty;
        _handshake.Work(now);
        _hasNewCertificate |= !hadCertificate && !PeerCertificate.IsEmpty;
        HandleMessages(now);
        while (_records.HasKeys && !HasEnded && _early.TryTake(out EarlyRecords.EarlyRecord record))
        {
            Count(ReceiveProtected(record.Header, record.Fragment, record.From, now));
            HandleMessages(now);
        }
    }

    /// <summary>Hands out the next output; <see cref="DtlsOutputKind.Idle"/> when there is none.</summary>
    /// <param name="buffer">Room for a datagram: at least <see cref="DtlsSettings.MaximumDatagram"/> bytes.</param>
    public DtlsOutput Poll(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, _settings.MaximumDatagram, nameof(buffer));
        if (_hasNewCertificate && !HasEnded)
        {
            _hasNewCertificate = false;
            return new DtlsOutput { Kind = DtlsOutputKind.PeerCertificate };
        }

        int length = WriteDatagram(buffer, out TransportPath path);
        if (length > 0)
        {
            return new DtlsOutput { Kind = DtlsOutputKind.Send, Datagram = buffer[..length], Path = path };
        }

        if (State != _announced)
        {
            _announced = State;
            if (State is DtlsState.Connected or DtlsState.Closed)
            {
                return new DtlsOutput { Kind = State == DtlsState.Connected ? DtlsOutputKind.Connected : DtlsOutputKind.Closed };
            }

            if (_failure is { } failure)
            {
                return new DtlsOutput { Kind = DtlsOutputKind.Failed, Reason = failure.Reason, Alert = failure.Alert };
            }
        }

        return new DtlsOutput { Kind = DtlsOutputKind.Idle, WakeAt = Instant.Soonest(FlightDue, _deadline) };
    }

    /// <summary>Gives up: tells the peer by a fatal alert, if there is one, and fails as <see cref="DtlsFailure.Aborted"/>.</summary>
    public void Abort(DtlsAlert alert, Instant now)
    {
        if (!HasEnded)
        {
            FailWithAlert(DtlsFailure.Aborted, alert);
        }
    }

    /// <summary>Ends in order: tells the peer by close_notify if there are keys to prove it with. Twice is harmless.</summary>
    public void Close(Instant now)
    {
        if (!HasEnded)
        {
            EndInOrder();
        }
    }

    /// <summary>
    /// Derives bytes that only the two sides know (RFC 5705 section 4, without context). The owner must not use them before the
    /// certificate's fingerprint has matched.
    /// </summary>
    /// <exception cref="InvalidOperationException">The endpoint is not connected.</exception>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, Span<byte> destination)
    {
        if (State != DtlsState.Connected || _handshake.Keys is not { } keys)
        {
            throw new InvalidOperationException("There are no keys to export: the endpoint is not connected.");
        }

        keys.Export(label, destination);
    }

    /// <summary>
    /// The master keys and salts for the negotiated profile (RFC 5764 section 4.2), under the same condition as
    /// <see cref="ExportKeyingMaterial"/>. The caller owns them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The endpoint is not connected, or did not negotiate SRTP.</exception>
    public SrtpKeys ExportSrtpKeys()
    {
        SrtpProfile profile = SrtpProfile ?? throw new InvalidOperationException("There is no SRTP profile.");
        Span<byte> block = stackalloc byte[SrtpKeys.BlockLength(profile)];
        ExportKeyingMaterial("EXTRACTOR-dtls_srtp"u8, block);
        SrtpKeys keys = new(profile, block);
        CryptographicOperations.ZeroMemory(block);
        return keys;
    }

    /// <summary>Wipes all keys, without a word to the peer. Twice is harmless.</summary>
    public void Dispose()
    {
        if (!HasEnded)
        {
            End(DtlsState.Closed);
        }

        _alertToSend = null;
        _announced = State;
        _gate.Dispose();
        _records.Dispose();
        _handshake.Dispose();
    }

    private void BeginHandshake(TransportPath path, Instant now)
    {
        _path = path;
        _deadline = now + _settings.HandshakeLimit;
        State = DtlsState.Handshaking;
    }

    private int WriteDatagram(Span<byte> buffer, out TransportPath path)
    {
        int reply = _gate.WriteReply(buffer, out path);
        if (reply > 0)
        {
            return reply;
        }

        path = _path;
        if (_alertToSend is not { } alert)
        {
            return _flight.WriteDatagram(buffer);
        }

        _alertToSend = null;
        WireWriter writer = new(buffer);
        _records.Write(ref writer, _handshake.WriteEpoch, ContentType.Alert, [(byte)(alert.IsFatal ? 2 : 1), (byte)alert.Alert]);
        return writer.Length;
    }

    private void EndInOrder()
    {
        if (_handshake.WriteEpoch > 0)
        {
            _alertToSend = (DtlsAlert.CloseNotify, IsFatal: false);
        }

        End(DtlsState.Closed);
    }

    private void FailWithAlert(DtlsFailure reason, DtlsAlert alert)
    {
        if (State != DtlsState.New)
        {
            _alertToSend = (alert, IsFatal: true);
        }

        Fail(reason, alert);
    }

    private void Fail(DtlsFailure reason, DtlsAlert? alert)
    {
        _failure = (reason, alert);
        End(DtlsState.Failed);
    }

    private void End(DtlsState state)
    {
        State = state;
        _flight.Stop();
        _deadline = Instant.Never;
    }
}
