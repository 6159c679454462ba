using System;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>Gives BouncyCastle's key generators our random source, so that they are as deterministic as it is.</summary>
internal sealed class BouncyCastleRandom : IRandomGenerator
{
    private readonly IRandomSource _source;

    private BouncyCastleRandom(IRandomSource source) => _source = source;

    /// <summary>The source in the form that BouncyCastle asks for.</summary>
    public static SecureRandom From(IRandomSource source) => new(new BouncyCastleRandom(source));

    /// <summary>The source seeds itself: nothing is added.</summary>
    public void AddSeedMaterial(byte[] seed)
    {
    }

    /// <inheritdoc cref="AddSeedMaterial(byte[])"/>
    public void AddSeedMaterial(ReadOnlySpan<byte> seed)
    {
    }

    /// <inheritdoc cref="AddSeedMaterial(byte[])"/>
    public void AddSeedMaterial(long seed)
    {
    }

    /// <inheritdoc/>
    public void NextBytes(byte[] bytes) => _source.Fill(bytes);

    /// <inheritdoc/>
    public void NextBytes(byte[] bytes, int start, int len) => _source.Fill(bytes.AsSpan(start, len));

    /// <inheritdoc/>
    public void NextBytes(Span<byte> bytes) => _source.Fill(bytes);
}
