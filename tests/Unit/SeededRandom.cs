using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Unit;

/// <summary>A random source that gives the same bytes for the same seed.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
