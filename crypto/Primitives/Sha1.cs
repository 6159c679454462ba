using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>SHA-1 (FIPS 180-4 section 6.1), which is only used inside HMAC, by the fastest way that this processor has.</summary>
internal readonly struct Sha1 : ICompressionFunction
{
    /// <inheritdoc/>
    public static bool IsSupported => ArmSha1.IsSupported || VectorSha1.IsSupported;

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
        else
        {
            VectorSha1.Compress(state, blocks);
        }
    }
}
