using System;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;

namespace IntercomAgent.Media;

/// <summary>
/// One call's media as one engine: tells DTLS, RTP and RTCP apart by their first bytes (RFC 7983), secures the association, and joins
/// it to the audio stream.
/// <para>
/// The side that offers DTLS calls <see cref="ExpectHandshake"/> before its offer leaves, so that not even a ClientHello that overtakes the
/// answer is lost. Keys that signalling itself brings (<see cref="SignalledProtection"/>) need no handshake. Both sides
/// <see cref="Apply"/> what offer and answer agreed on, again after each re-offer.
/// </para>
/// <para>
/// When a re-offer asks for a new association, the former one's keys go on to protect media until the new one has its own, and are
/// accepted until the first packet comes under the new ones, for what is under way arrives late (RFC 8842 section 5.1).
/// </para>
/// The steady path (<see cref="Receive"/> of RTP, <see cref="WritePacket"/>, <see cref="Play"/>) makes no garbage.
/// </summary>
/// <param name="settings">What all calls of the station have in common.</param>
internal sealed class CallMedia(MediaSettings settings) : IDisposable
{
    private readonly AudioStream _audio = new(settings.Random, settings.PlayedSamples);
    private readonly DropTally _pastDrops = new();
    private SecureAssociation? _association;
    private SecureAssociation? _former;
    private SignalledProtection? _signalled;
    private AudioAgreement? _agreement;
    private NetworkEndpoint _remote;
    private Instant _lastHeard = Instant.Never;
    private bool _expectsHandshake;
    private bool _toldEnd;
    private bool _ended;

    /// <summary>
    /// Whether media are encrypted, under the keys of a peer whose fingerprint matched, or under those that signalling brought.
    /// </summary>
    public bool IsSecured => Protecting is not null;

    /// <summary>Whether audio may flow: secured, or agreed to be in the clear.</summary>
    public bool IsOpen => !_ended && _agreement is not null && (IsSecured || !_agreement.IsEncrypted);

    /// <summary>Samples a second of the codec that was agreed on; 0 while nothing is.</summary>
    public int SampleRate => _agreement is null ? 0 : CodecFacts.Of(_agreement.Codec).SampleRate;

    /// <summary>How media are protected.</summary>
    public SecurityFacts Security => (Protecting ?? _association ?? (IMediaProtection?)_signalled)?.Facts ?? SecurityFacts.None;

    /// <summary>What went over the line so far.</summary>
    public StreamCounters Counters => _audio.Counters;

    /// <summary>Datagrams that had no effect: unknown, malformed, not authentic, or for a call that is over.</summary>
    public MediaDrops Drops { get; } = new();

    /// <summary>All that was dropped, by reason, the records of DTLS included.</summary>
    public DropTally Dropped
    {
        get
        {
            DropTally tally = new();
            Drops.AddTo(tally);
            tally.Add(_pastDrops);
            _association?.AddDropsTo(tally);
            return tally;
        }
    }

    /// <summary>When the first packet of the peer's audio arrived and was authentic; <see cref="Instant.Never"/> before.</summary>
    public Instant FirstAudio { get; private set; } = Instant.Never;

    /// <summary>Whether a public-key operation waits.</summary>
    public bool HasWork => !_ended && _association?.HasWork == true;

    /// <summary>Our offer of encrypted media leaves: from now on the peer's ClientHello is welcome (RFC 5763 section 5).</summary>
    public void ExpectHandshake()
    {
        _expectsHandshake = true;
        _association ??= new SecureAssociation(DtlsRole.Server, settings);
    }

    /// <summary>
    /// Another branch of a fork answers our offer than the one that has been heard: nothing of what was agreed with that one holds.
    /// </summary>
    public void Restart()
    {
        EndAssociation();
        EndFormer();
        _signalled?.ForgetPeer();
        _agreement = null;
        if (_expectsHandshake)
        {
            ExpectHandshake();
        }
    }

