using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>SHA-1 (FIPS 180-4 section 6.1), which is only used inside HMAC, by the fastest way that this processor has.</summary>
internal readonly struct Sha1 : ICompressionFunction
{
    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static int Words => 5;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        if (ArmSha1.IsSupported)
        {
            ArmSha1.Compress(state, blocks);
        }
        else if (Sha1<X86Sha1Schedule>.IsSupported)
        {
            Sha1<X86Sha1Schedule>.Compress(state, blocks);
        }
        else
        {
            Sha1<PortableSha1Schedule>.Compress(state, blocks);
        }
    }
}

/// <summary>SHA-1 with ordinary instructions, from a schedule that the processor makes in its own way.</summary>
/// <typeparam name="TSchedule">What makes the schedule.</typeparam>
internal readonly struct Sha1<TSchedule> : ICompressionFunction
    where TSchedule : struct, ISha1Schedule
{
    private const int BlockLength = 64;

    /// <inheritdoc/>
    public static bool IsSupported => TSchedule.IsSupported;

    /// <inheritdoc/>
    public static int Words => 5;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha1.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> schedule = stackalloc uint[Sha1Rounds.Count];
        for (; !blocks.IsEmpty; blocks = blocks[BlockLength..])
        {
            TSchedule.Expand(blocks[..BlockLength], schedule);
            Sha1Rounds.Apply(schedule, state);
        }

        // What was hashed may be a key.
        schedule.Clear();
    }
}
