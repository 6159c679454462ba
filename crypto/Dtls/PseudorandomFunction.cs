using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The pseudorandom function of TLS 1.2 (RFC 5246 section 5) under one secret, from which all keys come. Disposing wipes the secret.
/// </summary>
/// <param name="algorithm">The hash of the cipher suite.</param>
/// <param name="secret">Any length; not kept but as a state of the hash.</param>
internal sealed class PseudorandomFunction(DigestAlgorithm algorithm, ReadOnlySpan<byte> secret) : IDisposable
{
    private readonly Hmac _hmac = Hmac.Create(algorithm, secret);

    /// <summary>P_hash(secret, label + seed), as long as the output, where the seed comes in two parts.</summary>
    public void Expand(ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> moreSeed, Span<byte> output)
    {
        Span<byte> a = stackalloc byte[_hmac.Length];
        Span<byte> piece = stackalloc byte[_hmac.Length];
        UpdateSeed(label, seed, moreSeed);
        _hmac.Finish(a);
        while (!output.IsEmpty)
        {
            _hmac.Update(a);
            UpdateSeed(label, seed, moreSeed);
            _hmac.Finish(piece);
            int length = Math.Min(piece.Length, output.Length);
            piece[..length].CopyTo(output);
            output = output[length..];

            _hmac.Update(a);
            _hmac.Finish(a);
        }

        CryptographicOperations.ZeroMemory(piece);
    }

    /// <inheritdoc/>
    public void Dispose() => _hmac.Dispose();

    private void UpdateSeed(ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> moreSeed)
    {
        _hmac.Update(label);
        _hmac.Update(seed);
        _hmac.Update(moreSeed);
    }
}
