using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The cipher of one direction of epoch 1: RFC 5246 section 6.2.3.3 with AES-GCM (RFC 5288) or ChaCha20-Poly1305 (RFC 7905).
/// A nonce never comes twice, since no sequence number does.
/// </summary>
internal sealed class RecordProtection : IDisposable
{
    // Epoch and sequence number (8), type (1), version (2), length of the plaintext (2).
    private const int AdditionalDataLength = 13;

    private readonly AeadCipher _cipher;
    private readonly byte[] _fixedIv;
    private readonly int _recordIvLength;

    /// <summary>Takes key and IV from the key block.</summary>
    public RecordProtection(DtlsCipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> fixedIv)
    {
        _cipher = suite.IsChaCha ? AeadCiphers.CreateChaCha20Poly1305(key) : AeadCiphers.CreateAesGcm(key);
        _fixedIv = fixedIv.ToArray();
        _recordIvLength = suite.RecordIvLength;
    }

    /// <summary>By how many bytes a protected fragment is longer than its plaintext.</summary>
    public int Overhead => _recordIvLength + _cipher.TagLength;

    /// <summary>Writes the protected form of the plaintext.</summary>
    public void Seal(RecordHeader header, scoped ReadOnlySpan<byte> plaintext, ref WireWriter writer)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        Span<byte> additionalData = stackalloc byte[AdditionalDataLength];
        FillAdditionalData(header, plaintext.Length, additionalData);

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

    /// <summary>
    /// Decrypts a fragment in place; false if it is too short or not authentic, and then its bytes mean nothing.
    /// </summary>
    public bool TryOpen(RecordHeader header, Span<byte> fragment, out ReadOnlySpan<byte> plaintext)
    {
        plaintext = default;
        int length = fragment.Length - Overhead;
        if (length < 0)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[AeadCipher.NonceLength];
        Span<byte> additionalData = stackalloc byte[AdditionalDataLength];
        FillAdditionalData(header, length, additionalData);
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
    public void Dispose() => _cipher.Dispose();

    private static void FillAdditionalData(RecordHeader header, int plaintextLength, Span<byte> additionalData)
    {
        WireWriter writer = new(additionalData);
        writer.WriteUInt64(header.EpochAndSequenceNumber);
        writer.WriteByte((byte)header.Type);
        writer.WriteUInt16(header.Version);
        writer.WriteUInt16((ushort)plaintextLength);
    }

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
