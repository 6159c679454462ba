using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Rtp;

/// <summary>The block by which one who sends no media asks for a round trip (RFC 3611 section 4.4).</summary>
/// <param name="Sent">When it was sent.</param>
internal readonly record struct ReceiverReferenceTime(NtpTimestamp Sent)
{
    /// <summary>Octets of the block.</summary>
    public const int Size = XrBlock.HeaderSize + sizeof(ulong);

    /// <summary>Reads the block; false if it is another one, or has another length.</summary>
    public static bool TryRead(in XrBlock block, out ReceiverReferenceTime time)
    {
        time = default;
        WireReader reader = new(block.Body);
        if (block.Type != XrBlockType.ReceiverReferenceTime || !reader.TryReadUInt64(out ulong sent) || !reader.AtEnd)
        {
            return false;
        }

        time = new ReceiverReferenceTime(new NtpTimestamp(sent));
        return true;
    }

    /// <summary>Writes the block.</summary>
    public void Write(ref WireWriter writer)
    {
        XrBlock.WriteHeader(ref writer, XrBlockType.ReceiverReferenceTime, 0, Size);
        writer.WriteUInt64(Sent.Value);
    }
}
