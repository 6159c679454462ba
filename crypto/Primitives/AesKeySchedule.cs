using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The key expansion of AES (FIPS 197 section 5.2), the same for every processor with AES instructions. The substitution of bytes
/// is the processor's own, so there is no table whose cache lines could betray the key.
/// </summary>
internal static class AesKeySchedule
{
    /// <summary>Expands a key of 16 or 32 bytes into 11 or 15 round keys, which the caller wipes in the end.</summary>
    public static Vector128<byte>[] Expand<TInstructions>(ReadOnlySpan<byte> key)
        where TInstructions : IAesInstructions
    {
        int keyWords = key.Length / sizeof(uint);
        Vector128<byte>[] roundKeys = new Vector128<byte>[keyWords + 7];
        Span<uint> words = MemoryMarshal.Cast<Vector128<byte>, uint>(roundKeys.AsSpan());
        key.CopyTo(MemoryMarshal.AsBytes(words));

        uint roundConstant = 1;
        for (int index = keyWords; index < words.Length; index++)
        {
            uint word = words[index - 1];
            if (index % keyWords == 0)
            {
                // Words are little-endian here, so RotWord of the standard turns to the right.
                word = Substitute<TInstructions>(BitOperations.RotateRight(word, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11B);
            }
            else if (keyWords == 8 && index % keyWords == 4)
            {
                word = Substitute<TInstructions>(word);
            }

            words[index] = words[index - keyWords] ^ word;
        }

        return roundKeys;
    }

    // With the word in all four columns ShiftRows moves every byte onto its equal, which leaves SubWord.
    private static uint Substitute<TInstructions>(uint word)
        where TInstructions : IAesInstructions =>
        TInstructions.LastRound(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32().ToScalar();
}
