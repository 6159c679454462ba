using System;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The nonces of signatures with P-256 and SHA-256, which follow from the key and the hash (RFC 6979 section 3.2): a weak random source
/// cannot betray the key. The names are those of the RFC: each nonce is the next value V of a chain of HMACs under K.
/// </summary>
internal ref struct EcdsaNonces
{
    /// <summary>The length of a nonce in bytes.</summary>
    public const int Length = P256Scalar.Length;

    /// <summary>The length of the state in bytes.</summary>
    public const int StateLength = 2 * HashLength;

    private const int HashLength = 32;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;

    private readonly Span<byte> _k;
    private readonly Span<byte> _v;
    private bool _isFirst;

    /// <summary>Begins the chain for a signature.</summary>
    /// <param name="privateKey">The octets of the private key.</param>
    /// <param name="hash">The octets of the hash modulo the order.</param>
    /// <param name="state">Room for the state, <see cref="StateLength"/> bytes. <see cref="Dispose"/> wipes it.</param>
    public EcdsaNonces(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> hash, Span<byte> state)
    {
        // RFC 6979 section 3.2, steps b to g.
        _k = state[..HashLength];
        _v = state[HashLength..StateLength];
        _k.Clear();
        _v.Fill(0x01);
        Authenticate(_v, [0x00], privateKey, hash, _k);
        NextValue();
        Authenticate(_v, [0x01], privateKey, hash, _k);
        NextValue();
        _isFirst = true;
    }

    /// <summary>Writes the next nonce, a number from 1 to n - 1.</summary>
    public void Next(Span<byte> nonce)
    {
        // Step h. The number may be too large, or the signature unusable that the last one gave.
        do
        {
            if (!_isFirst)
            {
                Authenticate(_v, [0x00], [], [], _k);
                NextValue();
            }

            _isFirst = false;
            NextValue();
        }
        while (!P256Scalar.TryRead(_v, out _));

        _v.CopyTo(nonce);
    }

    /// <summary>Wipes the state.</summary>
    public readonly void Dispose()
    {
        CryptographicOperations.ZeroMemory(_k);
        CryptographicOperations.ZeroMemory(_v);
    }

    private readonly void NextValue() => Authenticate(_v, [], [], [], _v);

    // HMAC (RFC 2104) under K, which is shorter than a block, of data in pieces.
    private readonly void Authenticate(
        ReadOnlySpan<byte> one, ReadOnlySpan<byte> two, ReadOnlySpan<byte> three, ReadOnlySpan<byte> four, Span<byte> code)
    {
        RunningHash<Sha256> hash = Begin(InnerPad);
        hash.Update(one);
        hash.Update(two);
        hash.Update(three);
        hash.Update(four);
        Span<byte> inner = stackalloc byte[HashLength];
        hash.Finish(inner);
        hash = Begin(OuterPad);
        hash.Update(inner);
        hash.Finish(code);
        CryptographicOperations.ZeroMemory(inner);
    }

    private readonly RunningHash<Sha256> Begin(byte pad)
    {
        Span<byte> block = stackalloc byte[ICompressionFunction.BlockLength];
        block.Fill(pad);
        for (int index = 0; index < _k.Length; index++)
        {
            block[index] ^= _k[index];
        }

        RunningHash<Sha256> hash = new();
        hash.Update(block);
        CryptographicOperations.ZeroMemory(block);
        return hash;
    }
}
