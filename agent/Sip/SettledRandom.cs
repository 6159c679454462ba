using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// Chance that is settled by a number: each search that begins with the same one picks the same among servers of one priority. So each
/// station has a choice of its own, which is what the weights of RFC 2782 are for, and does not move from server to server with each
/// refresh of its registration. It hides nothing.
/// </summary>
/// <param name="seed">What settles it.</param>
internal sealed class SettledRandom(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        // SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
        foreach (ref byte value in destination)
        {
            _state += 0x9E37_79B9_7F4A_7C15;
            ulong mixed = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
            value = (byte)(mixed ^ (mixed >> 31));
        }
    }
}
