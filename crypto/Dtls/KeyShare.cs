using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;

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
        NamedGroup.X25519 => KeyShareOn<X25519>.Make(group, random),
        NamedGroup.Secp256r1 => KeyShareOn<P256>.Make(group, random),
        NamedGroup.Secp384r1 => KeyShareOn<P384>.Make(group, random),
    };

    /// <summary>
    /// The premaster secret that the peer's public key and ours lead to, after which ours is wiped; null if the peer's is no key of this
    /// curve. The caller wipes the secret.
    /// </summary>
    public abstract byte[]? Agree(ReadOnlySpan<byte> peerPublicKey);

    private sealed class KeyShareOn<TCurve> : KeyShare
        where TCurve : IKeyAgreement
    {
        private readonly byte[] _privateKey;

        private KeyShareOn(NamedGroup group, byte[] privateKey, byte[] publicKey)
            : base(group, publicKey) => _privateKey = privateKey;

        public static KeyShareOn<TCurve> Make(NamedGroup group, IRandomSource random)
        {
            byte[] privateKey = new byte[TCurve.PrivateKeyLength];
            TCurve.GeneratePrivateKey(random, privateKey);
            byte[] publicKey = new byte[TCurve.PublicKeyLength];
            TCurve.ComputePublicKey(privateKey, publicKey);
            return new KeyShareOn<TCurve>(group, privateKey, publicKey);
        }

        public override byte[]? Agree(ReadOnlySpan<byte> peerPublicKey)
        {
            byte[] secret = new byte[TCurve.SecretLength];
            if (!TCurve.TryAgree(_privateKey, peerPublicKey, secret))
            {
                return null;
            }

            CryptographicOperations.ZeroMemory(_privateKey);
            return secret;
        }
    }
}
