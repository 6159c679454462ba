using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sdp;

/// <summary>
/// Offer and answer (RFC 3264) of one dialog with one audio stream: our <c>o=</c> line, what was agreed last, and whose turn it is.
/// Media are offered encrypted, with keys from DTLS (RFC 5763) or, where its owner has it so, with keys that the descriptions bring (RFC
/// 4568), on one port for RTP and RTCP. Disposing wipes such keys.
/// </summary>
internal sealed class AudioSession : IDisposable
{
    private readonly SdpSettings _settings;
    private readonly IRandomSource _random;
    private NetworkEndpoint _local;
    private readonly CryptoExchange _keys;
    private readonly uint _sessionId;
    private readonly PayloadTypes _payloadTypes = new();
    private uint _version;
    private string _tlsId;

    /// <summary>All media lines of the session; those beside ours were offered by the peer and refused.</summary>
    private IReadOnlyList<MediaSlot> _slots;
    private int _audioIndex;
    private bool _isBundled;

    /// <summary>What we want of the direction since our last successful offer.</summary>
    private MediaDirection _direction = MediaDirection.SendReceive;
    private AudioAgreement? _agreement;
    private DtlsAssociation? _association;

    /// <summary>Our open offer; null when the session is stable.</summary>
    private LocalDescription? _offer;

    /// <summary>Our offer that was answered last.</summary>
    private LocalDescription? _answered;

    /// <summary>Begins a session; whoever speaks first makes the first offer.</summary>
    /// <param name="settings">What we offer and accept.</param>
    /// <param name="random">Names the session and its DTLS associations.</param>
    /// <param name="local">Where we receive media, as the peer reaches it.</param>
    public AudioSession(SdpSettings settings, IRandomSource random, NetworkEndpoint local)
    {
        _settings = settings;
        _random = random;
        _local = local;
        _keys = new CryptoExchange(settings.CryptoSuites, random);
        Span<byte> id = stackalloc byte[sizeof(uint)];
        random.Fill(id);
        // 31 bits: some telephones keep the session's number in a signed integer.
        _sessionId = BinaryPrimitives.ReadUInt32BigEndian(id) >> 1;
        _tlsId = TlsId.Create(random);
        _slots = [new MediaSlot("audio", settings.Offers.OfferedProtocol(), "", null)];
    }

    /// <summary>Whether keys may be in the descriptions that come and go next. Whoever knows their way says so before each of them.</summary>
    public KeyTravel KeyTravel { get; set; }

    /// <summary>Whether our next offer has keys in it.</summary>
    public bool OffersKeys => (_agreement?.Keying ?? _settings.Offers) == MediaKeying.Signalling;

    /// <summary>Whether our offer waits for its answer.</summary>
    public bool HasOpenOffer => _offer is not null;

    /// <summary>The direction that our open offer asks for; null when none is open.</summary>
    public MediaDirection? OfferedDirection => _offer?.Direction;

    /// <summary>What we want of the direction, as our last offer that was accepted said: while we hold, that is to send only.</summary>
    public MediaDirection Direction => _direction;

    /// <summary>What holds now; null before the first agreement.</summary>
    public AudioAgreement? Agreement => _agreement;

    /// <summary>Where we receive media is another place from now on. Whoever says so makes an offer.</summary>
    public void Move(NetworkEndpoint local)
    {
        _local = local;
        _keys.MustRenew = true;
    }

