using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// Finds the multiple of a point that a secret digit names. The whole table is looked at, so that neither the time nor the memory that
/// is touched depends on the digit.
/// </summary>
internal static class MultiplesTable
{
    /// <summary>Finds the multiple by the digit from a table of the multiples by 1 to 16, the sign of its y not yet changed.</summary>
    /// <param name="multiples">The table: of points in either kind of coordinates.</param>
    /// <param name="digit">From -16 to 16.</param>
    /// <param name="found">Receives the multiple; for the digit 0, zeros.</param>
    /// <returns>All ones if the digit is negative, else zero.</returns>
    public static ulong Find<TPoint>(ReadOnlySpan<TPoint> multiples, int digit, out TPoint found)
        where TPoint : unmanaged
    {
        int sign = digit >> 31;
        int magnitude = (digit ^ sign) - sign;
        Span<Vector128<ulong>> masks = stackalloc Vector128<ulong>[SignedDigits.Maximum];
        for (int index = 0; index < masks.Length; index++)
        {
            masks[index] = Vector128.Create(P256Limbs.MaskOf(index + 1 == magnitude));
        }

        // Two words of all multiples at a time; the last two may be looked at twice.
        Unsafe.SkipInit(out found);
        ref ulong table = ref Unsafe.As<TPoint, ulong>(ref MemoryMarshal.GetReference(multiples[..SignedDigits.Maximum]));
        Span<ulong> result = MemoryMarshal.Cast<TPoint, ulong>(new Span<TPoint>(ref found));
        for (int step = 0; step < result.Length; step += Vector128<ulong>.Count)
        {
            int word = Math.Min(step, result.Length - Vector128<ulong>.Count);
            Vector128<ulong> words = Vector128<ulong>.Zero;
            for (int index = 0; index < masks.Length; index++)
            {
                words |= Vector128.LoadUnsafe(ref table, (nuint)((index * result.Length) + word)) & masks[index];
            }

            words.CopyTo(result[word..]);
        }

        return (ulong)sign;
    }
}
