using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>AES in Galois/counter mode (NIST SP 800-38D) with nonces of 96 bits and the whole tag (RFC 5116 section 5.1).</summary>
internal sealed class AesGcm : AeadCipher
{
    private readonly AesBlocks _blocks;
    private readonly Ghash _ghash;
    private bool _disposed;

    /// <summary>Expands the key once; it is not kept otherwise.</summary>
    public AesGcm(ReadOnlySpan<byte> key, AesBackEnd backEnd)
    {
        _blocks = AesBlocks.Create(key, backEnd);
        Span<byte> hashKey = stackalloc byte[AesBlocks.BlockLength];
        hashKey.Clear();
        _blocks.Encrypt(hashKey);
        _ghash = Ghash.Create(hashKey, backEnd);
        CryptographicOperations.ZeroMemory(hashKey);
    }

    /// <inheritdoc/>
    public override int TagLength => 16;

    /// <inheritdoc/>
    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, Span<byte> tag)
    {
        CheckUse(nonce, tag);
        Span<byte> counterBlock = stackalloc byte[AesBlocks.BlockLength];
        StartCounter(nonce, counterBlock, 2);
        AesCounterMode.Apply(_blocks, counterBlock, text);
        ComputeTag(nonce, additionalData, text, tag);
    }

    /// <inheritdoc/>
    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        CheckUse(nonce, tag);
        Span<byte> expected = stackalloc byte[AesBlocks.BlockLength];
        ComputeTag(nonce, additionalData, text, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        Span<byte> counterBlock = stackalloc byte[AesBlocks.BlockLength];
        StartCounter(nonce, counterBlock, 2);
        AesCounterMode.Apply(_blocks, counterBlock, text);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _blocks.Dispose();
        _ghash.Dispose();
    }

    /// <summary>The counter block of a nonce of 96 bits: block 1 masks the tag, the text begins with block 2.</summary>
    private static void StartCounter(ReadOnlySpan<byte> nonce, Span<byte> counterBlock, byte counter)
    {
        nonce.CopyTo(counterBlock);
        counterBlock[NonceLength..].Clear();
        counterBlock[^1] = counter;
    }

    private void ComputeTag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> ciphertext, Span<byte> tag)
    {
        Span<byte> mask = stackalloc byte[AesBlocks.BlockLength];
        StartCounter(nonce, mask, 1);
        _blocks.Encrypt(mask);
        _ghash.Compute(additionalData, ciphertext, tag);
        Span<ulong> halves = MemoryMarshal.Cast<byte, ulong>(tag);
        halves[0] ^= MemoryMarshal.Cast<byte, ulong>(mask)[0];
        halves[1] ^= MemoryMarshal.Cast<byte, ulong>(mask)[1];
    }

    private void CheckUse(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        // A wiped key is a key that everybody knows.
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (nonce.Length != NonceLength || tag.Length != AesBlocks.BlockLength)
        {
            throw new ArgumentException("A nonce has 12 bytes and a tag 16.");
        }
    }
}
