using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// The function that a hash iterates over its blocks (RFC 2104 section 2), for the hashes whose blocks have 64 bytes and whose words
/// have 32 bits (FIPS 180-4: SHA-1 and SHA-256). Each way to compute it is a type of its own, so that tests can compare them.
/// </summary>
internal interface ICompressionFunction
{
    /// <summary>The length of a block in bytes.</summary>
    const int BlockLength = 64;

    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>How many words the state and the hash have.</summary>
    static abstract int Words { get; }

    /// <summary>The words before the first block (FIPS 180-4 section 5.3).</summary>
    static abstract ReadOnlySpan<uint> InitialState { get; }

    /// <summary>Takes the blocks into the state.</summary>
    /// <param name="state">As many words as the hash has.</param>
    /// <param name="blocks">A whole number of blocks.</param>
    static abstract void Compress(Span<uint> state, ReadOnlySpan<byte> blocks);
}
