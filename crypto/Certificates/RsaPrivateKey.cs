using System;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>
/// Our own RSA key and its signatures (RFC 8017). Two powers modulo the primes make one, by the Chinese remainder theorem: neither takes
/// a time that depends on the key, and what is raised to a power is blinded besides.
/// </summary>
internal sealed class RsaPrivateKey : SigningKey
{
    /// <summary>The length of the modulus of a key that we make, in bits.</summary>
    private const int ModulusBits = 2048;

    // One from elsewhere may be longer, as long as a signature does not hold up the loop for several audio periods.
    private const int MaximumModulusBits = 3072;

    private static readonly BigInteger UsualExponent = BigInteger.ValueOf(65537);

    private readonly RsaPrivateKeyStructure _key;
    private readonly MontgomeryModulus _p;
    private readonly MontgomeryModulus _q;
    private readonly RsaPublicKey _publicKey;

    private RsaPrivateKey(RsaPrivateKeyStructure key, RsaPublicKey publicKey)
    {
        _key = key;
        _publicKey = publicKey;
        _p = new MontgomeryModulus(key.Prime1);
        _q = new MontgomeryModulus(key.Prime2);
    }

    /// <summary>The length of its modulus, in bits.</summary>
    public int Bits => _key.Modulus.BitLength;

    /// <inheritdoc/>
    public override CertificateKind Kind => CertificateKind.Rsa2048;

    /// <inheritdoc/>
    public override ReadOnlySpan<SignatureScheme> Schemes => [SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPkcs1Sha256];

    /// <inheritdoc/>
    public override AlgorithmIdentifier CertificateSignature =>
        new(PkcsObjectIdentifiers.Sha256WithRsaEncryption, DerNull.Instance);

    /// <inheritdoc/>
    public override SubjectPublicKeyInfo PublicKeyInfo =>
        new(Algorithm, new RsaPublicKeyStructure(_key.Modulus, _key.PublicExponent));

    private static AlgorithmIdentifier Algorithm => new(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance);

    /// <summary>
    /// Makes a new key of 2048 bits. It takes as long as some hundred signatures, seconds on a small board: only before the loop turns.
    /// </summary>
    public static RsaPrivateKey Generate(IRandomSource random)
    {
        BigInteger e = UsualExponent;
        BigInteger p = RsaPrimes.Find(ModulusBits / 2, e, random);
        BigInteger q;
        do
        {
            q = RsaPrimes.Find(ModulusBits / 2, e, random);
        }
        while (p.Equals(q));

        BigInteger lessP = p.Subtract(BigInteger.One);
        BigInteger lessQ = q.Subtract(BigInteger.One);
        BigInteger d = e.ModInverse(lessP.Multiply(lessQ));
        RsaPrivateKeyStructure key = new(p.Multiply(q), e, d, p, q, d.Mod(lessP), d.Mod(lessQ), q.ModInverse(p));

        // A public key of this length is accepted.
        return new RsaPrivateKey(key, RsaPublicKey.Read(new SubjectPublicKeyInfo(Algorithm, new RsaPublicKeyStructure(key.Modulus, e)))!);
    }