    /// <summary>Takes what offer and answer have agreed on, at first and after each re-offer.</summary>
    public void Apply(AudioAgreement agreement, Instant now)
    {
        if (_ended)
        {
            return;
        }

        // What symmetric RTP has learned stays, unless signalling names another address than before.
        bool moved = !agreement.Remote.IsUnspecified && _agreement?.Remote != agreement.Remote;
        _remote = moved ? agreement.Remote : _remote;

        bool renew = _agreement is not null && agreement.IsNewAssociation;
        _agreement = agreement;
        _audio.Configure(agreement, now);
        _lastHeard = now;
        _toldEnd = false;
        if (agreement.IsDtlsClient is { } isClient)
        {
            Associate(isClient ? DtlsRole.Client : DtlsRole.Server, renew, moved, now);
        }
        else
        {
            EndAssociation();
            EndFormer();
        }

        if (agreement.Keys is { } keys)
        {
            (_signalled ??= new SignalledProtection()).Take(keys);
        }
    }

    /// <summary>Takes a datagram from the media port. RTP and RTCP are decrypted in place.</summary>
    public void Receive(Span<byte> datagram, NetworkEndpoint from, Instant now)
    {
        if (_ended)
        {
            Drops.AfterEnd++;
            return;
        }

        switch (MediaDatagram.Classify(datagram))
        {
            case MediaDatagramKind.Dtls when _association is not null:
                _association.Receive(datagram, from.ToPath(), now);
                break;
            case MediaDatagramKind.Rtp when IsOpen:
                ReceiveRtp(datagram, from, now);
                break;
            case MediaDatagramKind.Rtcp when IsOpen:
                ReceiveRtcp(datagram, from, now);
                break;
            case MediaDatagramKind.Rtp or MediaDatagramKind.Rtcp:
                Drops.BeforeKeys++;
                break;
            case MediaDatagramKind.Unknown or MediaDatagramKind.Stun or MediaDatagramKind.Dtls:
                Drops.Unknown++;
                break;
        }
    }

    /// <summary>Lets due timers fire.</summary>
    public void Advance(Instant now)
    {
        if (!_ended)
        {
            _association?.Advance(now);
        }
    }

    /// <summary>Does one public-key operation.</summary>
    public void Work(Instant now) => _association?.Work(now);

    /// <summary>The next thing to do or to tell; last of all <see cref="MediaOutputKind.Idle"/>.</summary>
    /// <param name="buffer">Room for a datagram, at least <see cref="AudioStream.PacketCapacity"/> and what DTLS sends.</param>
    /// <param name="now">The moment.</param>
    /// <param name="unixTime">The wall clock of that moment, in nanoseconds since 1970, for sender reports.</param>
    public MediaOutput Poll(Span<byte> buffer, Instant now, long unixTime)
    {
        Instant wakeAt = Instant.Never;
        if (!_ended && _signalled?.TakeNews() == true)
        {
            return new MediaOutput { Kind = MediaOutputKind.Secured };
        }

        if (_association is not null)
        {
            MediaOutput output = _association.Poll(buffer, now);
            if (output.Kind == MediaOutputKind.Secured)
            {
                _lastHeard = now;
            }
            else if (output.Kind == MediaOutputKind.Failed)
            {
                // Who cannot prove to be the peer of the new association does not live on the former one.
                EndFormer();
            }

            if (output.Kind != MediaOutputKind.Idle)
            {
                return output;
            }

            wakeAt = output.WakeAt;
            if (!_ended && _agreement is not null && _association.AwaitsPeer && _former is null)
            {
                return AwaitPeer(now, wakeAt);
            }
        }

        return IsOpen ? PollStream(buffer, now, unixTime, wakeAt) : new MediaOutput { Kind = MediaOutputKind.Idle, WakeAt = wakeAt };
    }

