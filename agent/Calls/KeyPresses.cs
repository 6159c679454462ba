using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Calls;

/// <summary>By which way a key of the peer's telephone came.</summary>
internal enum KeyWay
{
    /// <summary>A telephone event (RFC 4733).</summary>
    Media,

    /// <summary>INFO (RFC 6086 section 2).</summary>
    Signalling,
}

/// <summary>
/// Makes one press of what telephones and gateways report twice, once as a telephone event and once by INFO: otherwise 2580 would be
/// 22558800, and open nothing.
/// </summary>
internal sealed class KeyPresses
{
    // The event begins with the press, INFO comes with its end, and either may have to be sent again.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    // More than anybody presses in that time.
    private const int Capacity = 32;

    private readonly List<(char Key, KeyWay Way, Instant At)> _unpaired = [];

    /// <summary>Takes a report in; false when the press was reported by the other way already.</summary>
    public bool IsNew(char key, KeyWay way, Instant now)
    {
        _ = _unpaired.RemoveAll(press => now - press.At > LongestDelay);
        int other = _unpaired.FindIndex(press => press.Key == key && press.Way != way);
        if (other >= 0)
        {
            _unpaired.RemoveAt(other);
            return false;
        }

        if (_unpaired.Count == Capacity)
        {
            _unpaired.RemoveAt(0);
        }

        _unpaired.Add((key, way, now));
        return true;
    }
}
