using System;
using System.Security.Cryptography;
using System.Text;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;

namespace IntercomAgent.Crypto.Tls;

/// <summary>A secret from which others are derived: by HKDF (RFC 5869) in TLS 1.3, by the pseudorandom function in TLS 1.2.</summary>
internal sealed class OwnTlsSecret : AbstractTlsSecret
{
    private readonly OwnTlsCrypto _crypto;

    /// <summary>A secret.</summary>
    /// <param name="crypto">Who made it.</param>
    /// <param name="data">The secret; owned from now on.</param>
    public OwnTlsSecret(OwnTlsCrypto crypto, byte[] data)
        : base(data) => _crypto = crypto;

    /// <inheritdoc/>
    protected override AbstractTlsCrypto Crypto => _crypto;

    /// <inheritdoc/>
    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, string label, byte[] seed, int length) =>
        DeriveUsingPrf(prfAlgorithm, label.AsSpan(), seed, length);

    /// <inheritdoc/>
    public override TlsSecret DeriveUsingPrf(int prfAlgorithm, ReadOnlySpan<char> label, ReadOnlySpan<byte> seed, int length)
    {
        CheckAlive();
        int hash = TlsCryptoUtilities.GetHashForPrf(prfAlgorithm);
        if (prfAlgorithm is PrfAlgorithm.tls13_hkdf_sha256 or PrfAlgorithm.tls13_hkdf_sha384)
        {
            return TlsCryptoUtilities.HkdfExpandLabel(this, hash, label, seed, length);
        }

        Span<byte> ascii = stackalloc byte[label.Length];
        _ = Encoding.ASCII.GetBytes(label, ascii);
        byte[] derived = new byte[length];
        using PseudorandomFunction function = new(OwnTlsCrypto.DigestOf(hash), m_data);
        function.Expand(ascii, seed, [], derived);
        return new OwnTlsSecret(_crypto, derived);
    }

    /// <inheritdoc/>
    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, byte[] info, int length) =>
        HkdfExpand(cryptoHashAlgorithm, info.AsSpan(), length);

    /// <summary>RFC 5869 section 2.3.</summary>
    public override TlsSecret HkdfExpand(int cryptoHashAlgorithm, ReadOnlySpan<byte> info, int length)
    {
        CheckAlive();
        byte[] derived = new byte[length];
        using Hmac hmac = Hmac.Create(OwnTlsCrypto.DigestOf(cryptoHashAlgorithm), m_data);
        Span<byte> block = stackalloc byte[hmac.Length];
        byte counter = 0;
        for (int done = 0; done < length; done += block.Length)
        {
            hmac.Update(counter == 0 ? [] : block);
            hmac.Update(info);
            hmac.Update([++counter]);
            hmac.Finish(block);
            block[..Math.Min(block.Length, length - done)].CopyTo(derived.AsSpan(done));
        }

        CryptographicOperations.ZeroMemory(block);
        return new OwnTlsSecret(_crypto, derived);
    }

    /// <summary>RFC 5869 section 2.2; this secret is the salt, and over.</summary>
    public override TlsSecret HkdfExtract(int cryptoHashAlgorithm, TlsSecret ikm)
    {
        byte[] salt = Extract();
        using Hmac hmac = Hmac.Create(OwnTlsCrypto.DigestOf(cryptoHashAlgorithm), salt);
        byte[] input = CopyData((AbstractTlsSecret)ikm);
        byte[] extracted = new byte[hmac.Length];
        hmac.Update(input);
        hmac.Finish(extracted);
        CryptographicOperations.ZeroMemory(salt);
        CryptographicOperations.ZeroMemory(input);
        return new OwnTlsSecret(_crypto, extracted);
    }
}