    /// <summary>
    /// Makes a packet from the captured samples. Returns its length, 0 when nothing may be sent.
    /// </summary>
    /// <param name="captured">20 ms, at any of <see cref="CodecFacts.SampleRates"/>.</param>
    /// <param name="packet">Room for <see cref="AudioStream.PacketCapacity"/> bytes.</param>
    /// <param name="now">The moment.</param>
    /// <param name="to">Where the packet goes.</param>
    public int WritePacket(ReadOnlySpan<short> captured, Span<byte> packet, Instant now, out NetworkEndpoint to)
    {
        to = _remote;
        if (!IsOpen)
        {
            return 0;
        }

        if ((_agreement!.Direction & MediaDirection.SendOnly) == 0)
        {
            _audio.SkipPacket();
            return 0;
        }

        int length = _audio.WritePacket(captured, packet, now);
        return !_agreement.IsEncrypted || length == 0 ? length : Protecting?.ProtectRtp(packet, length) ?? 0;
    }

    /// <summary>Gives the next piece of what the peer says; silence when there is nothing.</summary>
    public void Play(Span<short> period, Instant now)
    {
        if (IsOpen)
        {
            _audio.Play(period, now);
        }
        else
        {
            period.Clear();
        }
    }

    /// <summary>Whether the peer takes telephone events.</summary>
    public bool TakesKeys => _agreement?.SendEvents is not null;

    /// <summary>Presses a key: it is sent as a telephone event. False when the peer takes none, or too many wait.</summary>
    public bool TryPressKey(DtmfDigit digit) => IsOpen && _audio.TryPressKey(digit);

    /// <summary>
    /// Says goodbye to the peer's media: first RTCP's BYE into <paramref name="buffer"/>, whose length is returned, 0 for none; then what
    /// is polled for the last time. Asking twice does no harm.
    /// </summary>
    public int End(Span<byte> buffer, Instant now, long unixTime, out NetworkEndpoint to)
    {
        to = _remote;
        int length = IsOpen && _agreement!.RtcpMux ? _audio.WriteGoodbye(buffer, now, unixTime) : 0;
        length = length == 0 || !_agreement!.IsEncrypted ? length : Protecting?.ProtectRtcp(buffer, length) ?? 0;
        _ended = true;
        EndFormer();
        _association?.Close(now);
        return length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _association?.Dispose();
        _former?.Dispose();
        _signalled?.Dispose();
        _audio.Dispose();
    }

    /// <summary>Whose keys protect what we send; null while there are none.</summary>
    private IMediaProtection? Protecting => _signalled is { IsSecured: true } ? _signalled
        : _association is { State: AssociationState.Secured } ? _association
        : _former;

    private void Associate(DtlsRole role, bool renew, bool moved, Instant now)
    {
        TransportPath path = _agreement!.Remote.ToPath();

        // RFC 8842 section 5.5: the association goes on unless the peer asks for a new one.
        if (_association is null || _association.Role != role || renew)
        {
            if (_association is { State: AssociationState.Secured })
            {
                EndFormer();
                _former = _association;
                _association = null;
            }

            EndAssociation();
            _association = new SecureAssociation(role, settings);
            _association.Follow(path);
            _association.Start(path, now);
        }
        else if (moved)
        {
            _association.Follow(path);
        }

        _association.Expect(_agreement.RemoteFingerprints, now);
    }

    private void EndAssociation()
    {
        _association?.AddDropsTo(_pastDrops);
        _association?.Dispose();
        _association = null;
    }

    private void EndFormer()
    {
        _former?.AddDropsTo(_pastDrops);
        _former?.Dispose();
        _former = null;
    }

    private void ReceiveRtp(Span<byte> datagram, NetworkEndpoint from, Instant now)
    {
        int length = datagram.Length;
        if (!_agreement!.IsEncrypted ? !IsFromPeer(from) : !TryUnprotectRtp(datagram, out length))
        {
            Drops.NotAuthentic++;
        }
        else if (!_audio.Receive(datagram[..length], now))
        {
            Drops.Malformed++;
        }
        else
        {
            Hear(from, now);
        }
    }

