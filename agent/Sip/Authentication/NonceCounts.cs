using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// How often each nonce was answered rightly (RFC 7616 section 3.4: a count that does not grow is a repetition). Bounded: when it is full
/// of nonces that are still young, a further one counts as stale, and its owner, who knows a password, asks again.
/// </summary>
internal sealed class NonceCounts
{
    /// <summary>Nonces that are remembered: calls of a minute in the largest house that calls its door without a PBX.</summary>
    private const int Maximum = 64;

    private readonly Dictionary<string, (int Count, Instant Until)> _used = [];

    /// <summary>Takes a use of a nonce; false when there was one with this count or a higher one, or there is no room.</summary>
    public bool TryTake(ReadOnlySpan<byte> nonce, int count, Instant until, Instant now)
    {
        foreach ((string old, (int Count, Instant Until) use) in _used)
        {
            if (use.Until < now)
            {
                _ = _used.Remove(old);
            }
        }

        string name = Encoding.ASCII.GetString(nonce);
        bool isKnown = _used.TryGetValue(name, out (int Count, Instant Until) last);
        if (count <= last.Count || (!isKnown && _used.Count == Maximum))
        {
            return false;
        }

        _used[name] = (count, until);
        return true;
    }
}
