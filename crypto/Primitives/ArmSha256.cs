using System;
using System.Runtime.Intrinsics;
using Instructions = System.Runtime.Intrinsics.Arm.Sha256;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>SHA-256 on the cryptography extension of ARMv8: Raspberry Pi 5.</summary>
internal readonly struct ArmSha256 : ICompressionFunction
{
    /// <inheritdoc/>
    public static bool IsSupported => Instructions.IsSupported;

    /// <inheritdoc/>
    public static int Words => Sha256.Words;

    /// <inheritdoc/>
    public static ReadOnlySpan<uint> InitialState => Sha256.InitialState;

    /// <inheritdoc/>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Vector128<uint> abcd = Vector128.Create<uint>(state);
        Vector128<uint> efgh = Vector128.Create<uint>(state[4..]);
        for (; blocks.Length >= ICompressionFunction.BlockLength; blocks = blocks[ICompressionFunction.BlockLength..])
        {
            (Vector128<uint> abcdBefore, Vector128<uint> efghBefore) = (abcd, efgh);
            (Vector128<uint> w0, Vector128<uint> w1) = (WordVectors.Load(blocks), WordVectors.Load(blocks[16..]));
            (Vector128<uint> w2, Vector128<uint> w3) = (WordVectors.Load(blocks[32..]), WordVectors.Load(blocks[48..]));
            for (ReadOnlySpan<uint> constants = Sha256.Constants; !constants.IsEmpty; constants = constants[4..])
            {
                Vector128<uint> words = w0 + Vector128.Create(constants);
                (abcd, efgh) = (Instructions.HashUpdate1(abcd, efgh, words), Instructions.HashUpdate2(efgh, abcd, words));
                (w0, w1, w2, w3) = (w1, w2, w3, Instructions.ScheduleUpdate1(Instructions.ScheduleUpdate0(w0, w1), w2, w3));
            }

            abcd += abcdBefore;
            efgh += efghBefore;
        }

        abcd.CopyTo(state);
        efgh.CopyTo(state[4..]);
    }
}
