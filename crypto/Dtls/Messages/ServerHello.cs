using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>ServerHello (RFC 5246 section 7.4.1.3).</summary>
internal sealed record ServerHello : IHandshakeBody<ServerHello>
{
    private const int MaximumSessionIdLength = 32;

    /// <inheritdoc/>
    public static HandshakeType Type => HandshakeType.ServerHello;

    /// <summary>The version that was chosen.</summary>
    public ushort Version { get; init; } = ProtocolVersion.Dtls12;

    /// <summary>32 random bytes.</summary>
    public required byte[] Random { get; init; }

    /// <summary>The cipher suite that was chosen.</summary>
    public required ushort CipherSuite { get; init; }

    /// <summary>The compression method that was chosen: 0 is none.</summary>
    public byte CompressionMethod { get; private init; }

    /// <summary>The extensions.</summary>
    public required HelloExtensions Extensions { get; init; }

    /// <inheritdoc/>
    public static ServerHello? Read(ReadOnlySpan<byte> body)
    {
        WireReader reader = new(body);
        if (!reader.TryReadUInt16(out ushort version)
            || !reader.TryTake(ClientHello.RandomLength, out ReadOnlySpan<byte> random)
            || !reader.TryTakeVector8(out ReadOnlySpan<byte> sessionId)
            || sessionId.Length > MaximumSessionIdLength
            || !reader.TryReadUInt16(out ushort suite)
            || !reader.TryReadByte(out byte compressionMethod)
            || HelloExtensions.Read(ref reader) is not { } extensions
            || !reader.AtEnd)
        {
            return null;
        }

        return new ServerHello
        {
            Version = version,
            Random = random.ToArray(),
            CipherSuite = suite,
            CompressionMethod = compressionMethod,
            Extensions = extensions,
        };
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.Write(Random);

        // No session: it could not be resumed.
        writer.WriteByte(0);
        writer.WriteUInt16(CipherSuite);
        writer.WriteByte(CompressionMethod);
        Extensions.Write(ref writer);
    }
}
