using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>A view of the credentials in one Authorization field (RFC 7616 section 3.4). Texts are without their quotes.</summary>
internal readonly ref struct DigestAuthorization
{
    /// <summary>The user name.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>The realm that is answered.</summary>
    public ReadOnlySpan<byte> Realm { get; private init; }

    /// <summary>The nonce that is answered.</summary>
    public ReadOnlySpan<byte> Nonce { get; private init; }

    /// <summary>The URI that was hashed.</summary>
    public ReadOnlySpan<byte> Uri { get; private init; }

    /// <summary>The proof, in hexadecimal digits.</summary>
    public ReadOnlySpan<byte> Response { get; private init; }

    /// <summary>The client's own nonce.</summary>
    public ReadOnlySpan<byte> ClientNonce { get; private init; }

    /// <summary>How often the nonce was used, this time included, as it is written: it is hashed that way.</summary>
    public ReadOnlySpan<byte> NonceCount { get; private init; }

    /// <summary>The quality of protection.</summary>
    public ReadOnlySpan<byte> Quality { get; private init; }

    /// <summary>The hash; null for one that we did not ask for.</summary>
    public DigestAlgorithm? Algorithm { get; private init; }

    /// <summary>Reads a field; false for another scheme.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, out DigestAuthorization authorization)
    {
        // RFC 7616 section 3.4: without an algorithm it is MD5.
        authorization = new DigestAuthorization { Algorithm = DigestAlgorithm.Md5 };
        int space = field.IndexOfAny(" \t\r\n"u8);
        if (space < 0 || field.Length > SipLimits.Credentials || !SipGrammar.EqualsIgnoreCase(field[..space], "Digest"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = field[space..];
        while (SipGrammar.TryTakeElement(ref rest, out ReadOnlySpan<byte> element))
        {
            int equals = element.IndexOf((byte)'=');
            if (equals > 0)
            {
                ReadOnlySpan<byte> value = SipGrammar.Trim(element[(equals + 1)..]);
                value = value is [(byte)'"', .., (byte)'"'] ? value[1..^1] : value;
                authorization = authorization.With(SipGrammar.Trim(element[..equals]), value);
            }
        }

        return true;
    }

    private DigestAuthorization With(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => new()
    {
        User = SipGrammar.EqualsIgnoreCase(name, "username"u8) ? value : User,
        Realm = SipGrammar.EqualsIgnoreCase(name, "realm"u8) ? value : Realm,
        Nonce = SipGrammar.EqualsIgnoreCase(name, "nonce"u8) ? value : Nonce,
        Uri = SipGrammar.EqualsIgnoreCase(name, "uri"u8) ? value : Uri,
        Response = SipGrammar.EqualsIgnoreCase(name, "response"u8) ? value : Response,
        ClientNonce = SipGrammar.EqualsIgnoreCase(name, "cnonce"u8) ? value : ClientNonce,
        NonceCount = SipGrammar.EqualsIgnoreCase(name, "nc"u8) ? value : NonceCount,
        Quality = SipGrammar.EqualsIgnoreCase(name, "qop"u8) ? value : Quality,
        Algorithm = SipGrammar.EqualsIgnoreCase(name, "algorithm"u8) ? Read(value) : Algorithm,
    };

    private static DigestAlgorithm? Read(ReadOnlySpan<byte> name) =>
        DigestAlgorithms.TryRead(name, out DigestAlgorithm algorithm, out bool isSession) && !isSession ? algorithm : null;
}
