using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>What an answer to a challenge protects (RFC 7616 section 3.4, qop).</summary>
internal enum DigestQuality
{
    /// <summary>Method and URI, in the legacy form of RFC 2069 that counts no nonces.</summary>
    Legacy,

    /// <summary>Method and URI.</summary>
    Auth,

    /// <summary>The body as well.</summary>
    AuthInt,
}

/// <summary>
/// One challenge of a 401 or 407 that we can answer (RFC 7616 section 3.3, RFC 8760). Texts are as they stand in the quotes.
/// </summary>
internal sealed record DigestChallenge
{
    /// <summary>Whether it came in Proxy-Authenticate.</summary>
    public required bool IsProxy { get; init; }

    /// <summary>The realm.</summary>
    public required byte[] Realm { get; init; }

    /// <summary>The nonce.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>What is to be handed back; null when there is none.</summary>
    public byte[]? Opaque { get; init; }

    /// <summary>The hash.</summary>
    public DigestAlgorithm Algorithm { get; init; } = DigestAlgorithm.Md5;

    /// <summary>The algorithm's name as the challenge writes it; null when it names none.</summary>
    public byte[]? AlgorithmName { get; init; }

    /// <summary>Whether the algorithm is a session variant.</summary>
    public bool IsSession { get; init; }

    /// <summary>What the answer protects: the least that the challenge is content with, for it is the most common.</summary>
    public DigestQuality Quality { get; init; }

    /// <summary>Whether the user's name is to be hidden in a hash (RFC 7616 section 3.4.4).</summary>
    public bool HidesUser { get; init; }

    /// <summary>Whether only the nonce was too old: the password was right.</summary>
    public bool IsStale { get; init; }

    /// <summary>Reads the value of a challenge; false for another scheme and for what we do not support, which is to be ignored.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, bool isProxy, out DigestChallenge challenge)
    {
        challenge = new DigestChallenge { IsProxy = isProxy, Realm = [], Nonce = [] };
        int space = field.IndexOfAny(" \t\r\n"u8);
        if (space < 0 || field.Length > SipLimits.Challenge || !SipGrammar.EqualsIgnoreCase(field[..space], "Digest"u8))
        {
            return false;
        }

        bool hasRealm = false;
        bool isSupported = true;
        ReadOnlySpan<byte> rest = field[space..];
        while (SipGrammar.TryTakeElement(ref rest, out ReadOnlySpan<byte> element))
        {
            int equals = element.IndexOf((byte)'=');
            if (equals < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> name = SipGrammar.Trim(element[..equals]);
            ReadOnlySpan<byte> value = Unquote(SipGrammar.Trim(element[(equals + 1)..]));
            hasRealm |= SipGrammar.EqualsIgnoreCase(name, "realm"u8);
            isSupported &= challenge.TryTake(name, value, out challenge);
        }

        return isSupported && hasRealm && challenge.Nonce.Length > 0;
    }

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> value) =>
        value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;

    private bool TryTake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out DigestChallenge next)
    {
        // A line end within a value, which a folded line could bring, would end up in our own header.
        bool isSupported = !value.ContainsAny("\r\n"u8);
        next = this;
        if (SipGrammar.EqualsIgnoreCase(name, "realm"u8))
        {
            next = this with { Realm = value.ToArray() };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "nonce"u8))
        {
            next = this with { Nonce = value.ToArray() };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "opaque"u8))
        {
            next = this with { Opaque = value.ToArray() };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "stale"u8))
        {
            next = this with { IsStale = SipGrammar.EqualsIgnoreCase(value, "true"u8) };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "qop"u8))
        {
            bool isPlain = Offers(value, "auth"u8);
            isSupported &= isPlain || Offers(value, "auth-int"u8);
            next = this with { Quality = isPlain ? DigestQuality.Auth : DigestQuality.AuthInt };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "userhash"u8))
        {
            next = this with { HidesUser = SipGrammar.EqualsIgnoreCase(value, "true"u8) };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "algorithm"u8))
        {
            isSupported &= DigestAlgorithms.TryRead(value, out DigestAlgorithm algorithm, out bool isSession);
            next = this with { Algorithm = algorithm, IsSession = isSession, AlgorithmName = value.ToArray() };
        }

        return isSupported;
    }

    private static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> wanted)
    {
        while (SipGrammar.TryTakeElement(ref list, out ReadOnlySpan<byte> element))
        {
            if (SipGrammar.EqualsIgnoreCase(element, wanted))
            {
                return true;
            }
        }

        return false;
    }
}
