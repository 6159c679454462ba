using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The eighty rounds of SHA-1 (FIPS 180-4 section 6.1.2) with ordinary instructions.</summary>
internal static class Sha1Rounds
{
    /// <summary>How many rounds there are.</summary>
    public const int Count = 80;

    // Each function and constant belongs to twenty rounds.
    private const int PhaseLength = 20;

    private interface IPhase
    {
        static abstract uint Function(uint x, uint y, uint z);
    }

    /// <summary>K of round <paramref name="t"/> (FIPS 180-4 section 4.2.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Constant(int t) => t switch
    {
        < PhaseLength => 0x5A827999,
        < 2 * PhaseLength => 0x6ED9EBA1,
        < 3 * PhaseLength => 0x8F1BBCDC,
        _ => 0xCA62C1D6,
    };

    /// <summary>Applies a block to the state.</summary>
    /// <param name="schedule">W and K of every round, added.</param>
    /// <param name="state">Five words.</param>
    public static void Apply(ReadOnlySpan<uint> schedule, Span<uint> state)
    {
        (uint a, uint b, uint c, uint d, uint e) = (state[0], state[1], state[2], state[3], state[4]);
        Apply<Choose>(schedule[..PhaseLength], ref a, ref b, ref c, ref d, ref e);
        Apply<Parity>(schedule[PhaseLength..(2 * PhaseLength)], ref a, ref b, ref c, ref d, ref e);
        Apply<Majority>(schedule[(2 * PhaseLength)..(3 * PhaseLength)], ref a, ref b, ref c, ref d, ref e);
        Apply<Parity>(schedule[(3 * PhaseLength)..], ref a, ref b, ref c, ref d, ref e);
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }

    // After five rounds every variable is back in its place, so none is ever moved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TPhase>(ReadOnlySpan<uint> words, ref uint a, ref uint b, ref uint c, ref uint d, ref uint e)
        where TPhase : struct, IPhase
    {
        for (; words.Length >= 5; words = words[5..])
        {
            Round<TPhase>(a, ref b, c, d, ref e, words[0]);
            Round<TPhase>(e, ref a, b, c, ref d, words[1]);
            Round<TPhase>(d, ref e, a, b, ref c, words[2]);
            Round<TPhase>(c, ref d, e, a, ref b, words[3]);
            Round<TPhase>(b, ref c, d, e, ref a, words[4]);
        }
    }

    // What depends on the round before is added last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<TPhase>(uint a, ref uint b, uint c, uint d, ref uint e, uint word)
        where TPhase : struct, IPhase
    {
        e = e + word + TPhase.Function(b, c, d) + BitOperations.RotateLeft(a, 5);
        b = BitOperations.RotateLeft(b, 30);
    }

    /// <summary>Ch of FIPS 180-4 section 4.1.1.</summary>
    private readonly struct Choose : IPhase
    {
        public static uint Function(uint x, uint y, uint z) => z ^ (x & (y ^ z));
    }

    /// <summary>Parity.</summary>
    private readonly struct Parity : IPhase
    {
        public static uint Function(uint x, uint y, uint z) => x ^ y ^ z;
    }

    /// <summary>Maj. The two terms have no bit in common, so that adding them joins them.</summary>
    private readonly struct Majority : IPhase
    {
        public static uint Function(uint x, uint y, uint z) => (y & z) + (x & (y ^ z));
    }
}
