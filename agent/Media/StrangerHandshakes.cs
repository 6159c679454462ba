using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Media;

/// <summary>
/// How many handshakes a call begins with addresses that signalling has not named. Each of them costs us some four public-key
/// operations, and its owner, who has shown a cookie, as good as nothing.
/// </summary>
internal sealed class StrangerHandshakes
{
    // A peer behind an address translator is a stranger, too. It needs one handshake, and a second if it starts again.
    private const int MaximumPerAddress = 4;

    // With more addresses in a period, the others wait for the next: 64 handshakes a minute are less than an operation in ten turns.
    private const int MaximumAddresses = 16;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<UInt128, int> _begun = [];
    private Instant _periodEnd = Instant.Zero;

    /// <summary>Whether a handshake with that address may begin.</summary>
    public bool MayBegin(UInt128 address, Instant now)
    {
        if (now >= _periodEnd)
        {
            _begun.Clear();
            _periodEnd = now + Period;
        }

        return _begun.TryGetValue(address, out int begun) ? begun < MaximumPerAddress : _begun.Count < MaximumAddresses;
    }

    /// <summary>One has begun.</summary>
    public void Count(UInt128 address) => _begun[address] = _begun.GetValueOrDefault(address) + 1;
}
