using System;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// HMAC-SHA1 (RFC 2104) under one key, without garbage per packet. The states after the padded key are computed once and copied
/// for each packet. They are ours rather than BouncyCastle's HMac's because that one cannot be wiped.
/// </summary>
internal sealed class HmacSha1 : IDisposable
{
    /// <summary>The length of the whole code in bytes.</summary>
    public const int Length = 20;

    /// <summary>The longest key, in bytes: the block of SHA-1. A longer one would have to be hashed first; SRTP has none.</summary>
    private const int BlockLength = 64;

    private readonly Sha1Digest _inner = new();
    private readonly Sha1Digest _outer = new();
    private readonly Sha1Digest _digest = new();

    /// <summary>Pads the key into both states; it is not kept otherwise.</summary>
    public HmacSha1(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, BlockLength, nameof(key));
        AbsorbPadded(_inner, key, 0x36);
        AbsorbPadded(_outer, key, 0x5C);
    }

    /// <summary>Authenticates the data and the trailer behind it.</summary>
    /// <param name="data">Any length.</param>
    /// <param name="trailer">Any length.</param>
    /// <param name="code">Receives <see cref="Length"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> data, ReadOnlySpan<byte> trailer, Span<byte> code)
    {
        _digest.Reset(_inner);
        _digest.BlockUpdate(data);
        _digest.BlockUpdate(trailer);
        _ = _digest.DoFinal(code);
        _digest.Reset(_outer);
        _digest.BlockUpdate(code[..Length]);
        _ = _digest.DoFinal(code);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner.Reset();
        _outer.Reset();
        _digest.Reset();
    }

    private static void AbsorbPadded(Sha1Digest digest, ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Fill(pad);
        for (int index = 0; index < key.Length; index++)
        {
            block[index] ^= key[index];
        }

        digest.BlockUpdate(block);
        CryptographicOperations.ZeroMemory(block);
    }
}
