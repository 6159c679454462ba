using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>AES-GCM for SRTP (RFC 7714 section 8) and SRTCP (section 9).</summary>
internal sealed class AeadTransform(SrtpKind kind, ReadOnlySpan<byte> encryptionKey, ReadOnlySpan<byte> salt) : SrtpTransform
{
    private const int SsrcOffset = 2;
    private const int IndexOffset = 4;

    private readonly AeadCipher _cipher = AeadCiphers.CreateAesGcm(encryptionKey);
    private readonly byte[] _salt = salt.ToArray();

    // RFC 7714 section 9.2: the associated data of SRTCP are the two ends of the packet, which are joined here.
    private readonly byte[] _ends = kind == SrtpKind.Rtcp ? new byte[RtcpLayout.MaximumClearLength + RtcpLayout.IndexLength] : [];

    /// <inheritdoc/>
    public override int TagLength => _cipher.TagLength;

    /// <inheritdoc/>
    public override void Protect(Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        FormNonce(ssrc, index, nonce);
        _cipher.Seal(nonce, AssociatedData(packet[..headerLength], trailer), packet[headerLength..], tag);
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(
        Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        FormNonce(ssrc, index, nonce);
        return _cipher.TryOpen(nonce, AssociatedData(packet[..headerLength], trailer), packet[headerLength..], tag);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    // RFC 7714 sections 8.1 and 9.1: two zeros, the SSRC and the index of 48 bits, all XOR the salt.
    private void FormNonce(uint ssrc, ulong index, Span<byte> nonce)
    {
        _salt.CopyTo(nonce);
        Span<byte> ssrcField = nonce.Slice(SsrcOffset, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(ssrcField, BinaryPrimitives.ReadUInt32BigEndian(ssrcField) ^ ssrc);
        Span<byte> indexField = nonce.Slice(IndexOffset, sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(indexField, BinaryPrimitives.ReadUInt64BigEndian(indexField) ^ index);
    }

    private ReadOnlySpan<byte> AssociatedData(ReadOnlySpan<byte> header, uint trailer)
    {
        if (kind == SrtpKind.Rtp)
        {
            return header;
        }

        header.CopyTo(_ends);
        BinaryPrimitives.WriteUInt32BigEndian(_ends.AsSpan(header.Length), trailer);
        return _ends.AsSpan(0, header.Length + RtcpLayout.IndexLength);
    }
}
