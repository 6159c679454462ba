using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>A synchronization source: who a stream of RTP packets comes from (RFC 3550 section 3).</summary>
internal readonly record struct Ssrc(uint Value)
{
    /// <summary>Chooses a source identifier at random (RFC 3550 section 8.1).</summary>
    public static Ssrc Choose(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    /// <summary>Eight hexadecimal digits, as packet analysers show it.</summary>
    public override string ToString() => Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