    /// <summary>
    /// Writes an offer: the first one, or a later one to hold (<see cref="MediaDirection.SendOnly"/>), to resume or to repeat. Only
    /// when no offer of ours is open and, where it <see cref="OffersKeys"/>, when those may travel.
    /// </summary>
    /// <param name="direction">Who shall send.</param>
    /// <param name="buffer">At least <see cref="SdpLimits.WrittenDescription"/> long.</param>
    public int WriteOffer(MediaDirection direction, Span<byte> buffer)
    {
        if (_offer is not null)
        {
            throw new InvalidOperationException("An offer is open.");
        }

        if (OffersKeys && KeyTravel != KeyTravel.Allowed)
        {
            throw new InvalidOperationException("Others would read the keys.");
        }

        // Before there is an agreement, what leaves it to the peer to encrypt names our fingerprint as well.
        bool hasDtls = _agreement is { } agreed ? agreed.Keying == MediaKeying.Dtls : !OffersKeys;
        _offer = new LocalDescription
        {
            SessionId = _sessionId,
            Version = ++_version,
            Time = "0 0",
            Local = _local,
            Slots = _slots,
            AudioIndex = _audioIndex,
            IsBundled = _isBundled,
            Formats = OfferedFormats(),
            Events = OfferedEvents(),
            PacketMilliseconds = _settings.PacketMilliseconds,
            Direction = direction,
            RtcpMux = true,
            // RFC 3605: a peer without rtcp-mux sends RTCP here all the same; the next port may be another call's.
            HasRtcp = true,
            ReportWishes = ReportWishes.Ours,
            // RFC 8842 section 5.5: actpass in later offers too; the same tls-id and fingerprint keep the association.
            Dtls = hasDtls ? new LocalDtls(DtlsSetup.ActPass, _settings.Fingerprint, _tlsId) : null,
            Cryptos = OffersKeys ? _keys.Offer() : [],
        };
        return _offer.Write(buffer);
    }

    /// <summary>
    /// Takes the answer to our open offer. Whatever the verdict, the offer is no longer open; unless it is
    /// <see cref="SdpVerdict.Accepted"/>, what was agreed before still holds.
    /// </summary>
    public SdpVerdict TakeAnswer(ReadOnlySpan<byte> answer, out AudioAgreement? agreement)
    {
        agreement = null;
        if (_offer is not { } offer)
        {
            return SdpVerdict.NotExpected;
        }

        _answered = offer;
        _offer = null;
        SdpVerdict verdict = SdpReader.Read(answer, out SessionDescription? read);
        using SessionDescription? description = read;
        if (description is null)
        {
            return verdict;
        }

        // RFC 3264 section 6: exactly the media lines of the offer.
        if (description.Media.Count != offer.Slots.Count)
        {
            return SdpVerdict.Malformed;
        }

        MediaDescription media = description.Media[_audioIndex];
        verdict = Judge(media);
        verdict = verdict == SdpVerdict.Accepted ? JudgeKeying(offer, media) : verdict;
        if (verdict != SdpVerdict.Accepted)
        {
            return verdict;
        }

        SignalledKeys? keys = media.Keying == MediaKeying.Signalling ? _keys.TakeAnswer(media) : null;
        if (keys is null && media.Keying == MediaKeying.Signalling)
        {
            return SdpVerdict.NoCommonCrypto;
        }

        _direction = offer.Direction;
        agreement = _agreement = AgreeOnAnswer(offer, media, keys);
        return SdpVerdict.Accepted;
    }

    /// <summary>
    /// Answers a peer's offer. Unless the verdict is <see cref="SdpVerdict.Accepted"/>, nothing is written, what was agreed before still
    /// holds, and <see cref="SdpVerdicts.StatusCode"/> gives the refusal.
    /// </summary>
    /// <param name="offer">The description.</param>
    /// <param name="buffer">At least <see cref="SdpLimits.WrittenDescription"/> long.</param>
    /// <param name="length">The length of the answer.</param>
    /// <param name="agreement">What holds from now on.</param>
    public SdpVerdict AnswerOffer(ReadOnlySpan<byte> offer, Span<byte> buffer, out int length, out AudioAgreement? agreement)
    {
        length = 0;
        agreement = null;
        if (_offer is not null)
        {
            return SdpVerdict.NotExpected;
        }

        SdpVerdict verdict = SdpReader.Read(offer, out SessionDescription? read);
        using SessionDescription? description = read;
        if (description is null)
        {
            return verdict;
        }

        verdict = FindAudio(description, out int index);
        if (verdict != SdpVerdict.Accepted)
        {
            return verdict;
        }

        MediaDescription media = description.Media[index];
        _slots = [.. description.Media.Select(line => new MediaSlot(line.Kind, line.ProtocolName, line.Formats, line.Own.Mid))];
        _audioIndex = index;
        _isBundled = description.IsBundled(media);
        _payloadTypes.Learn(media);
        LocalCrypto? crypto = null;
        SignalledKeys? keys = media.Keying == MediaKeying.Signalling && _keys.Choose(media) is { } chosen
            ? _keys.Answer(chosen, out crypto)
            : null;
        agreement = _agreement = AgreeOnOffer(media, keys);
        length = (DescribeAnswer(description, media, agreement) with { Cryptos = crypto is null ? [] : [crypto] }).Write(buffer);
        return SdpVerdict.Accepted;
    }

