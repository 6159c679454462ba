using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The addresses whose last passwords were wrong. Who gets here has answered a nonce that was sent to its address, so that nobody can
/// lock out another one with forged senders. Of IPv6 the network of 64 bits counts, for one host has all of it.
/// </summary>
/// <param name="allowed">Wrong passwords before an address is locked out.</param>
/// <param name="lockTime">How long it is, and how long a wrong one is remembered.</param>
internal sealed class WrongPasswords(int allowed, TimeSpan lockTime)
{
    /// <summary>Addresses that are remembered; beyond that the one that is forgiven first makes room.</summary>
    private const int Maximum = 256;

    private readonly Dictionary<UInt128, (int Attempts, Instant Until)> _addresses = [];

    /// <summary>Whether the address is not listened to.</summary>
    public bool IsLocked(NetworkEndpoint from, Instant now) =>
        _addresses.TryGetValue(KeyOf(from), out (int Attempts, Instant Until) known) && known.Attempts >= allowed && now < known.Until;

    /// <summary>Counts a wrong password; whether the address is locked out from now on.</summary>
    public bool Count(NetworkEndpoint from, Instant now)
    {
        UInt128 key = KeyOf(from);
        _ = _addresses.TryGetValue(key, out (int Attempts, Instant Until) known);
        int attempts = now < known.Until ? known.Attempts + 1 : 1;
        if (!_addresses.ContainsKey(key) && _addresses.Count == Maximum)
        {
            Forget();
        }

        _addresses[key] = (attempts, now + lockTime);
        return attempts >= allowed;
    }

    private void Forget()
    {
        (UInt128 Key, Instant Until) first = (UInt128.Zero, Instant.Never);
        foreach ((UInt128 key, (int Attempts, Instant Until) known) in _addresses)
        {
            first = known.Until < first.Until ? (key, known.Until) : first;
        }

        _ = _addresses.Remove(first.Key);
    }

    private static UInt128 KeyOf(NetworkEndpoint from) => from.IsIPv4 ? from.Address : from.Address >> 64;
}
