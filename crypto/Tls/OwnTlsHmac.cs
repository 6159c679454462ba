using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Tls.Crypto;

namespace IntercomAgent.Crypto.Tls;

/// <summary>HMAC as BouncyCastle's protocol wants it.</summary>
/// <param name="algorithm">The hash.</param>
internal sealed class OwnTlsHmac(DigestAlgorithm algorithm) : TlsHmac
{
    // FIPS 180-4 section 1: the blocks of SHA-256, and those of SHA-384 and SHA-512.
    private const int ShortBlock = 64;
    private const int LongBlock = 128;

    private Hmac _hmac = Hmac.Create(algorithm, []);

    /// <inheritdoc/>
    public int MacLength => _hmac.Length;

    /// <inheritdoc/>
    public int InternalBlockSize => algorithm == DigestAlgorithm.Sha256 ? ShortBlock : LongBlock;

    /// <inheritdoc/>
    public void SetKey(byte[] key, int keyOff, int keyLen) => SetKey(key.AsSpan(keyOff, keyLen));

    /// <inheritdoc/>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _hmac.Dispose();
        _hmac = Hmac.Create(algorithm, key);
    }

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => _hmac.Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<byte> input) => _hmac.Update(input);

    /// <inheritdoc/>
    public byte[] CalculateMac()
    {
        byte[] code = new byte[_hmac.Length];
        _hmac.Finish(code);
        return code;
    }

    /// <inheritdoc/>
    public void CalculateMac(byte[] output, int outOff) => _hmac.Finish(output.AsSpan(outOff));

    /// <inheritdoc/>
    public void Reset() => _ = CalculateMac();
}
