using System;
using System.Runtime.Intrinsics;
using Instructions = System.Runtime.Intrinsics.Arm.Sha1;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>SHA-1 on the cryptography extension of ARMv8: Raspberry Pi 5.</summary>
internal readonly struct ArmSha1 : ICompressionFunction
{
    /// <inheritdoc/>
    public static bool IsSupported => Instructions.IsSupported;

    /// <inheritdoc/>
    public static int Words => Sha1.Words;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha1.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Vector128<uint> abcd = Vector128.Create<uint>(state);
        Vector64<uint> e = Vector64.CreateScalar(state[4]);
        for (; blocks.Length >= ICompressionFunction.BlockLength; blocks = blocks[ICompressionFunction.BlockLength..])
        {
            (Vector128<uint> abcdBefore, Vector64<uint> eBefore) = (abcd, e);
            (Vector128<uint> w0, Vector128<uint> w1) = (WordVectors.Load(blocks), WordVectors.Load(blocks[16..]));
            (Vector128<uint> w2, Vector128<uint> w3) = (WordVectors.Load(blocks[32..]), WordVectors.Load(blocks[48..]));
            for (int t = 0; t < Sha1Rounds.Count; t += 4)
            {
                Vector64<uint> next = Instructions.FixedRotate(abcd.GetLower());
                abcd = Update(t, abcd, e, w0 + Vector128.Create(Sha1Rounds.Constant(t)));
                e = next;
                (w0, w1, w2, w3) = (w1, w2, w3, Instructions.ScheduleUpdate1(Instructions.ScheduleUpdate0(w0, w1, w2), w3));
            }

            abcd += abcdBefore;
            e += eBefore;
        }

        abcd.CopyTo(state);
        state[4] = e.ToScalar();
    }

    // Four rounds from round t on.
    private static Vector128<uint> Update(int t, Vector128<uint> abcd, Vector64<uint> e, Vector128<uint> words) => t switch
    {
        < 20 => Instructions.HashUpdateChoose(abcd, e, words),
        >= 40 and < 60 => Instructions.HashUpdateMajority(abcd, e, words),
        _ => Instructions.HashUpdateParity(abcd, e, words),
    };
}
