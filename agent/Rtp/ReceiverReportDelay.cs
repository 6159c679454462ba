using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>What a DLRR block answers to one receiver (RFC 3611 section 4.5).</summary>
/// <param name="Receiver">Who had sent its reference time.</param>
/// <param name="LastReport">The middle of the NTP timestamp that it had sent; 0 if it had not.</param>
/// <param name="Delay">The time since that came, in 1/65536 s; 0 if it had not.</param>
internal readonly record struct ReceiverReportDelay(Ssrc Receiver, uint LastReport, uint Delay)
{
    /// <summary>Octets of a block that answers one receiver.</summary>
    public const int Size = XrBlock.HeaderSize + (3 * sizeof(uint));

    /// <summary>Finds what a block answers to a receiver; false if it is another one, has a broken part, or says nothing to it.</summary>
    public static bool TryFind(in XrBlock block, Ssrc receiver, out ReceiverReportDelay delay)
    {
        delay = default;
        WireReader reader = new(block.Body);
        while (block.Type == XrBlockType.DelaySinceReceiverReport && reader.TryReadUInt32(out uint source) &&
            reader.TryReadUInt32(out uint last) && reader.TryReadUInt32(out uint since))
        {
            if (source == receiver.Value)
            {
                delay = new ReceiverReportDelay(receiver, last, since);
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a block with this answer alone.</summary>
    public void Write(ref WireWriter writer)
    {
        XrBlock.WriteHeader(ref writer, XrBlockType.DelaySinceReceiverReport, 0, Size);
        writer.WriteUInt32(Receiver.Value);
        writer.WriteUInt32(LastReport);
        writer.WriteUInt32(Delay);
    }
}
