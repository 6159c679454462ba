using System;

namespace IntercomAgent.Sip;

/// <summary>A view of what a server says of itself in Authentication-Info (RFC 7616 section 3.5). Texts are without their quotes.</summary>
internal readonly ref struct DigestProof
{
    /// <summary>The proof that it knows the password too, in hexadecimal digits; empty when there is none.</summary>
    public ReadOnlySpan<byte> Response { get; private init; }

    /// <summary>Our own nonce, which says what the proof is about.</summary>
    public ReadOnlySpan<byte> ClientNonce { get; private init; }

    /// <summary>The nonce that it wants next; empty when it names none.</summary>
    public ReadOnlySpan<byte> NextNonce { get; private init; }

    /// <summary>Reads a field.</summary>
    public static DigestProof Read(ReadOnlySpan<byte> field)
    {
        DigestProof proof = default;
        while (SipGrammar.TryTakeElement(ref field, out ReadOnlySpan<byte> element))
        {
            int equals = element.IndexOf((byte)'=');
            if (equals > 0)
            {
                ReadOnlySpan<byte> name = SipGrammar.Trim(element[..equals]);
                ReadOnlySpan<byte> value = SipGrammar.Trim(element[(equals + 1)..]);
                value = value is [(byte)'"', .., (byte)'"'] ? value[1..^1] : value;
                proof = new DigestProof
                {
                    Response = SipGrammar.EqualsIgnoreCase(name, "rspauth"u8) ? value : proof.Response,
                    ClientNonce = SipGrammar.EqualsIgnoreCase(name, "cnonce"u8) ? value : proof.ClientNonce,
                    NextNonce = SipGrammar.EqualsIgnoreCase(name, "nextnonce"u8) ? value : proof.NextNonce,
                };
            }
        }

        return proof;
    }
}
