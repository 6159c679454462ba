using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

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

    /// <summary>Whether qop=auth is offered; else it is the legacy form of RFC 2069.</summary>
    public bool HasQop { get; init; }

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
            isSupported &= Offers(value, "auth"u8);
            next = this with { HasQop = true };
        }
        else if (SipGrammar.EqualsIgnoreCase(name, "algorithm"u8))
        {
            isSupported &= TryReadAlgorithm(value, out DigestAlgorithm algorithm, out bool isSession);
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

    private static bool TryReadAlgorithm(ReadOnlySpan<byte> name, out DigestAlgorithm algorithm, out bool isSession)
    {
        isSession = name.Length > 5 && SipGrammar.EqualsIgnoreCase(name[^5..], "-sess"u8);
        ReadOnlySpan<byte> hash = isSession ? name[..^5] : name;
        bool isSha256 = SipGrammar.EqualsIgnoreCase(hash, "SHA-256"u8);
        algorithm = isSha256 ? DigestAlgorithm.Sha256 : DigestAlgorithm.Md5;
        return isSha256 || SipGrammar.EqualsIgnoreCase(hash, "MD5"u8);
    }
}
