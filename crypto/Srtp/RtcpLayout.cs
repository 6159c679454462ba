using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>What SRTCP needs of a compound packet (RFC 3711 section 3.4): its first header, and the word that is added behind.</summary>
internal static class RtcpLayout
{
    /// <summary>The first header with the sender's SSRC: all that is not encrypted.</summary>
    public const int HeaderLength = 8;

    /// <summary>The length of E flag and SRTCP index in bytes.</summary>
    public const int IndexLength = sizeof(uint);

    /// <summary>The E flag: the packet is encrypted.</summary>
    public const uint EncryptedFlag = 0x8000_0000;

    /// <summary>The last SRTCP index: it has 31 bits.</summary>
    public const uint MaximumIndex = EncryptedFlag - 1;

    /// <summary>The longest packet that is taken without encryption: a frame of Ethernet, which RTCP never fills.</summary>
    public const int MaximumClearLength = 1500;

    /// <summary>False if the bytes are no RTCP packet, or end within its first header.</summary>
    public static bool TryReadSsrc(ReadOnlySpan<byte> packet, out uint ssrc)
    {
        WireReader reader = new(packet);
        ssrc = 0;
        return reader.TryReadByte(out byte first) && first >> 6 == 2
            && reader.TryReadByte(out _)
            && reader.TryReadUInt16(out _)
            && reader.TryReadUInt32(out ssrc);
    }
}
