using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Unit.Dns;

/// <summary>A name server in memory: what it knows, and how it answers a query.</summary>
internal sealed class DnsZone
{
    private readonly List<(string Name, DnsRecordType Type, uint Seconds, byte[] Data)> _records = [];

    /// <summary>How many queries it was asked.</summary>
    public int Queries { get; private set; }

    /// <summary>The question of the last query.</summary>
    public DnsQuestion Asked { get; private set; }

    /// <summary>The error that it answers every query with, if any.</summary>
    public DnsResponseCode Error { get; set; }

    /// <summary>How long missing names are missing; null when it says nothing of that.</summary>
    public uint? NegativeSeconds { get; set; } = 60;

    public DnsZone A(string name, string address, uint seconds = 300) => Address(name, DnsRecordType.A, address, seconds);

    public DnsZone Aaaa(string name, string address, uint seconds = 300) => Address(name, DnsRecordType.Aaaa, address, seconds);

    public DnsZone Cname(string name, string target, uint seconds = 300) => Add(name, DnsRecordType.Cname, seconds, Name(target));

    public DnsZone Srv(string name, ushort priority, ushort weight, ushort port, string target, uint seconds = 300) =>
        Add(name, DnsRecordType.Srv, seconds, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public DnsZone Naptr(string name, ushort order, ushort preference, string flags, string services, string replacement) => Add(
        name, DnsRecordType.Naptr, 300, [.. Number(order), .. Number(preference), .. Text(flags), .. Text(services), 0, .. Name(replacement)]);

    /// <summary>Forgets all records.</summary>
    public void Clear() => _records.Clear();

    /// <summary>The answer to a query, which is not checked beyond what a server needs.</summary>
    public byte[] Answer(ReadOnlySpan<byte> query)
    {
        Queries++;
        WireReader reader = new(query[12..]);
        if (!DnsName.TryRead(query, ref reader, 12, out string? name) || name is null || !reader.TryReadUInt16(out ushort type))
        {
            throw new InvalidOperationException("This is no query.");
        }

        Asked = new DnsQuestion(name, (DnsRecordType)type);
        List<(string Name, DnsRecordType Type, uint Seconds, byte[] Data)> found = [];
        string at = name;
        while (Asked.Type != DnsRecordType.Cname && _records.Find(record => record.Name == at && record.Type == DnsRecordType.Cname) is { Data: { } data } link
            && found.Count < 16)
        {
            found.Add(link);
            WireReader target = new(data);
            _ = DnsName.TryRead(data, ref target, 0, out string? next);
            at = next!;
        }

        bool isKnown = found.Count > 0 || _records.Exists(record => record.Name == at);
        found.AddRange(_records.Where(record => record.Name == at && record.Type == Asked.Type));
        bool isNegative = !found.Exists(record => record.Type == Asked.Type);
        DnsResponseCode code = Error != 0 ? Error : isKnown ? DnsResponseCode.NoError : DnsResponseCode.NameError;
        if (Error != 0)
        {
            found.Clear();
        }

        byte[] question = [.. Name(name), .. Number(type), .. Number(1)];
        List<byte> message =
        [
            .. query[..2], 0x81, (byte)(0x80 | (int)code), 0, 1, .. Number((ushort)found.Count),
            .. Number(isNegative && NegativeSeconds is not null && Error == 0 ? (ushort)1 : (ushort)0), 0, 0, .. question,
        ];
        foreach ((string owner, DnsRecordType recordType, uint seconds, byte[] data) in found)
        {
            message.AddRange(Record(owner == name ? [0xC0, 12] : Name(owner), recordType, seconds, data));
        }

        if (isNegative && NegativeSeconds is { } negative && Error == 0)
        {
            byte[] soa = [.. Name("ns.example"), .. Name("hostmaster.example"), .. new byte[16], .. Long(negative)];
            message.AddRange(Record(Name(at[(at.LastIndexOf('.') + 1)..]), DnsRecordType.Soa, 3600, soa));
        }

        return [.. message];
    }

    /// <summary>What is left of an answer that has no room: its header, its question and half of a record.</summary>
    public static byte[] Truncate(byte[] answer)
    {
        byte[] cut = answer[..Math.Max(12, answer.Length * 2 / 3)];
        cut[2] |= 2;
        return cut;
    }

    /// <summary>A name as the wire has it, without compression.</summary>
    public static byte[] Name(string name)
    {
        byte[] buffer = new byte[260];
        WireWriter writer = new(buffer);
        DnsName.Write(ref writer, name);
        return writer.Written.ToArray();
    }

    /// <summary>A record as the wire has it.</summary>
    public static byte[] Record(byte[] owner, DnsRecordType type, uint seconds, byte[] data) =>
        [.. owner, .. Number((ushort)type), .. Number(1), .. Long(seconds), .. Number((ushort)data.Length), .. data];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Long(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private DnsZone Address(string name, DnsRecordType type, string address, uint seconds)
    {
        _ = NetworkEndpoint.TryParseAddress(address, 0, out NetworkEndpoint endpoint);
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, endpoint.Address);
        return Add(name, type, seconds, type == DnsRecordType.A ? bytes[12..] : bytes);
    }

    private DnsZone Add(string name, DnsRecordType type, uint seconds, byte[] data)
    {
        _records.Add((name, type, seconds, data));
        return this;
    }
}
