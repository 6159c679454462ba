using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// How a handshake is signed, by the number on the wire: RFC 5246 section 7.4.1.4.1 (hash, then signature) and, for RSASSA-PSS,
/// RFC 8446 section 4.2.3. With ECDSA in DTLS 1.2 the hash does not fix the curve, whatever the name of DTLS 1.3 says.
/// </summary>
internal enum SignatureScheme : ushort
{
    RsaPkcs1Sha256 = 0x0401,
    EcdsaSecp256r1Sha256 = 0x0403,
    RsaPkcs1Sha384 = 0x0501,
    EcdsaSecp384r1Sha384 = 0x0503,
    RsaPkcs1Sha512 = 0x0601,
    EcdsaSecp521r1Sha512 = 0x0603,
    RsaPssRsaeSha256 = 0x0804,
    RsaPssRsaeSha384 = 0x0805,
    RsaPssRsaeSha512 = 0x0806,
}

/// <summary>Which signatures this side accepts, and what belongs to each.</summary>
internal static class SignatureSchemeParameters
{
    /// <summary>What a peer may sign with, the preferred ones first. SHA-1 is not among them.</summary>
    public static ReadOnlySpan<SignatureScheme> Accepted =>
    [
        SignatureScheme.EcdsaSecp256r1Sha256,
        SignatureScheme.EcdsaSecp384r1Sha384,
        SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256,
        SignatureScheme.RsaPssRsaeSha384,
        SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPkcs1Sha256,
        SignatureScheme.RsaPkcs1Sha384,
        SignatureScheme.RsaPkcs1Sha512,
    ];

    extension(SignatureScheme scheme)
    {
        /// <summary>Whether the key is an elliptic curve's; otherwise it is RSA's.</summary>
        public bool IsEcdsa => scheme is SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.EcdsaSecp384r1Sha384
            or SignatureScheme.EcdsaSecp521r1Sha512;

        /// <summary>Whether RSA pads with PSS.</summary>
        public bool IsPss => scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384
            or SignatureScheme.RsaPssRsaeSha512;

        /// <summary>What is signed is this hash of the data.</summary>
        public DigestAlgorithm Digest => scheme switch
        {
            SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPssRsaeSha256
                => DigestAlgorithm.Sha256,
            SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPssRsaeSha384
                => DigestAlgorithm.Sha384,
            SignatureScheme.EcdsaSecp521r1Sha512 or SignatureScheme.RsaPkcs1Sha512 or SignatureScheme.RsaPssRsaeSha512
                => DigestAlgorithm.Sha512,
        };
    }
}
