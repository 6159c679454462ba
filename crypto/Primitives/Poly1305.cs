using System;
using System.Buffers.Binary;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The one-time authenticator Poly1305 (RFC 8439 section 2.5) over data that is padded to whole blocks with zeros, as the AEAD
/// wants it. Numbers of 130 bits lie in five limbs of 26, whose products need no more than 64: the same time for every input.
/// </summary>
internal ref struct Poly1305
{
    /// <summary>The length of a block in bytes.</summary>
    public const int BlockLength = 16;

    /// <summary>The length of the one-time key in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The length of the tag in bytes.</summary>
    public const int TagLength = 16;

    private const uint LimbMask = 0x3FF_FFFF;

    private readonly UInt128 _addend;
    private readonly uint _r0;
    private readonly uint _r1;
    private readonly uint _r2;
    private readonly uint _r3;
    private readonly uint _r4;
    private uint _h0;
    private uint _h1;
    private uint _h2;
    private uint _h3;
    private uint _h4;

    /// <summary>Takes the one-time key: r, clamped, and s.</summary>
    public Poly1305(ReadOnlySpan<byte> key)
    {
        _r0 = BinaryPrimitives.ReadUInt32LittleEndian(key) & 0x3FF_FFFF;
        _r1 = (BinaryPrimitives.ReadUInt32LittleEndian(key[3..]) >> 2) & 0x3FF_FF03;
        _r2 = (BinaryPrimitives.ReadUInt32LittleEndian(key[6..]) >> 4) & 0x3FF_C0FF;
        _r3 = (BinaryPrimitives.ReadUInt32LittleEndian(key[9..]) >> 6) & 0x3F0_3FFF;
        _r4 = (BinaryPrimitives.ReadUInt32LittleEndian(key[12..]) >> 8) & 0x00F_FFFF;
        _addend = BinaryPrimitives.ReadUInt128LittleEndian(key[16..]);
    }

    /// <summary>Adds the data and as many zeros as make whole blocks.</summary>
    public void UpdatePadded(scoped ReadOnlySpan<byte> data)
    {
        for (; data.Length >= BlockLength; data = data[BlockLength..])
        {
            Absorb(data);
        }

        if (!data.IsEmpty)
        {
            Span<byte> padded = stackalloc byte[BlockLength];
            padded.Clear();
            data.CopyTo(padded);
            Absorb(padded);
        }
    }

    /// <summary>Writes the tag, 16 bytes.</summary>
    public readonly void Finish(Span<byte> tag)
    {
        // After Absorb every limb but the second fits into 26 bits; one more turn of carries makes all of them fit.
        uint h2 = _h2 + (_h1 >> 26);
        uint h1 = _h1 & LimbMask;
        uint h3 = _h3 + (h2 >> 26);
        h2 &= LimbMask;
        uint h4 = _h4 + (h3 >> 26);
        h3 &= LimbMask;
        uint h0 = _h0 + ((h4 >> 26) * 5);
        h4 &= LimbMask;
        h1 += h0 >> 26;
        h0 &= LimbMask;

        // h + 5 reaches 2^130 exactly if h is not below 2^130 - 5, and then is h modulo 2^130 - 5. Either is chosen by a mask.
        uint g0 = h0 + 5;
        uint g1 = h1 + (g0 >> 26);
        uint g2 = h2 + (g1 >> 26);
        uint g3 = h3 + (g2 >> 26);
        uint g4 = h4 + (g3 >> 26);
        uint reduced = 0u - (g4 >> 26);
        h0 ^= (h0 ^ (g0 & LimbMask)) & reduced;
        h1 ^= (h1 ^ (g1 & LimbMask)) & reduced;
        h2 ^= (h2 ^ (g2 & LimbMask)) & reduced;
        h3 ^= (h3 ^ (g3 & LimbMask)) & reduced;
        h4 ^= (h4 ^ g4) & reduced;

        UInt128 sum = (UInt128)h0
            + ((UInt128)h1 << 26)
            + ((UInt128)h2 << 52)
            + ((UInt128)h3 << 78)
            + ((UInt128)h4 << 104);
        BinaryPrimitives.WriteUInt128LittleEndian(tag, unchecked(sum + _addend));
    }

    private void Absorb(scoped ReadOnlySpan<byte> block)
    {
        ulong h0 = _h0 + (BinaryPrimitives.ReadUInt32LittleEndian(block) & LimbMask);
        ulong h1 = _h1 + ((BinaryPrimitives.ReadUInt32LittleEndian(block[3..]) >> 2) & LimbMask);
        ulong h2 = _h2 + ((BinaryPrimitives.ReadUInt32LittleEndian(block[6..]) >> 4) & LimbMask);
        ulong h3 = _h3 + ((BinaryPrimitives.ReadUInt32LittleEndian(block[9..]) >> 6) & LimbMask);
        ulong h4 = _h4 + ((BinaryPrimitives.ReadUInt32LittleEndian(block[12..]) >> 8) | (1u << 24));

        // What reaches 2^130 comes back at the bottom five times: 2^130 is 5 modulo the prime.
        ulong s1 = _r1 * 5, s2 = _r2 * 5, s3 = _r3 * 5, s4 = _r4 * 5;
        ulong d0 = (h0 * _r0) + (h1 * s4) + (h2 * s3) + (h3 * s2) + (h4 * s1);
        ulong d1 = (h0 * _r1) + (h1 * _r0) + (h2 * s4) + (h3 * s3) + (h4 * s2);
        ulong d2 = (h0 * _r2) + (h1 * _r1) + (h2 * _r0) + (h3 * s4) + (h4 * s3);
        ulong d3 = (h0 * _r3) + (h1 * _r2) + (h2 * _r1) + (h3 * _r0) + (h4 * s4);
        ulong d4 = (h0 * _r4) + (h1 * _r3) + (h2 * _r2) + (h3 * _r1) + (h4 * _r0);

        d1 += d0 >> 26;
        d2 += d1 >> 26;
        d3 += d2 >> 26;
        d4 += d3 >> 26;
        ulong low = (d0 & LimbMask) + ((d4 >> 26) * 5);
        _h0 = (uint)low & LimbMask;
        _h1 = (uint)((d1 & LimbMask) + (low >> 26));
        _h2 = (uint)d2 & LimbMask;
        _h3 = (uint)d3 & LimbMask;
        _h4 = (uint)d4 & LimbMask;
    }
}
