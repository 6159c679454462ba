using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>The payload that reports a telephone event (RFC 4733 section 2.3).</summary>
/// <param name="Code">0 to 15 for the keys of a telephone (section 3.2), other values for other events.</param>
/// <param name="End">Whether the event is over.</param>
/// <param name="Volume">The tone's power, 0 to 63, in dBm0 below zero.</param>
/// <param name="Duration">How long the event has lasted by now, in ticks of the RTP clock.</param>
internal readonly record struct TelephoneEvent(byte Code, bool End, byte Volume, ushort Duration)
{
    /// <summary>Octets of one event.</summary>
    public const int Size = 4;

    /// <summary>
    /// Reads the first event of a payload. A payload may hold several that follow one another without a pause (section 2.5.1.5);
    /// keys are always followed by one, so that only the first can be a key press of its own. False if the payload is too short.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out TelephoneEvent telephoneEvent)
    {
        WireReader reader = new(payload);
        if (!reader.TryReadByte(out byte code) || !reader.TryReadByte(out byte flags) || !reader.TryReadUInt16(out ushort duration))
        {
            telephoneEvent = default;
            return false;
        }

        // The bit between E and the volume is reserved and ignored.
        telephoneEvent = new TelephoneEvent(code, (flags & 0x80) != 0, (byte)(flags & 0x3F), duration);
        return true;
    }

    /// <summary>Writes the payload into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> payload)
    {
        WireWriter writer = new(payload);
        writer.WriteByte(Code);
        writer.WriteByte((byte)((End ? 0x80 : 0) | (Volume & 0x3F)));
        writer.WriteUInt16(Duration);
    }
}

/// <summary>A telephone event with what the RTP header says about it.</summary>
/// <param name="Event">The payload.</param>
/// <param name="Timestamp">When the event began: the same in all packets that report it.</param>
/// <param name="Marker">Set on the first packet of an event.</param>
internal readonly record struct TelephoneEventReport(TelephoneEvent Event, RtpTimestamp Timestamp, bool Marker);
