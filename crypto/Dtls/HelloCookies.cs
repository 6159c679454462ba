using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The cookies by which a client shows that it receives what is sent to its address (RFC 6347 section 4.2.1): an HMAC over path and
/// hello under a secret of this endpoint, so that nothing is kept until the client has shown it.
/// </summary>
internal sealed class HelloCookies : IDisposable
{
    private const int SecretLength = 32;

    // Address, port and scope of a path.
    private const int PathLength = 16 + 2 + 4;

    private readonly Hmac<Sha256> _hmac;

    /// <summary>Draws the secret.</summary>
    public HelloCookies(IRandomSource random)
    {
        Span<byte> secret = stackalloc byte[SecretLength];
        random.Fill(secret);
        _hmac = new Hmac<Sha256>(secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The cookie for this hello from this path.</summary>
    public byte[] Compute(TransportPath path, ClientHello hello)
    {
        Span<byte> pathBytes = stackalloc byte[PathLength];
        BinaryPrimitives.WriteUInt128BigEndian(pathBytes, path.Address);
        BinaryPrimitives.WriteUInt16BigEndian(pathBytes[16..], path.Port);
        BinaryPrimitives.WriteUInt32BigEndian(pathBytes[18..], path.ScopeId);
        _hmac.Update(pathBytes);

        Span<byte> parameters = stackalloc byte[HelloGate.MaximumHelloLength];
        WireWriter writer = new(parameters);
        hello.WriteParameters(ref writer);
        _hmac.Update(writer.Written);

        byte[] cookie = new byte[_hmac.Length];
        _hmac.Finish(cookie);
        return cookie;
    }

    /// <summary>Whether the hello carries the cookie that belongs to it.</summary>
    public bool IsValid(TransportPath path, ClientHello hello) =>
        hello.Cookie.Length > 0 && CryptographicOperations.FixedTimeEquals(Compute(path, hello), hello.Cookie);

    /// <summary>Wipes the secret.</summary>
    public void Dispose() => _hmac.Dispose();
}