    /// <summary>
    /// What answered our first offer was said ahead of the answer, or by another branch of a fork (RFC 3261 section 13.2.1): the offer is
    /// open once more. Only before the session is up.
    /// </summary>
    public void AwaitAnotherAnswer()
    {
        _offer ??= _answered;
        _agreement = null;
        _keys.AwaitAnotherAnswer();
    }

    /// <summary>Our open offer was refused: what was agreed before still holds. Does nothing when no offer is open.</summary>
    public void WithdrawOffer() => _offer = null;

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    /// <summary>
    /// The media line to accept: of those that we can, the first whose media are best protected. When there is none, the reason that the
    /// first audio line gives.
    /// </summary>
    private SdpVerdict FindAudio(SessionDescription description, out int index)
    {
        SdpVerdict first = SdpVerdict.NoAudio;
        index = -1;
        for (int candidate = 0; candidate < description.Media.Count; candidate++)
        {
            MediaDescription media = description.Media[candidate];
            SdpVerdict verdict = Judge(media);
            if (verdict == SdpVerdict.Accepted)
            {
                index = index < 0 || media.Keying < description.Media[index].Keying ? candidate : index;
            }

            first = first == SdpVerdict.NoAudio ? verdict : first;
        }

        return index < 0 ? first : SdpVerdict.Accepted;
    }

    private SdpVerdict Judge(MediaDescription media)
    {
        // A call that was encrypted stays so: whoever was heard on it counts on that. Nor do its keys come from elsewhere all at once.
        bool mayBePlain = _agreement is { } agreement ? !agreement.IsEncrypted : _settings.AllowPlain;
        bool isOtherKeying = _agreement is { IsEncrypted: true } agreed && agreed.Keying != media.Keying;
        if (media.Kind != "audio" || media.Port == 0)
        {
            return SdpVerdict.NoAudio;
        }

        return media switch
        {
            { Keying: MediaKeying.Unknown } => SdpVerdict.UnsupportedProtocol,
            { Keying: MediaKeying.None } when !mayBePlain => SdpVerdict.NotEncrypted,
            { Keying: MediaKeying.Signalling } when KeyTravel != KeyTravel.Allowed =>
                KeyTravel == KeyTravel.NotAllowed ? SdpVerdict.SignalledKeys : SdpVerdict.ExposedKeys,
            _ when isOtherKeying => SdpVerdict.UnsupportedProtocol,
            { Connection: null } => SdpVerdict.Malformed,
            { Connection.Address: var address } when !IsReachable(address) => SdpVerdict.UnsupportedAddress,
            _ when AudioFormats.FindCommon(media, _settings.Codecs).Count == 0 => SdpVerdict.NoCommonCodec,
            { Keying: MediaKeying.None } => SdpVerdict.Accepted,
            { Keying: MediaKeying.Signalling } => _keys.Choose(media) is null ? SdpVerdict.NoCommonCrypto : SdpVerdict.Accepted,
            { Fingerprints.Count: 0 } => SdpVerdict.NoFingerprint,
            { Setup: DtlsSetup.HoldConn } => SdpVerdict.NoRole,
            _ => SdpVerdict.Accepted,
        };
    }

