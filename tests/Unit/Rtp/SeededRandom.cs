using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Unit.Rtp;

/// <summary>Random bytes that a seed repeats.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
