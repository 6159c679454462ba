using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A number in five limbs of 53 bits, the lowest first: the common form of P-256's coordinates and scalars. The room above the 53 bits
/// lets sums and products be added up without a carry, which C# cannot pass on in one instruction.
/// </summary>
/// <param name="L0">Bits 0 to 52.</param>
/// <param name="L1">Bits 53 to 105.</param>
/// <param name="L2">Bits 106 to 158.</param>
/// <param name="L3">Bits 159 to 211.</param>
/// <param name="L4">Bits 212 and up.</param>
internal readonly record struct P256Limbs(ulong L0, ulong L1, ulong L2, ulong L3, ulong L4)
{
    /// <summary>The bits of a limb.</summary>
    public const int Bits = 53;

    /// <summary>The bits that a limb of a factor may have.</summary>
    public const int FactorBits = 56;

    /// <summary>The largest limb.</summary>
    public const ulong Mask = (1UL << Bits) - 1;

    /// <summary>The length of a number in bytes.</summary>
    public const int Length = 32;

    /// <summary>All ones if the number is zero, else zero. The limbs have been carried.</summary>
    public ulong ZeroMask => MaskOf((L0 | L1 | L2 | L3 | L4) == 0);

    /// <summary>All ones for true, zero for false, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MaskOf(bool condition) => 0UL - Unsafe.BitCast<bool, byte>(condition);

    /// <summary>Reads 32 bytes, the highest first.</summary>
    public static P256Limbs Read(ReadOnlySpan<byte> bytes)
    {
        ulong w3 = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        ulong w2 = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        ulong w1 = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        ulong w0 = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
        return new P256Limbs(
            w0 & Mask, ((w0 >> 53) | (w1 << 11)) & Mask, ((w1 >> 42) | (w2 << 22)) & Mask, ((w2 >> 31) | (w3 << 33)) & Mask, w3 >> 20);
    }

    /// <summary>Writes 32 bytes, the highest first. The limbs have been carried, and the number has no more than 256 bits.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (L3 >> 33) | (L4 << 20));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (L2 >> 22) | (L3 << 31));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], (L1 >> 11) | (L2 << 42));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], L0 | (L1 << 53));
    }

    /// <summary>The first number where the mask is all ones, the second where it is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P256Limbs Select(ulong mask, in P256Limbs one, in P256Limbs other) => new(
        other.L0 ^ ((one.L0 ^ other.L0) & mask),
        other.L1 ^ ((one.L1 ^ other.L1) & mask),
        other.L2 ^ ((one.L2 ^ other.L2) & mask),
        other.L3 ^ ((one.L3 ^ other.L3) & mask),
        other.L4 ^ ((one.L4 ^ other.L4) & mask));

    /// <summary>Moves what exceeds a limb, or is missing from one, into the next limb. The limbs are signed, their number is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P256Limbs Carry(long t0, long t1, long t2, long t3, long t4)
    {
        t1 += t0 >> Bits;
        t2 += t1 >> Bits;
        t3 += t2 >> Bits;
        t4 += t3 >> Bits;
        return new P256Limbs((ulong)t0 & Mask, (ulong)t1 & Mask, (ulong)t2 & Mask, (ulong)t3 & Mask, (ulong)t4);
    }

    /// <summary>This number less the other, with all limbs but the highest carried.</summary>
    /// <param name="other">The subtrahend.</param>
    /// <param name="borrow">Receives all ones if the difference is below zero, as its highest limb then is; else zero.</param>
    public P256Limbs Subtract(in P256Limbs other, out ulong borrow)
    {
        P256Limbs difference = Carry(
            (long)L0 - (long)other.L0,
            (long)L1 - (long)other.L1,
            (long)L2 - (long)other.L2,
            (long)L3 - (long)other.L3,
            (long)L4 - (long)other.L4);
        borrow = (ulong)((long)difference.L4 >> 63);
        return difference;
    }

    /// <summary>This number less the modulus, unless it is below the modulus already.</summary>
    public P256Limbs ReduceOnce(in P256Limbs modulus)
    {
        P256Limbs difference = Subtract(modulus, out ulong borrow);
        return Select(borrow, this, difference);
    }
}
