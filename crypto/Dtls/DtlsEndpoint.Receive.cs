using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

// The way in: from a record to a message of the handshake or an alert.
public sealed partial class DtlsEndpoint
{
    private DtlsDropReason? ReceiveRecord(RecordHeader header, ReadOnlySpan<byte> fragment, TransportPath from, Instant now)
    {
        if (header.Version is not (ProtocolVersion.Dtls10 or ProtocolVersion.Dtls12))
        {
            // A first ClientHello and a HelloVerifyRequest call themselves 1.0, whatever will be negotiated.
            return DtlsDropReason.WrongVersion;
        }

        return header.Epoch switch
        {
            0 => ReceivePlain(header, fragment, from, now),
            1 => ReceiveProtected(header, fragment, from, now),
            _ => DtlsDropReason.WrongEpoch,
        };
    }

    private DtlsDropReason? ReceivePlain(RecordHeader header, ReadOnlySpan<byte> fragment, TransportPath from, Instant now)
    {
        switch (header.Type)
        {
            case ContentType.ChangeCipherSpec:
                // It may get lost and says nothing that the epoch of the records after it does not say.
                return null;
            case ContentType.Handshake when State == DtlsState.New && Role == DtlsRole.Server:
                return ReceiveHello(header, fragment, from, now);
            case ContentType.Handshake when State == DtlsState.Handshaking:
                return ReceivePlainHandshake(fragment, from, now);
            case ContentType.Handshake:
                return DtlsDropReason.OutOfPlace;
            case ContentType.Alert when State == DtlsState.Handshaking && from == _path:
                // Nothing vouches for it; but who can forge this path can spoil the handshake anyway, and a peer that gave up should
                // not leave its caller waiting. After the handshake it counts for nothing.
                return ReceiveAlert(fragment);
            case ContentType.Alert:
                return DtlsDropReason.UnauthenticatedAlert;
            case ContentType.ApplicationData:
                return DtlsDropReason.ApplicationData;
            default:
                return DtlsDropReason.Malformed;
        }
    }

    // Server: the first ClientHello that HelloGate lets in decides the association's path.
    private DtlsDropReason? ReceiveHello(RecordHeader header, ReadOnlySpan<byte> content, TransportPath from, Instant now)
    {
        WireReader reader = new(content);
        if (!HandshakeFragment.TryRead(ref reader, out HandshakeFragment fragment))
        {
            return DtlsDropReason.Malformed;
        }

        if (_gate.TryReceive(header, fragment, from, now, out HandshakeMessage? hello) is { } reason)
        {
            return reason;
        }

        if (hello is { } message)
        {
            BeginHandshake(from, now);
            _records.ContinueAt(header.SequenceNumber);
            _reassembly.ContinueAt((ushort)(message.Sequence + 1));
            if (_gate.RoundTrip is { } roundTrip)
            {
                _flight.KnowRoundTrip(roundTrip);
            }

            _ = _handshake.TryReceive(message, now);
        }

        return null;
    }

    // Nothing vouches for plain fragments, and one forged message spoils a handshake. So they are taken only from the association's
    // path and from those that signalling has named: who cannot forge these addresses has no way in. All others are dropped, among them
    // a ClientHello from elsewhere, with or without a cookie.
    private DtlsDropReason? ReceivePlainHandshake(ReadOnlySpan<byte> content, TransportPath from, Instant now)
    {
        if (from != _path && !_trusted.Contains(from))
        {
            return DtlsDropReason.WrongPath;
        }

        if (Role == DtlsRole.Client && _reassembly.NextSequence == 0)
        {
            // The peer answers from another of its paths: from here on we talk to that one.
            _path = from;
        }

        return ReceiveHandshake(content, isAuthentic: false, now);
    }

