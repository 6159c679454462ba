namespace IntercomAgent.Crypto.Dtls;

/// <summary>The curves for the key exchange, by their number on the wire (RFC 8422 section 5.1.1).</summary>
internal enum NamedGroup : ushort
{
    Secp256r1 = 23,
    Secp384r1 = 24,
    X25519 = 29,
}