    /// <summary>
    /// Reads a key in PKCS #8 (RFC 5958, RFC 8017 appendix A.1.2). Null if it is none, if its parts contradict one another, or if its
    /// length is out of range.
    /// </summary>
    public static RsaPrivateKey? TryRead(byte[] pkcs8)
    {
        try
        {
            PrivateKeyInfo info = PrivateKeyInfo.GetInstance(pkcs8);
            if (!info.PrivateKeyAlgorithm.Algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption))
            {
                return null;
            }

            RsaPrivateKeyStructure key = RsaPrivateKeyStructure.GetInstance(info.ParsePrivateKey());
            SubjectPublicKeyInfo publicInfo = new(Algorithm, new RsaPublicKeyStructure(key.Modulus, key.PublicExponent));
            return IsConsistent(key) && RsaPublicKey.Read(publicInfo) is { } publicKey ? new RsaPrivateKey(key, publicKey) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // BouncyCastle's decoder says "this is no key" with whatever exception the broken part leads to.
            return null;
        }
    }

    /// <inheritdoc/>
    public override byte[] ToPkcs8() => new PrivateKeyInfo(Algorithm, _key).GetEncoded(Asn1Encodable.Der);

    /// <inheritdoc/>
    public override bool IsPairOf(PeerPublicKey publicKey) => publicKey is RsaPublicKey other && other.IsSame(_publicKey);

    /// <inheritdoc/>
    public override Signing Begin(SignatureScheme scheme, ReadOnlySpan<byte> data, IRandomSource random)
    {
        byte[] hash = new byte[MessageDigest.Length(scheme.Digest)];
        _ = MessageDigest.Compute(scheme.Digest, data, hash);
        byte[] salt = [];
        if (scheme.IsPss)
        {
            // RFC 8446 section 4.2.3: as long as the hash.
            salt = new byte[hash.Length];
            random.Fill(salt);
        }

        return new ThreeSteps(this, scheme, hash, new BigInteger(1, RsaEncoding.Encode(scheme, hash, salt, _key.Modulus.BitLength)), random);
    }

    // It shares no divisor with the modulus, as all but a few of 2^1024 numbers.
    private BigInteger ChooseBlinding(IRandomSource random)
    {
        byte[] bytes = new byte[_key.Modulus.BitLength / 8];
        BigInteger blinding;
        do
        {
            random.Fill(bytes);
            blinding = new BigInteger(1, bytes);
        }
        while (blinding.SignValue == 0 || blinding.CompareTo(_key.Modulus) >= 0);

        return blinding;
    }

    // RFC 8017 section 3.2: every part follows from the primes and the public exponent.
    private static bool IsConsistent(RsaPrivateKeyStructure key)
    {
        BigInteger lessP = key.Prime1.Subtract(BigInteger.One);
        BigInteger lessQ = key.Prime2.Subtract(BigInteger.One);
        return key.Modulus.BitLength is >= ModulusBits and <= MaximumModulusBits
            && key.Modulus.BitLength % 16 == 0
            && key.Prime1.BitLength == key.Modulus.BitLength / 2
            && key.Prime2.BitLength == key.Modulus.BitLength / 2
            && key.Prime1.Multiply(key.Prime2).Equals(key.Modulus)
            && IsPositiveBelow(key.Exponent1, lessP)
            && IsPositiveBelow(key.Exponent2, lessQ)
            && IsPositiveBelow(key.Coefficient, key.Prime1)
            && key.PublicExponent.Multiply(key.Exponent1).Mod(lessP).Equals(BigInteger.One)
            && key.PublicExponent.Multiply(key.Exponent2).Mod(lessQ).Equals(BigInteger.One)
            && key.Coefficient.Multiply(key.Prime2).Mod(key.Prime1).Equals(BigInteger.One);
    }

    private static bool IsPositiveBelow(BigInteger number, BigInteger bound) => number.SignValue > 0 && number.CompareTo(bound) < 0;

    // RFC 8017 section 5.2.1, step 2.b, on a number times r^e, so that the powers are those of a number that nobody knows: one power, the
    // other, and what is made of both.
    private sealed class ThreeSteps(RsaPrivateKey owner, SignatureScheme scheme, byte[] hash, BigInteger message, IRandomSource random)
        : Signing
    {
        private readonly RsaPrivateKeyStructure _key = owner._key;
        private readonly BigInteger _blinding = owner.ChooseBlinding(random);
        private BigInteger? _blinded;
        private BigInteger? _fromP;
        private BigInteger? _fromQ;

        public override byte[]? Step()
        {
            if (_blinded is null || _fromP is null)
            {
                _blinded = message.Multiply(_blinding.ModPow(_key.PublicExponent, _key.Modulus)).Mod(_key.Modulus);
                _fromP = owner._p.Power(_blinded.Mod(_key.Prime1), _key.Exponent1);
                return null;
            }

            if (_fromQ is null)
            {
                _fromQ = owner._q.Power(_blinded.Mod(_key.Prime2), _key.Exponent2);
                return null;
            }

            BigInteger h = _fromP.Subtract(_fromQ).Multiply(_key.Coefficient).Mod(_key.Prime1);
            BigInteger power = _fromQ.Add(h.Multiply(_key.Prime2));
            BigInteger number = power.Multiply(BigIntegers.ModOddInverse(_key.Modulus, _blinding)).Mod(_key.Modulus);
            byte[] signature = BigIntegers.AsUnsignedByteArray(_key.Modulus.BitLength / 8, number);

            // One wrong bit in one of the two powers would give the primes away to whoever sees the signature.
            return owner._publicKey.VerifyHash(scheme, hash, signature)
                ? signature
                : throw new InvalidOperationException("This machine computes wrongly: a signature does not verify.");
        }
    }
}
