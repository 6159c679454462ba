using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// One side's ephemeral key of an elliptic-curve Diffie-Hellman exchange (RFC 8422 section 5.10). Making it and agreeing on the
/// secret are expensive operations.
/// </summary>
internal abstract class KeyShare
{
    private protected KeyShare(NamedGroup group, byte[] publicKey)
    {
        Group = group;
        PublicKey = publicKey;
    }

    /// <summary>The curve.</summary>
    public NamedGroup Group { get; }

    /// <summary>What the peer gets: an uncompressed point, or the 32 bytes of X25519.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Makes a fresh key.</summary>
    public static KeyShare Generate(NamedGroup group, IRandomSource random) => group switch
    {
        NamedGroup.X25519 => X25519KeyShare.Generate(random),
        NamedGroup.Secp256r1 => EllipticKeyShare.Generate(group, SecObjectIdentifiers.SecP256r1, random),
        NamedGroup.Secp384r1 => EllipticKeyShare.Generate(group, SecObjectIdentifiers.SecP384r1, random),
    };

    /// <summary>
    /// The premaster secret that the peer's public key and ours lead to; null if that is no key of this curve. The caller wipes it.
    /// </summary>
    public abstract byte[]? Agree(ReadOnlySpan<byte> peerPublicKey);

    private sealed class X25519KeyShare : KeyShare
    {
        private readonly byte[] _privateKey;

        private X25519KeyShare(byte[] privateKey, byte[] publicKey)
            : base(NamedGroup.X25519, publicKey) => _privateKey = privateKey;

        public static X25519KeyShare Generate(IRandomSource random)
        {
            byte[] privateKey = new byte[X25519.ScalarSize];
            random.Fill(privateKey);
            byte[] publicKey = new byte[X25519.PointSize];
            X25519.ScalarMultBase(privateKey, 0, publicKey, 0);
            return new X25519KeyShare(privateKey, publicKey);
        }

        public override byte[]? Agree(ReadOnlySpan<byte> peerPublicKey)
        {
            if (peerPublicKey.Length != X25519.PointSize)
            {
                return null;
            }

            // RFC 7748 section 6.1: false for the all-zero secret of a point of low order.
            byte[] secret = new byte[X25519.PointSize];
            bool agreed = X25519.CalculateAgreement(_privateKey, 0, peerPublicKey.ToArray(), 0, secret, 0);
            CryptographicOperations.ZeroMemory(_privateKey);
            return agreed ? secret : null;
        }
    }

    private sealed class EllipticKeyShare : KeyShare
    {
        private const byte UncompressedPoint = 4;

        private readonly ECPrivateKeyParameters _privateKey;

        private EllipticKeyShare(NamedGroup group, ECPrivateKeyParameters privateKey, byte[] publicKey)
            : base(group, publicKey) => _privateKey = privateKey;

        public static EllipticKeyShare Generate(NamedGroup group, DerObjectIdentifier curve, IRandomSource random)
        {
            ECKeyPairGenerator generator = new();
            generator.Init(new ECKeyGenerationParameters(curve, BouncyCastleRandom.From(random)));
            AsymmetricCipherKeyPair keys = generator.GenerateKeyPair();
            byte[] publicKey = ((ECPublicKeyParameters)keys.Public).Q.GetEncoded(compressed: false);
            return new EllipticKeyShare(group, (ECPrivateKeyParameters)keys.Private, publicKey);
        }

        public override byte[]? Agree(ReadOnlySpan<byte> peerPublicKey)
        {
            if (peerPublicKey.Length != PublicKey.Length || peerPublicKey[0] != UncompressedPoint)
            {
                return null;
            }

            ECDomainParameters curve = _privateKey.Parameters;
            ECPublicKeyParameters peer;
            try
            {
                // Refuses a point that is not on the curve.
                peer = new ECPublicKeyParameters(curve.Curve.DecodePoint(peerPublicKey.ToArray()), curve);
            }
            catch (ArgumentException)
            {
                return null;
            }

            ECDHBasicAgreement agreement = new();
            agreement.Init(_privateKey);

            // RFC 8422 section 5.10: the x coordinate with its leading zeros.
            return BigIntegers.AsUnsignedByteArray(agreement.GetFieldSize(), agreement.CalculateAgreement(peer));
        }
    }
}
