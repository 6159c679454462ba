using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>Whose passwords are asked for.</summary>
internal sealed record DigestServerSettings
{
    /// <summary>
    /// What the challenge names: the caller's telephone shows it, or finds the password by it. Neither quotes nor backslashes.
    /// </summary>
    public required string Realm { get; init; }

    /// <summary>The callers; at least one.</summary>
    public required IReadOnlyList<CallerAccount> Accounts { get; init; }

    /// <summary>Whether a caller may prove its password with MD5 (RFC 8760 section 2.3).</summary>
    public required bool AllowMd5 { get; init; }

    /// <summary>How long a challenge may be answered: the way there and back, and a person who looks for nothing.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wrong passwords from one address before it is locked out.</summary>
    public int WrongAttempts { get; init; } = 5;

    /// <summary>How long an address is locked out, and how long a wrong password is remembered.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A caller that is known by its password.</summary>
/// <param name="User">The user name, without quotes and backslashes.</param>
/// <param name="Password">The password.</param>
internal sealed record CallerAccount(string User, Secret Password);
