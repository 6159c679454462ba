using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// Authenticated encryption: RFC 5246 section 6.2.3.3 with AES-GCM (RFC 5288) or ChaCha20-Poly1305 (RFC 7905).
/// A nonce never comes twice, since no sequence number does.
/// </summary>
internal sealed class AeadRecordProtection : RecordProtection
{
    private readonly AeadCipher _cipher;
    private readonly byte[] _fixedIv;
    private readonly int _recordIvLength;

    /// <summary>Takes key and IV from the key block.</summary>
    public AeadRecordProtection(DtlsCipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> fixedIv)
    {
        _cipher = suite.IsChaCha ? AeadCiphers.CreateChaCha20Poly1305(key) : AeadCiphers.CreateAesGcm(key);
        _fixedIv = fixedIv.ToArray();
        _recordIvLength = suite.RecordIvLength;
    }

    /// <inheritdoc/>
    public override int MaximumOverhead => _recordIvLength + _cipher.TagLength;

    /// <inheritdoc/>
    public override int ProtectedLength(int length) => length + MaximumOverhead;

    /// <inheritdoc/>
    public override void Seal(RecordHeader header, scoped ReadOnlySpan<byte> plaintext, ref WireWriter writer)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        Span<byte> additionalData = stackalloc byte[PseudoHeaderLength];
        FillPseudoHeader(header, plaintext.Length, additionalData);

        if (_recordIvLength > 0)
        {
            // RFC 5288 section 3: the explicit part may be the sequence number; RFC 9325 section 7.2.1 asks for just that.
            writer.WriteUInt64(header.EpochAndSequenceNumber);
            FillNonce(additionalData[..sizeof(ulong)], nonce);
        }
        else
        {
            FillNonce(header, nonce);
        }

        Span<byte> text = writer.Reserve(plaintext.Length);
        plaintext.CopyTo(text);
        _cipher.Seal(nonce, additionalData, text, writer.Reserve(_cipher.TagLength));
    }

    /// <inheritdoc/>
    public override bool TryOpen(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        int length = fragment.Length - MaximumOverhead;
        if (length < 0)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        Span<byte> additionalData = stackalloc byte[PseudoHeaderLength];
        FillPseudoHeader(header, length, additionalData);
        if (_recordIvLength > 0)
        {
            FillNonce(fragment[.._recordIvLength], nonce);
        }
        else
        {
            FillNonce(header, nonce);
        }

        Span<byte> text = fragment.Slice(_recordIvLength, length);
        if (!_cipher.TryOpen(nonce, additionalData, text, fragment[(_recordIvLength + length)..]))
        {
            return false;
        }

        plaintext = text;
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose() => _cipher.Dispose();

    // AES-GCM: the fixed part and then the part that the record carries.
    private void FillNonce(ReadOnlySpan<byte> recordIv, Span<byte> nonce)
    {
        _fixedIv.CopyTo(nonce);
        recordIv.CopyTo(nonce[_fixedIv.Length..]);
    }

    // RFC 7905 section 2: the number, padded on the left, exclusive-or the IV.
    private void FillNonce(RecordHeader header, Span<byte> nonce)
    {
        _fixedIv.CopyTo(nonce);
        Span<byte> low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ header.EpochAndSequenceNumber);
    }
}
