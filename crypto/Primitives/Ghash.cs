using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) under one hash key. One algorithm for all processors; only the carry-less product of two
/// words of 64 bits differs. Disposing wipes the hash key.
/// </summary>
internal abstract class Ghash : IDisposable
{
    /// <summary>Makes the hash for the back end of the block cipher.</summary>
    /// <param name="hashKey">The encryption of the zero block, 16 bytes; not kept.</param>
    /// <param name="backEnd">Whose multiplication is used.</param>
    public static Ghash Create(ReadOnlySpan<byte> hashKey, AesBackEnd backEnd) => backEnd switch
    {
        AesBackEnd.X86 => new Ghash<X86AesInstructions>(hashKey),
        AesBackEnd.Arm => new Ghash<ArmAesInstructions>(hashKey),
        AesBackEnd.Portable => new Ghash<PortableMultiplication>(hashKey),
    };

    /// <summary>Hashes the additional data and the ciphertext, each padded with zeros, and their lengths.</summary>
    /// <param name="additionalData">Any length.</param>
    /// <param name="ciphertext">Any length.</param>
    /// <param name="hash">Receives 16 bytes.</param>
    public abstract void Compute(ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> ciphertext, Span<byte> hash);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <inheritdoc/>
/// <typeparam name="TMultiplication">The carry-less product.</typeparam>
internal sealed class Ghash<TMultiplication>(ReadOnlySpan<byte> hashKey) : Ghash
    where TMultiplication : ICarrylessMultiplication
{
    // GCM puts the lowest power into the first bit, so the powers of a number that is read in network order count downwards. The
    // product of two such numbers is the reversed product, one bit too low: Multiply shifts it up.
    private ulong _keyHigh = BinaryPrimitives.ReadUInt64BigEndian(hashKey);
    private ulong _keyLow = BinaryPrimitives.ReadUInt64BigEndian(hashKey[8..]);

    /// <inheritdoc/>
    public override void Compute(ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> ciphertext, Span<byte> hash)
    {
        (ulong High, ulong Low) state = default;
        state = Update(state, additionalData);
        state = Update(state, ciphertext);
        state = Multiply(state.High ^ ((ulong)additionalData.Length * 8), state.Low ^ ((ulong)ciphertext.Length * 8));
        BinaryPrimitives.WriteUInt64BigEndian(hash, state.High);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], state.Low);
    }

    /// <inheritdoc/>
    public override void Dispose() => _keyHigh = _keyLow = 0;

    private (ulong High, ulong Low) Update((ulong High, ulong Low) state, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= AesBlocks.BlockLength; data = data[AesBlocks.BlockLength..])
        {
            state = Absorb(state, data);
        }

        if (data.IsEmpty)
        {
            return state;
        }

        Span<byte> padded = stackalloc byte[AesBlocks.BlockLength];
        padded.Clear();
        data.CopyTo(padded);
        return Absorb(state, padded);
    }

    private (ulong High, ulong Low) Absorb((ulong High, ulong Low) state, ReadOnlySpan<byte> block) => Multiply(
        state.High ^ BinaryPrimitives.ReadUInt64BigEndian(block),
        state.Low ^ BinaryPrimitives.ReadUInt64BigEndian(block[8..]));

    private (ulong High, ulong Low) Multiply(ulong high, ulong low)
    {
        // Karatsuba: three products instead of four.
        Vector128<ulong> lows = TMultiplication.Multiply(low, _keyLow);
        Vector128<ulong> highs = TMultiplication.Multiply(high, _keyHigh);
        Vector128<ulong> middle = TMultiplication.Multiply(high ^ low, _keyHigh ^ _keyLow) ^ lows ^ highs;

        ulong v0 = lows.GetElement(0);
        ulong v1 = lows.GetElement(1) ^ middle.GetElement(0);
        ulong v2 = highs.GetElement(0) ^ middle.GetElement(1);
        ulong v3 = highs.GetElement(1);

        v3 = (v3 << 1) | (v2 >> 63);
        v2 = (v2 << 1) | (v1 >> 63);
        v1 = (v1 << 1) | (v0 >> 63);
        v0 <<= 1;

        // Modulo x^128 + x^7 + x^2 + x + 1, whose powers count downwards here: a word folds into the two above it.
        v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
        v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
        v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
        v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
        return (v3, v2);
    }
}
