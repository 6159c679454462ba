using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The cookies by which a client shows that it receives what is sent to its address (RFC 6347 section 4.2.1): an HMAC over path and
/// hello under a secret of this endpoint, so that nothing is kept until the client has shown it.
/// </summary>
internal sealed class HelloCookies
{
    private const int SecretLength = 32;

    // Address, port and scope of a path.
    private const int PathLength = 16 + 2 + 4;

    private readonly HMac _hmac = new(new Sha256Digest());

    /// <summary>Draws the secret.</summary>
    public HelloCookies(IRandomSource random)
    {
        Span<byte> secret = stackalloc byte[SecretLength];
        random.Fill(secret);
        _hmac.Init(new KeyParameter(secret));
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The cookie for this hello from this path.</summary>
    public byte[] Compute(TransportPath path, ClientHello hello)
    {
        Span<byte> pathBytes = stackalloc byte[PathLength];
        BinaryPrimitives.WriteUInt128BigEndian(pathBytes, path.Address);
        BinaryPrimitives.WriteUInt16BigEndian(pathBytes[16..], path.Port);
        BinaryPrimitives.WriteUInt32BigEndian(pathBytes[18..], path.ScopeId);
        _hmac.BlockUpdate(pathBytes);

        byte[] parameters = new byte[HelloGate.MaximumHelloLength];
        WireWriter writer = new(parameters);
        hello.WriteParameters(ref writer);
        _hmac.BlockUpdate(writer.Written);

        byte[] cookie = new byte[_hmac.GetMacSize()];
        _ = _hmac.DoFinal(cookie);
        return cookie;
    }

    /// <summary>Whether the hello carries the cookie that belongs to it.</summary>
    public bool IsValid(TransportPath path, ClientHello hello) =>
        hello.Cookie.Length > 0 && CryptographicOperations.FixedTimeEquals(Compute(path, hello), hello.Cookie);
}
