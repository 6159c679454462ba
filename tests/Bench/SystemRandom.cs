using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Bench;

/// <summary>Randomness from the system, as on the board.</summary>
internal sealed class SystemRandom : IRandomSource
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
