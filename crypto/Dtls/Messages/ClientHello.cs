using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>ClientHello (RFC 5246 section 7.4.1.2, with the cookie of RFC 6347 section 4.2.1).</summary>
internal sealed record ClientHello : IHandshakeBody<ClientHello>
{
    /// <summary>Length of a hello's random in bytes.</summary>
    public const int RandomLength = 32;

    /// <summary>RFC 5746 section 3.3: a "suite" that stands for an empty renegotiation_info.</summary>
    public const ushort EmptyRenegotiationInfoSignalling = 0x00FF;

    private const int MaximumSessionIdLength = 32;

    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.ClientHello;

    /// <summary>The highest version before 1.3 that the client speaks.</summary>
    public ushort Version { get; init; } = ProtocolVersion.Dtls12;

    /// <summary>32 random bytes.</summary>
    public required byte[] Random { get; init; }

    /// <summary>A session to resume. We send none and resume none.</summary>
    public byte[] SessionId { get; init; } = [];

    /// <summary>What a HelloVerifyRequest gave; empty before.</summary>
    public byte[] Cookie { get; init; } = [];

    /// <summary>The cipher suites that the client offers, in its order.</summary>
    public required IReadOnlyList<ushort> CipherSuites { get; init; }

    /// <summary>Whether "no compression" is among the methods, as it must be.</summary>
    public bool OffersNullCompression { get; private init; } = true;

    /// <summary>The extensions.</summary>
    public required HelloExtensions Extensions { get; init; }

    /// <summary>Whether the client says in either way that it knows secure renegotiation.</summary>
    public bool KnowsSecureRenegotiation =>
        Extensions.RenegotiationInfo is not null || CipherSuites.Contains(EmptyRenegotiationInfoSignalling);

    /// <inheritdoc/>
    public static ClientHello? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        if (!reader.TryReadUInt16(out ushort version)
            || !reader.TryTake(RandomLength, out ReadOnlySpan<byte> random)
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> sessionId)
            || sessionId.Length > MaximumSessionIdLength
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> cookie)
            || !reader.TryTakeVector16(out ReadOnlySpan<byte> suites)
            || WireLists.Read(suites) is not { } cipherSuites
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> compressionMethods)
            || HelloExtensions.Read(ref reader) is not { } extensions
            || !reader.AtEnd)
        {
            return null;
        }

        return new ClientHello
        {
            Version = version,
            Random = random.ToArray(),
            SessionId = sessionId.ToArray(),
            Cookie = cookie.ToArray(),
            CipherSuites = cipherSuites,
            OffersNullCompression = compressionMethods.Contains((byte)0),
            Extensions = extensions,
        };
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        WriteUpToSessionId(ref writer);
        writer.WriteByte(checked((byte)Cookie.Length));
        writer.Write(Cookie);
        WriteSuites(ref writer);
        Extensions.Write(ref writer);
    }

    /// <summary>
    /// Writes what a client must repeat unchanged beside its cookie: RFC 6347 section 4.2.1 names version, random, session, suites and
    /// compression methods, not the extensions.
    /// </summary>
    public void WriteParameters(ref WireWriter writer)
    {
        WriteUpToSessionId(ref writer);
        WriteSuites(ref writer);
    }

    private void WriteUpToSessionId(ref WireWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.Write(Random);
        writer.WriteByte((byte)SessionId.Length);
        writer.Write(SessionId);
    }

    private void WriteSuites(ref WireWriter writer)
    {
        WireLists.WriteVector16(ref writer, CipherSuites);
        writer.Write([1, 0]);
    }
}