    /// <summary>What an answer that could be taken by itself is to the offer that it answers.</summary>
    private SdpVerdict JudgeKeying(LocalDescription offer, MediaDescription media)
    {
        bool mayDiffer = media.Keying == MediaKeying.None && _agreement is null && _settings.Offers == MediaKeying.None;
        if (media.Keying != offer.Keying && !mayDiffer)
        {
            return media.Keying == MediaKeying.None ? SdpVerdict.NotEncrypted : SdpVerdict.UnsupportedProtocol;
        }

        return media is { Keying: MediaKeying.Dtls, Setup: DtlsSetup.ActPass } ? SdpVerdict.NoRole : SdpVerdict.Accepted;
    }

    private bool IsReachable(NetworkEndpoint? address) =>
        address is { } known && (known.IsUnspecified || known.IsIPv4 == _local.IsIPv4);

    /// <summary>Our codecs under the payload types that they have had so far, the agreed one first.</summary>
    private List<PayloadFormat> OfferedFormats()
    {
        List<PayloadFormat> formats = [];
        if (_agreement is { } agreement)
        {
            formats.Add(new PayloadFormat(agreement.ReceivePayloadType, agreement.Codec));
        }

        formats.AddRange(_settings.Codecs
            .Where(codec => codec != _agreement?.Codec)
            .Select(codec => new PayloadFormat(_payloadTypes.For(codec), codec)));
        return formats;
    }

    /// <summary>Telephone events for each clock of our codecs (RFC 4733 section 2.1), the slowest first.</summary>
    private List<EventFormat> OfferedEvents() =>
        [.. _settings.Codecs.Select(codec => CodecFacts.Of(codec).ClockRate).Distinct().Order()
            .Select(clock => new EventFormat(_payloadTypes.ForEvents(clock), clock))];

    private AudioAgreement AgreeOnAnswer(LocalDescription offer, MediaDescription media, SignalledKeys? keys)
    {
        List<PayloadFormat> sent = AudioFormats.FindCommon(media, [.. offer.Formats.Select(format => format.Codec)]);
        List<PayloadFormat> received =
            [.. sent.Select(format => offer.Formats.First(offered => offered.Codec == format.Codec)).Distinct()];
        EventFormat? events = AudioFormats.ChooseEvents(AudioFormats.FindEvents(media), sent[0].Codec);
        // RFC 4145 section 4: an answer that does not say is passive.
        bool isClient = media.Setup is DtlsSetup.Passive or DtlsSetup.None;
        return Agree(media, isClient, keys, sent[0], received, offer.Direction) with
        {
            SendEvents = events,
            ReceiveEvents = events is null ? [] : offer.Events,
        };
    }

    private AudioAgreement AgreeOnOffer(MediaDescription media, SignalledKeys? keys)
    {
        PayloadFormat format = AudioFormats.FindCommon(media, _settings.Codecs)[0];
        EventFormat? events = AudioFormats.ChooseEvents(AudioFormats.FindEvents(media), format.Codec);
        bool isClient = media.Setup switch
        {
            DtlsSetup.Passive => true,
            // RFC 4145 section 4: an offer that does not say is active.
            DtlsSetup.Active or DtlsSetup.None => false,
            // RFC 8842 section 5.3: the roles of a kept association stay; RFC 5763 section 5: active is better for a new one.
            DtlsSetup.ActPass => _association is { IsClient: false } kept && kept.IsKeptBy(media, RemoteOf(media))
                ? false
                : CanReach(RemoteOf(media)),
            DtlsSetup.HoldConn => false, // Only without DTLS, where it means nothing: else it was refused before.
        };
        bool hadAssociation = _association is not null;
        AudioAgreement agreement = Agree(media, isClient, keys, format, [format], _direction) with
        {
            SendEvents = events,
            ReceiveEvents = events is { } same ? [same] : [],
        };
        // RFC 8842 section 5.3: a new association has a new name at the answerer's end.
        _tlsId = agreement.IsNewAssociation && hadAssociation ? TlsId.Create(_random) : _tlsId;
        return agreement;
    }

    /// <summary>
    /// From outside, nobody reaches a peer in a network of its own; what it sends first opens its translator, and tells us where it is.
    /// </summary>
    private bool CanReach(NetworkEndpoint remote) => !remote.IsPrivate || _local.IsPrivate || _local.IsLoopback;

