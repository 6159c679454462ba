using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>
/// A received RTP packet, taken apart (RFC 3550 section 5.1). It is a view: the spans point into the datagram it was read from.
/// </summary>
internal readonly ref struct RtpPacket
{
    /// <summary>The fixed header.</summary>
    public RtpHeader Header { get; private init; }

    /// <summary>The contributing sources, four octets each, as a mixer lists them; empty if there are none.</summary>
    public ReadOnlySpan<byte> ContributingSources { get; private init; }

    /// <summary>The 16 bits that the profile defines in a header extension (RFC 3550 section 5.3.1); 0 if there is none.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>The header extension without its own header; empty if there is none.</summary>
    public ReadOnlySpan<byte> Extension { get; private init; }

    /// <summary>The payload without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>
    /// Reads a packet in the clear. False when the version is not 2, when a length leads out of the datagram or when the padding
    /// is longer than what follows the header.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        WireReader reader = new(datagram);
        if (!reader.TryReadByte(out byte first) || first >> 6 != RtpHeader.Version ||
            !reader.TryReadByte(out byte second) || !reader.TryReadUInt16(out ushort sequence) ||
            !reader.TryReadUInt32(out uint timestamp) || !reader.TryReadUInt32(out uint ssrc) ||
            !reader.TryTake((first & 0x0F) * sizeof(uint), out ReadOnlySpan<byte> sources))
        {
            return false;
        }

        ushort profile = 0;
        ReadOnlySpan<byte> extension = default;
        bool extended = (first & 0x10) != 0;
        if (extended && !(reader.TryReadUInt16(out profile) && reader.TryReadUInt16(out ushort words) &&
                          reader.TryTake(words * sizeof(uint), out extension)))
        {
            return false;
        }

        bool padded = (first & 0x20) != 0;
        if (!TryStripPadding(reader.Rest, padded, out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        packet = new RtpPacket
        {
            Header = new RtpHeader((byte)(second & 0x7F), (second & 0x80) != 0, new(sequence), new(timestamp), new(ssrc)),
            ContributingSources = sources,
            ExtensionProfile = profile,
            Extension = extension,
            Payload = payload,
        };
        return true;
    }

    private static bool TryStripPadding(ReadOnlySpan<byte> rest, bool padded, out ReadOnlySpan<byte> payload)
    {
        payload = rest;
        if (!padded)
        {
            return true;
        }

        // The last octet counts the padding, itself included, so zero is as wrong as too much.
        if (rest.IsEmpty || rest[^1] == 0 || rest[^1] > rest.Length)
        {
            return false;
        }

        payload = rest[..^rest[^1]];
        return true;
    }
}
