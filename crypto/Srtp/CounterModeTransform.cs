using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>AES in counter mode, then HMAC-SHA1 over the result, cut to the profile's length (RFC 3711 sections 4.1.1 and 4.2).</summary>
internal sealed class CounterModeTransform(
    ReadOnlySpan<byte> encryptionKey, ReadOnlySpan<byte> authenticationKey, ReadOnlySpan<byte> salt, int tagLength) : SrtpTransform
{
    private const int SsrcOffset = 4;
    private const int IndexOffset = 6;

    private readonly AesBlocks _blocks = AesBlocks.Create(encryptionKey, AesBlocks.BestBackEnd);
    private readonly Hmac<Sha1> _authenticator = new(authenticationKey);
    private readonly byte[] _salt = salt.ToArray();

    /// <inheritdoc/>
    public override int TagLength => tagLength;

    /// <inheritdoc/>
    public override void Protect(
        Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, Span<byte> tag)
    {
        Encrypt(packet[headerLength..], ssrc, index);
        Span<byte> code = stackalloc byte[RunningHash<Sha1>.HashLength];
        Authenticate(packet, trailer, code);
        code[..tagLength].CopyTo(tag);
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(
        Span<byte> packet, int headerLength, uint trailer, uint ssrc, ulong index, ReadOnlySpan<byte> tag)
    {
        Span<byte> code = stackalloc byte[RunningHash<Sha1>.HashLength];
        Authenticate(packet, trailer, code);
        if (!CryptographicOperations.FixedTimeEquals(code[..tagLength], tag))
        {
            return false;
        }

        Encrypt(packet[headerLength..], ssrc, index);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _blocks.Dispose();
        _authenticator.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    private void Authenticate(ReadOnlySpan<byte> packet, uint trailer, Span<byte> code)
    {
        Span<byte> trailerBytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(trailerBytes, trailer);
        _authenticator.Update(packet);
        _authenticator.Update(trailerBytes);
        _authenticator.Finish(code);
    }

    // RFC 3711 section 4.1.1: IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16). Two bytes lie above the 48-bit index.
    private void Encrypt(Span<byte> text, uint ssrc, ulong index)
    {
        Span<byte> counterBlock = stackalloc byte[AesBlocks.BlockLength];
        counterBlock.Clear();
        _salt.CopyTo(counterBlock);
        Span<byte> ssrcField = counterBlock.Slice(SsrcOffset, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(ssrcField, BinaryPrimitives.ReadUInt32BigEndian(ssrcField) ^ ssrc);
        Span<byte> indexField = counterBlock.Slice(IndexOffset, sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(indexField, BinaryPrimitives.ReadUInt64BigEndian(indexField) ^ index);
        AesCounterMode.Apply(_blocks, counterBlock, text);
    }
}
