using System;

namespace IntercomAgent.Crypto.Wire;

/// <summary>Where keys, tags, identifiers and jitter come from: the kernel on a board, a seeded generator in a simulated world.</summary>
public interface IRandomSource
{
    /// <summary>Overwrites the whole destination with random bytes.</summary>
    void Fill(Span<byte> destination);
}
