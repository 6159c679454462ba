using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// Verifies and decrypts the packets that arrive under one master key: SRTP (RFC 3711 section 3.3) and SRTCP (section 3.4), in
/// place and without garbage. A packet that is not authentic changes nothing, neither windows nor roll-over counters nor itself.
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private readonly bool _indexIsLast;
    private readonly byte[] _identifier = [];
    private readonly ReceivedSource[] _sources = new ReceivedSource[SrtpSources.Maximum];
    private int _sourceCount;
    private bool _ended;

    /// <summary>Derives the session keys. Master key and salt have the profile's lengths and are not kept.</summary>
    /// <param name="profile">What the key is for.</param>
    /// <param name="masterKey">The master key.</param>
    /// <param name="masterSalt">The master salt.</param>
    /// <param name="identifier">What each packet names the key with (MKI, RFC 3711 section 3.1); empty when it does not.</param>
    /// <exception cref="ArgumentException">A length is wrong: our own mistake.</exception>
    public SrtpReceiver(
        SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, ReadOnlySpan<byte> identifier = default)
        : this(
            profile,
            SrtpTransform.Create(profile, SrtpKind.Rtp, masterKey, masterSalt),
            SrtpTransform.Create(profile, SrtpKind.Rtcp, masterKey, masterSalt)) => _identifier = identifier.ToArray();

    /// <summary>Takes over transforms that have their session keys: what the published vectors name.</summary>
    internal SrtpReceiver(SrtpProfile profile, SrtpTransform rtp, SrtpTransform rtcp)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        _indexIsLast = profile.IsAead;
    }

    /// <summary>Verifies and decrypts an SRTP packet in place.</summary>
    /// <param name="packet">The protected packet; the plain one is its first <paramref name="length"/> bytes.</param>
    /// <param name="length">The length of the plain packet; 0 unless it was accepted.</param>
    public SrtpVerdict UnprotectRtp(Span<byte> packet, out int length)
    {
        length = 0;
        if (_ended)
        {
            return SrtpVerdict.Ended;
        }

        int plainLength = packet.Length - _rtp.TagLength - _identifier.Length;
        if (plainLength < 0 || !RtpLayout.TryRead(packet[..plainLength], out RtpLayout layout))
        {
            return SrtpVerdict.Malformed;
        }

        if (!TrySplit(packet[plainLength..], _rtp.TagLength, out ReadOnlySpan<byte> tag))
        {
            return SrtpVerdict.NotAuthentic;
        }

        if (!TryFindSource(layout.Ssrc, out int source))
        {
            return SrtpVerdict.TooManySources;
        }

        SrtpVerdict verdict = _sources[source].Rtp.HasStarted
            ? OpenNext(packet[..plainLength], tag, layout, _sources[source].Rtp, out long index)
            : OpenFirst(packet[..plainLength], tag, layout, out index);
        if (verdict == SrtpVerdict.Accepted)
        {
            Keep(source, layout.Ssrc);
            _sources[source].Rtp.Add(index);
            length = plainLength;
        }

        return verdict;
    }

    /// <summary>
    /// Verifies an SRTCP packet and decrypts it in place. One whose E flag says that it is not encrypted is taken as well, if it
    /// is authentic: RFC 3711 section 3.4 leaves that to its sender.
    /// </summary>
    /// <param name="packet">The protected packet; the plain one is its first <paramref name="length"/> bytes.</param>
    /// <param name="length">The length of the plain packet; 0 unless it was accepted.</param>
    public SrtpVerdict UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (_ended)
        {
            return SrtpVerdict.Ended;
        }

        int plainLength = packet.Length - _rtcp.TagLength - RtcpLayout.IndexLength - _identifier.Length;
        if (plainLength < 0 || !RtcpLayout.TryReadSsrc(packet[..plainLength], out uint ssrc))
        {
            return SrtpVerdict.Malformed;
        }

        // RFC 7714 section 9.2: tag, index, key identifier; RFC 3711 section 3.4: index, key identifier, tag.
        int indexAt = plainLength + (_indexIsLast ? _rtcp.TagLength : 0);
        uint word = BinaryPrimitives.ReadUInt32BigEndian(packet[indexAt..]);
        ReadOnlySpan<byte> tag = packet.Slice(plainLength, _rtcp.TagLength);
        if (_indexIsLast
            ? !packet[(indexAt + RtcpLayout.IndexLength)..].SequenceEqual(_identifier)
            : !TrySplit(packet[(indexAt + RtcpLayout.IndexLength)..], _rtcp.TagLength, out tag))
        {
            return SrtpVerdict.NotAuthentic;
        }

        bool isEncrypted = (word & RtcpLayout.EncryptedFlag) != 0;
        if (!isEncrypted && plainLength > RtcpLayout.MaximumClearLength)
        {
            return SrtpVerdict.Malformed;
        }

        if (!TryFindSource(ssrc, out int source))
        {
            return SrtpVerdict.TooManySources;
        }

        uint index = word & RtcpLayout.MaximumIndex;
        SrtpVerdict verdict = PacketIndex.Check(index, _sources[source].Rtcp);
        if (verdict != SrtpVerdict.Accepted)
        {
            return verdict;
        }

        int headerLength = isEncrypted ? RtcpLayout.HeaderLength : plainLength;
        if (!_rtcp.TryUnprotect(packet[..plainLength], headerLength, word, ssrc, index, tag))
        {
            return SrtpVerdict.NotAuthentic;
        }

        Keep(source, ssrc);
        _sources[source].Rtcp.Add(index);
        length = plainLength;
        return SrtpVerdict.Accepted;
    }

    /// <summary>Wipes the keys. Packets that come afterwards are dropped.</summary>
    public void Dispose()
    {
        _ended = true;
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    // RFC 3711 section 3.3.1: a stream begins with ROC 0. If it began shortly before the sequence numbers wrapped and those packets
    // were lost, ROC is 1 already and would stay unknown for the whole call: so that is tried as well.
    private SrtpVerdict OpenFirst(Span<byte> packet, ReadOnlySpan<byte> tag, RtpLayout layout, out long index)
    {
        index = layout.SequenceNumber;
        if (TryOpen(packet, tag, layout, index))
        {
            return SrtpVerdict.Accepted;
        }

        index += 1L << 16;
        return layout.SequenceNumber < PacketIndex.HalfCircle && TryOpen(packet, tag, layout, index)
            ? SrtpVerdict.Accepted
            : SrtpVerdict.NotAuthentic;
    }

    private SrtpVerdict OpenNext(Span<byte> packet, ReadOnlySpan<byte> tag, RtpLayout layout, ReplayWindow window, out long index)
    {
        index = PacketIndex.Estimate(window.Highest, layout.SequenceNumber);
        SrtpVerdict verdict = PacketIndex.Check(index, window);
        return verdict != SrtpVerdict.Accepted ? verdict
            : TryOpen(packet, tag, layout, index) ? SrtpVerdict.Accepted
            : SrtpVerdict.NotAuthentic;
    }

    private bool TryOpen(Span<byte> packet, ReadOnlySpan<byte> tag, RtpLayout layout, long index) =>
        _rtp.TryUnprotect(packet, layout.HeaderLength, PacketIndex.Roc(index), layout.Ssrc, (ulong)index, tag);

    /// <summary>
    /// Splits what is behind an RTP packet into tag and key identifier: RFC 7714 section 8.2 has the tag first, RFC 3711 section 3.1 last.
    /// False when it names another key.
    /// </summary>
    private bool TrySplit(ReadOnlySpan<byte> behind, int tagLength, out ReadOnlySpan<byte> tag)
    {
        tag = _indexIsLast ? behind[..tagLength] : behind[^tagLength..];
        return (_indexIsLast ? behind[tagLength..] : behind[..^tagLength]).SequenceEqual(_identifier);
    }

    /// <summary>The place of the source, or the one that it would take. False if it is new and there is no room.</summary>
    private bool TryFindSource(uint ssrc, out int source)
    {
        for (source = 0; source < _sourceCount; source++)
        {
            if (_sources[source].Ssrc == ssrc)
            {
                return true;
            }
        }

        return _sourceCount < _sources.Length;
    }

    /// <summary>A new source gets its place with its first authentic packet: forged ones cannot fill the room.</summary>
    private void Keep(int source, uint ssrc)
    {
        if (source == _sourceCount)
        {
            _sources[source].Ssrc = ssrc;
            _sourceCount++;
        }
    }
}
