using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Rfc7748;

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
        NamedGroup.Secp256r1 => EllipticKeyShare.Generate(group, EllipticCurve.Secp256r1, random),
        NamedGroup.Secp384r1 => EllipticKeyShare.Generate(group, EllipticCurve.Secp384r1, random),
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
        private readonly EllipticCurve _curve;
        private readonly BigInteger _privateKey;

        private EllipticKeyShare(NamedGroup group, EllipticCurve curve, BigInteger privateKey)
            : base(group, curve.PublicKey(privateKey))
        {
            _curve = curve;
            _privateKey = privateKey;
        }

        public static EllipticKeyShare Generate(NamedGroup group, EllipticCurve curve, IRandomSource random) =>
            new(group, curve, curve.GenerateScalar(random));

        // RFC 8422 section 5.10: the x coordinate with its leading zeros.
        public override byte[]? Agree(ReadOnlySpan<byte> peerPublicKey) =>
            _curve.TryDecode(peerPublicKey) is { } peer ? _curve.Agree(_privateKey, peer) : null;
    }
}