    private void ReceiveRtcp(Span<byte> datagram, NetworkEndpoint from, Instant now)
    {
        int length = datagram.Length;
        if (!_agreement!.IsEncrypted ? !IsFromPeer(from) : !TryUnprotectRtcp(datagram, out length))
        {
            Drops.NotAuthentic++;
        }
        else
        {
            _audio.ReceiveControl(datagram[..length], now);
            _lastHeard = now;
        }
    }

    // What is not authentic under the new keys is left as it was, and tried under the former ones.
    private bool TryUnprotectRtp(Span<byte> datagram, out int length)
    {
        if (_signalled is not null)
        {
            return _signalled.TryUnprotectRtp(datagram, out length);
        }

        if (_association!.TryUnprotectRtp(datagram, out length))
        {
            EndFormer();
            return true;
        }

        return _former is not null && _former.TryUnprotectRtp(datagram, out length);
    }

    private bool TryUnprotectRtcp(Span<byte> datagram, out int length)
    {
        if (_signalled is not null)
        {
            return _signalled.TryUnprotectRtcp(datagram, out length);
        }

        if (_association!.TryUnprotectRtcp(datagram, out length))
        {
            EndFormer();
            return true;
        }

        return _former is not null && _former.TryUnprotectRtcp(datagram, out length);
    }

    private void Hear(NetworkEndpoint from, Instant now)
    {
        // Symmetric RTP (RFC 4961): an authentic packet shows where the peer is. In the clear a packet proves nothing, and media go
        // where signalling says. A packet that was overtaken shows where the peer was before.
        _remote = IsSecured && _audio.IsNewest ? from : _remote;

        FirstAudio = Instant.Soonest(FirstAudio, now);
        _lastHeard = now;
    }

    /// <summary>In the clear, the host that signalling names is all that a packet can be told by.</summary>
    private bool IsFromPeer(NetworkEndpoint from) => from.WithPort(0) == _remote.WithPort(0);

    private MediaOutput AwaitPeer(Instant now, Instant wakeAt)
    {
        Instant failedAt = _toldEnd ? Instant.Never : _lastHeard + settings.PeerGone;
        if (now >= failedAt)
        {
            _toldEnd = true;
            return new MediaOutput { Kind = MediaOutputKind.Failed, Problem = _association!.WaitingProblem };
        }

        return new MediaOutput { Kind = MediaOutputKind.Idle, WakeAt = Instant.Soonest(wakeAt, failedAt) };
    }

    private MediaOutput PollStream(Span<byte> buffer, Instant now, long unixTime, Instant wakeAt)
    {
        if (_audio.TryTakeDigit(out DtmfDigit digit))
        {
            return new MediaOutput { Kind = MediaOutputKind.Digit, Digit = digit.Key };
        }

        if (_agreement!.RtcpMux)
        {
            if (now >= _audio.ControlDue && WriteReport(buffer, now, unixTime) is > 0 and int length)
            {
                return new MediaOutput { Kind = MediaOutputKind.Send, Datagram = buffer[..length], To = _remote };
            }

            wakeAt = Instant.Soonest(wakeAt, _audio.ControlDue);
        }

        // Who holds a call may send music or nothing (RFC 3264 section 8.4): silence then means nothing.
        bool shouldSpeak = _agreement.Direction == MediaDirection.SendReceive;
        Instant goneAt = shouldSpeak && !_toldEnd ? _lastHeard + settings.PeerGone : Instant.Never;
        if (now >= goneAt)
        {
            _toldEnd = true;
            return new MediaOutput { Kind = MediaOutputKind.PeerGone };
        }

        return new MediaOutput { Kind = MediaOutputKind.Idle, WakeAt = Instant.Soonest(wakeAt, goneAt) };
    }

    private int WriteReport(Span<byte> buffer, Instant now, long unixTime)
    {
        int length = _audio.WriteReport(buffer, now, unixTime);
        return !_agreement!.IsEncrypted ? length : Protecting?.ProtectRtcp(buffer, length) ?? 0;
    }
}
