using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>The pseudorandom function of TLS 1.2 (RFC 5246 section 5), from which all keys come.</summary>
internal static class PseudorandomFunction
{
    /// <summary>P_hash(secret, label + seed), as long as the output, where the seed comes in two parts.</summary>
    public static void Expand(
        DigestAlgorithm algorithm,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> moreSeed,
        Span<byte> output)
    {
        HMac hmac = new(MessageDigest.Create(algorithm));
        hmac.Init(new KeyParameter(secret));
        Span<byte> a = stackalloc byte[hmac.GetMacSize()];
        Span<byte> piece = stackalloc byte[hmac.GetMacSize()];

        hmac.BlockUpdate(label);
        hmac.BlockUpdate(seed);
        hmac.BlockUpdate(moreSeed);
        _ = hmac.DoFinal(a);
        while (!output.IsEmpty)
        {
            hmac.BlockUpdate(a);
            hmac.BlockUpdate(label);
            hmac.BlockUpdate(seed);
            hmac.BlockUpdate(moreSeed);
            _ = hmac.DoFinal(piece);
            int length = Math.Min(piece.Length, output.Length);
            piece[..length].CopyTo(output);
            output = output[length..];

            hmac.BlockUpdate(a);
            _ = hmac.DoFinal(a);
        }

        CryptographicOperations.ZeroMemory(piece);
    }
}
