using System;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1.X509;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>The kinds of key that a station may prove itself with.</summary>
public enum CertificateKind
{
    /// <summary>ECDSA on P-256: small, quick, and known to every peer of WebRTC (RFC 8827 section 6.5).</summary>
    EcdsaP256,

    /// <summary>RSA with 2048 bits, for old peers that verify nothing else.</summary>
    Rsa2048,
}

/// <summary>Our own private key, whatever its kind.</summary>
internal abstract class SigningKey
{
    private protected SigningKey()
    {
    }

    /// <summary>The kind of key.</summary>
    public abstract CertificateKind Kind { get; }

    /// <summary>The schemes that it signs with, the preferred ones first.</summary>
    public abstract ReadOnlySpan<SignatureScheme> Schemes { get; }

    /// <summary>How a certificate says with which algorithm it is signed; it goes with the last of the schemes.</summary>
    public abstract AlgorithmIdentifier CertificateSignature { get; }

    /// <summary>The public half, as a certificate holds it.</summary>
    public abstract SubjectPublicKeyInfo PublicKeyInfo { get; }

    /// <summary>The key in PKCS #8, in DER. The caller wipes it.</summary>
    public abstract byte[] ToPkcs8();

    /// <summary>Whether this is the public half.</summary>
    public abstract bool IsPairOf(PeerPublicKey publicKey);

    /// <summary>Begins to sign the data.</summary>
    /// <param name="scheme">One of <see cref="Schemes"/>.</param>
    /// <param name="data">Any length; not kept.</param>
    /// <param name="random">What hides the key from who measures time, and salts.</param>
    public abstract Signing Begin(SignatureScheme scheme, ReadOnlySpan<byte> data, IRandomSource random);
}