    private AudioAgreement Agree(
        MediaDescription media, bool isClient, SignalledKeys? keys, PayloadFormat sent, List<PayloadFormat> received,
        MediaDirection direction)
    {
        bool isMuxed = media.Own.RtcpMux;
        NetworkEndpoint remote = RemoteOf(media);
        MediaDirection agreed = direction & media.Direction.Reversed();
        // RFC 3264 section 8.4: nothing is sent to the unspecified address of an old-style hold.
        agreed = remote.IsUnspecified ? agreed & ~MediaDirection.SendOnly : agreed;
        bool isDtls = media.Keying == MediaKeying.Dtls;
        return new AudioAgreement
        {
            Remote = remote,
            RemoteControl = isMuxed || remote.IsUnspecified ? null : ControlOf(media, remote),
            Codec = sent.Codec,
            SendPayloadType = sent.PayloadType,
            ReceivePayloadType = received[0].PayloadType,
            ReceiveFormats = received,
            OpusWishes = AudioFormats.OpusWishes(media, sent),
            SendEvents = null,
            ReceiveEvents = [],
            Direction = agreed,
            Keying = media.Keying,
            Keys = keys,
            RtcpMux = isMuxed,
            ReportWishes = media.ReportWishes ?? default,
            IsDtlsClient = isDtls ? isClient : null,
            RemoteFingerprints = isDtls ? media.Fingerprints : [],
            RemoteTlsId = isDtls ? media.Own.TlsId : null,
            IsNewAssociation = isDtls ? Associate(media, isClient, remote) : keys is not null && keys != _agreement?.Keys,
        };
    }

    /// <summary>Keeps what identifies the association from now on; says whether that is a new one.</summary>
    private bool Associate(MediaDescription media, bool isClient, NetworkEndpoint remote)
    {
        bool isKept = _association is { } last && last.IsClient == isClient && last.IsKeptBy(media, remote);
        _association = new DtlsAssociation
        {
            IsClient = isClient,
            RemoteFingerprints = media.Fingerprints,
            RemoteTlsId = media.Own.TlsId,
            Remote = isKept && remote.IsUnspecified ? _association?.Remote ?? remote : remote,
        };
        return !isKept;
    }

    private LocalDescription DescribeAnswer(SessionDescription offer, MediaDescription media, AudioAgreement agreement) => new()
    {
        SessionId = _sessionId,
        Version = ++_version,
        Time = offer.Time ?? "0 0",
        Local = _local,
        Slots = _slots,
        AudioIndex = _audioIndex,
        IsBundled = _isBundled,
        Formats = agreement.ReceiveFormats,
        Events = agreement.ReceiveEvents,
        PacketMilliseconds = _settings.PacketMilliseconds,
        Direction = agreement.Direction,
        RtcpMux = agreement.RtcpMux,
        HasRtcp = !agreement.RtcpMux,
        ReportWishes = ReportWishes.Answer(media.ReportWishes),
        Dtls = agreement.IsDtlsClient is { } isClient
            // RFC 8842 section 5.3: no tls-id in the answer to an offer without.
            ? new LocalDtls(
                isClient ? DtlsSetup.Active : DtlsSetup.Passive, _settings.Fingerprint, media.Own.TlsId is null ? null : _tlsId)
            : null,
    };

    /// <summary>Where the media line wants RTP. Only for one that <see cref="Judge"/> has accepted, so that there is an address.</summary>
    private static NetworkEndpoint RemoteOf(MediaDescription media) =>
        media.Connection is { Address: { } address } ? address.WithPort(media.Port) : throw new InvalidOperationException("No address.");

    /// <summary>Where RTCP goes: RFC 3605 where it is said, else the next port (RFC 3264 section 5.1).</summary>
    private static NetworkEndpoint? ControlOf(MediaDescription media, NetworkEndpoint remote)
    {
        if (media.Own.RtcpPort is { } port)
        {
            return port == 0 ? null : (media.Own.RtcpConnection?.Address ?? remote).WithPort(port);
        }

        return remote.Port == ushort.MaxValue ? null : remote.WithPort((ushort)(remote.Port + 1));
    }
}
