using System;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Utilities;

namespace IntercomAgent.Crypto.Tls;

/// <summary>A running hash as BouncyCastle's protocol wants it: it can be copied, and begins anew when it is asked for its value.</summary>
internal abstract class OwnTlsHash : TlsHash
{
    /// <summary>A hash of nothing yet.</summary>
    public static OwnTlsHash Create(DigestAlgorithm algorithm) =>
        algorithm == DigestAlgorithm.Sha256 ? new OurSha256() : new Wrapped(MessageDigest.CreateBouncyCastle(algorithm));

    /// <inheritdoc/>
    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    /// <inheritdoc/>
    public abstract void Update(ReadOnlySpan<byte> input);

    /// <inheritdoc/>
    public abstract byte[] CalculateHash();

    /// <inheritdoc/>
    public abstract TlsHash CloneHash();

    /// <inheritdoc/>
    public abstract void Reset();

    private sealed class OurSha256 : OwnTlsHash
    {
        private RunningHash<Sha256> _running = new();

        public override void Update(ReadOnlySpan<byte> input) => _running.Update(input);

        public override byte[] CalculateHash()
        {
            byte[] hash = new byte[RunningHash<Sha256>.HashLength];
            _running.Finish(hash);
            Reset();
            return hash;
        }

        public override TlsHash CloneHash() => new OurSha256 { _running = _running };

        public override void Reset() => _running = new RunningHash<Sha256>();
    }

    private sealed class Wrapped(IDigest digest) : OwnTlsHash
    {
        public override void Update(ReadOnlySpan<byte> input) => digest.BlockUpdate(input);

        public override byte[] CalculateHash()
        {
            byte[] hash = new byte[digest.GetDigestSize()];
            _ = digest.DoFinal(hash);
            return hash;
        }

        public override TlsHash CloneHash() => new Wrapped((IDigest)((IMemoable)digest).Copy());

        public override void Reset() => digest.Reset();
    }
}
