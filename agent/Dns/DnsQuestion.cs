using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Dns;

/// <summary>What is asked of the name system.</summary>
/// <param name="Name">A name that <see cref="DnsName.TryParse"/> gave.</param>
/// <param name="Type">The type of record.</param>
internal readonly record struct DnsQuestion(string Name, DnsRecordType Type)
{
    private const ushort RecursionDesired = 0x0100;
    private const ushort Internet = 1;
    private const ushort OptionRecord = 41;

    /// <summary>Writes the query (RFC 1035 section 4.1).</summary>
    /// <param name="writer">At least <see cref="DnsLimits.Query"/> bytes.</param>
    /// <param name="id">What the answer has to repeat.</param>
    /// <param name="toServer">Whether a server is asked, that asks others for us, and not the neighbours by multicast.</param>
    /// <param name="withExtension">Whether the longer answers of EDNS are asked for (RFC 6891).</param>
    public void Write(ref WireWriter writer, ushort id, bool toServer, bool withExtension)
    {
        writer.WriteUInt16(id);
        writer.WriteUInt16(toServer ? RecursionDesired : (ushort)0);
        writer.WriteUInt16(1);
        writer.WriteUInt16(0);
        writer.WriteUInt16(0);
        writer.WriteUInt16(withExtension ? (ushort)1 : (ushort)0);
        DnsName.Write(ref writer, Name);
        writer.WriteUInt16((ushort)Type);
        writer.WriteUInt16(Internet);
        if (withExtension)
        {
            // RFC 6891 section 6.1.2: the root as name, the size of our buffer as class, no flags, no options.
            writer.WriteByte(0);
            writer.WriteUInt16(OptionRecord);
            writer.WriteUInt16(DnsLimits.Payload);
            writer.WriteUInt32(0);
            writer.WriteUInt16(0);
        }
    }
}
