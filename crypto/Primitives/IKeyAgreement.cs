using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>A curve on which two sides agree on a secret (RFC 8422 section 5.10).</summary>
internal interface IKeyAgreement
{
    /// <summary>The length of a private key in bytes.</summary>
    static abstract int PrivateKeyLength { get; }

    /// <summary>The length of a public key in bytes.</summary>
    static abstract int PublicKeyLength { get; }

    /// <summary>The length of a secret in bytes.</summary>
    static abstract int SecretLength { get; }

    /// <summary>Makes a private key, an even choice of all that there are. The caller wipes it.</summary>
    static abstract void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey);

    /// <summary>Computes the public key of a private key; an expensive operation.</summary>
    static abstract void ComputePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>
    /// Computes the secret that a private key and a peer's public key lead to; an expensive operation. False if the latter is none of the
    /// curve. The caller wipes the secret.
    /// </summary>
    static abstract bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret);
}
