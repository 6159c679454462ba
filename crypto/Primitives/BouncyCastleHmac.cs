using System;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>HMAC over a hash of BouncyCastle.</summary>
internal sealed class BouncyCastleHmac : Hmac
{
    private readonly HMac _hmac;

    /// <summary>Takes in the key, of any length.</summary>
    public BouncyCastleHmac(DigestAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        _hmac = new HMac(MessageDigest.CreateBouncyCastle(algorithm));
        _hmac.Init(new KeyParameter(key));
    }

    /// <inheritdoc/>
    public override int Length => _hmac.GetMacSize();

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<byte> data) => _hmac.BlockUpdate(data);

    /// <inheritdoc/>
    public override void Finish(Span<byte> code) => _ = _hmac.DoFinal(code);

    /// <summary>An all-zero key takes the key's place, and the old state is left to the collector: it cannot be reached.</summary>
    public override void Dispose() => _hmac.Init(new KeyParameter(new byte[Length]));
}
