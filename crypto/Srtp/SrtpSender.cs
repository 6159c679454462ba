using System;
using System.Buffers.Binary;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// Protects the packets that are sent under one master key: SRTP (RFC 3711 section 3.3) and SRTCP (section 3.4), in place and
/// without garbage. Each source that the packets name has indices of its own, the first sequence number with ROC 0.
/// </summary>
public sealed class SrtpSender : IDisposable
{
    /// <summary>The most bytes that protection adds to a packet: the tag of AES-GCM and the SRTCP index.</summary>
    public const int MaximumOverhead = 20;

    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;

    // RFC 7714 section 8.4: with an AEAD the tag comes before the index; RFC 3711 section 3.4: otherwise behind it.
    private readonly bool _indexIsLast;
    private readonly SentSource[] _sources = new SentSource[SrtpSources.Maximum];
    private int _sourceCount;
    private bool _ended;

    /// <summary>Derives the session keys. Master key and salt have the profile's lengths and are not kept.</summary>
    /// <exception cref="ArgumentException">A length is wrong: our own mistake.</exception>
    public SrtpSender(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
        : this(
            profile,
            SrtpTransform.Create(profile, SrtpKind.Rtp, masterKey, masterSalt),
            SrtpTransform.Create(profile, SrtpKind.Rtcp, masterKey, masterSalt))
    {
    }

    /// <summary>Takes over transforms that have their session keys: what the published vectors name.</summary>
    internal SrtpSender(SrtpProfile profile, SrtpTransform rtp, SrtpTransform rtcp)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        _indexIsLast = profile.IsAead;
    }

    /// <summary>Protects an RTP packet in place.</summary>
    /// <param name="buffer">Holds the packet and has room behind it for <see cref="MaximumOverhead"/> bytes.</param>
    /// <param name="length">The packet's length.</param>
    /// <returns>
    /// The protected length. 0, and nothing done, if it is no RTP packet, if its sequence number does not come after that of the
    /// packet before it (the key stream would be used twice), if the key is exhausted or has no room for one more source, or if
    /// the sender was disposed.
    /// </returns>
    /// <exception cref="ArgumentException">There is no room behind the packet: our own mistake.</exception>
    public int ProtectRtp(Span<byte> buffer, int length)
    {
        CheckRoom(buffer, length);
        Span<byte> packet = buffer[..length];
        if (_ended
            || !RtpLayout.TryRead(packet, out RtpLayout layout)
            || !TryFindSource(layout.Ssrc, out int source)
            || !_sources[source].TryTakeIndex(layout.SequenceNumber, out long index))
        {
            return 0;
        }

        Span<byte> tag = buffer.Slice(length, _rtp.TagLength);
        _rtp.Protect(packet, layout.HeaderLength, PacketIndex.Roc(index), layout.Ssrc, (ulong)index, tag);
        return length + tag.Length;
    }

    /// <summary>Protects a compound RTCP packet in place and encrypts all but its first eight bytes.</summary>
    /// <param name="buffer">Holds the packet and has room behind it for <see cref="MaximumOverhead"/> bytes.</param>
    /// <param name="length">The packet's length.</param>
    /// <returns>
    /// The protected length. 0, and nothing done, if it is no RTCP packet, if the key is exhausted or has no room for one more
    /// source, or if the sender was disposed.
    /// </returns>
    /// <exception cref="ArgumentException">There is no room behind the packet: our own mistake.</exception>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        CheckRoom(buffer, length);
        Span<byte> packet = buffer[..length];
        if (_ended
            || !RtcpLayout.TryReadSsrc(packet, out uint ssrc)
            || !TryFindSource(ssrc, out int source)
            || !_sources[source].TryTakeRtcpIndex(out uint index))
        {
            return 0;
        }

        uint word = index | RtcpLayout.EncryptedFlag;
        int tagLength = _rtcp.TagLength;
        Span<byte> tag = buffer.Slice(_indexIsLast ? length : length + RtcpLayout.IndexLength, tagLength);
        _rtcp.Protect(packet, RtcpLayout.HeaderLength, word, ssrc, index, tag);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[(_indexIsLast ? length + tagLength : length)..], word);
        return length + tagLength + RtcpLayout.IndexLength;
    }

    /// <summary>Wipes the keys. Packets that come afterwards are not protected.</summary>
    public void Dispose()
    {
        _ended = true;
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static void CheckRoom(Span<byte> buffer, int length)
    {
        if (length < 0 || length > buffer.Length - MaximumOverhead)
        {
            throw new ArgumentException("There is no room for the tag behind the packet.", nameof(buffer));
        }
    }

    private bool TryFindSource(uint ssrc, out int source)
    {
        for (source = 0; source < _sourceCount; source++)
        {
            if (_sources[source].Ssrc == ssrc)
            {
                return true;
            }
        }

        if (_sourceCount == _sources.Length)
        {
            return false;
        }

        _sources[_sourceCount++] = new SentSource(ssrc);
        return true;
    }
}