    private DtlsDropReason? ReceiveProtected(RecordHeader header, ReadOnlySpan<byte> fragment, TransportPath from, Instant now)
    {
        if (!_records.HasKeys)
        {
            return State == DtlsState.Handshaking && (from == _path || _trusted.Contains(from)) && _early.TryAdd(header, fragment, from)
                ? null
                : DtlsDropReason.TooEarly;
        }

        if (_records.TryOpen(header, fragment, out ReadOnlySpan<byte> content, out bool isNewest) is { } reason)
        {
            return reason;
        }

        if (isNewest)
        {
            // The peer has moved, and proves that it is the peer. An old record would only tell where it was.
            _path = from;
        }

        return header.Type switch
        {
            ContentType.Handshake => ReceiveHandshake(content, isAuthentic: true, now),
            ContentType.Alert => ReceiveAlert(content),
            ContentType.ApplicationData => DtlsDropReason.ApplicationData,
            ContentType.ChangeCipherSpec or _ => DtlsDropReason.Malformed,
        };
    }

    private DtlsDropReason? ReceiveHandshake(ReadOnlySpan<byte> content, bool isAuthentic, Instant now)
    {
        WireReader reader = new(content);
        while (!reader.AtEnd)
        {
            if (!HandshakeFragment.TryRead(ref reader, out HandshakeFragment fragment))
            {
                return DtlsDropReason.Malformed;
            }

            Count(ReceiveFragment(fragment, isAuthentic, now));
        }

        return null;
    }

    private DtlsDropReason? ReceiveFragment(scoped in HandshakeFragment fragment, bool isAuthentic, Instant now)
    {
        if (isAuthentic && fragment.Type is HandshakeType.HelloRequest or HandshakeType.ClientHello)
        {
            // RFC 5746 section 5: refused, by a warning that leaves the association as it is.
            _alertToSend ??= (DtlsAlert.NoRenegotiation, IsFatal: false);
            return DtlsDropReason.Renegotiation;
        }

        // Finished is the only message of a handshake that is encrypted.
        if (isAuthentic != (fragment.Type == HandshakeType.Finished))
        {
            return DtlsDropReason.WrongEpoch;
        }

        DtlsDropReason? reason = _reassembly.TryAdd(fragment, isAuthentic);
        if (reason == DtlsDropReason.OutOfPlace)
        {
            _flight.Repeat(fragment.Sequence, now, isAuthentic);
        }

        return reason;
    }

    private DtlsDropReason? ReceiveAlert(ReadOnlySpan<byte> content)
    {
        const byte Fatal = 2;
        WireReader reader = new(content);
        if (!reader.TryReadByte(out byte level) || !reader.TryReadByte(out byte description) || !reader.AtEnd)
        {
            return DtlsDropReason.Malformed;
        }

        DtlsAlert alert = (DtlsAlert)description;
        if (alert == DtlsAlert.CloseNotify && State == DtlsState.Connected)
        {
            EndInOrder();
        }
        else if (alert == DtlsAlert.CloseNotify || level == Fatal)
        {
            Fail(DtlsFailure.AlertReceived, alert);
        }

        return null;
    }

    // Hands the messages that are complete to the handshake, up to one that must wait until some work is done.
    private void HandleMessages(Instant now)
    {
        while (State == DtlsState.Handshaking)
        {
            if (_handshake.Failure is { } failure)
            {
                FailWithAlert(failure.Reason, failure.Alert);
            }
            else if (_handshake.IsComplete)
            {
                State = DtlsState.Connected;
                _deadline = Instant.Never;
            }
            else if (_handshake.IsBusy || !_reassembly.TryPeek(out HandshakeMessage message))
            {
                return;
            }
            else if (_handshake.TryReceive(message, now))
            {
                _reassembly.Accept();
            }
            else
            {
                _reassembly.Discard();
                Dropped.Add(DtlsDropReason.Malformed);
            }
        }
    }

    private void Count(DtlsDropReason? reason)
    {
        if (reason is { } given)
        {
            Dropped.Add(given);
        }
    }
}
