using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>The key derivation of SRTP (RFC 3711 section 4.3) with a key derivation rate of zero: keys are derived once.</summary>
internal static class SrtpKeyDerivation
{
    // RFC 3711 section 4.3.1: the label stands left of the 48-bit index, which stands at the end of the 112-bit salt.
    private const int LabelOffset = 7;

    /// <summary>Derives one session key or salt with AES in counter mode as the pseudo-random function.</summary>
    /// <param name="master">AES under the master key.</param>
    /// <param name="masterSalt">
    /// 14 bytes, or the 12 of the AEAD profiles. RFC 7714 section 11 does not say where the shorter one stands; the implementations
    /// agree that zeros follow it (the vector of libsrtp in the tests shows it).
    /// </param>
    /// <param name="label">Which key: RFC 3711 sections 4.3.1 and 4.3.2.</param>
    /// <param name="key">Receives the key, as long as it is.</param>
    public static void Derive(AesBlocks master, ReadOnlySpan<byte> masterSalt, byte label, Span<byte> key)
    {
        Span<byte> counterBlock = stackalloc byte[AesBlocks.BlockLength];
        counterBlock.Clear();
        masterSalt.CopyTo(counterBlock);
        counterBlock[LabelOffset] ^= label;
        key.Clear();
        AesCounterMode.Apply(master, counterBlock, key);
    }
}
