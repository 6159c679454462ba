using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>A message of the name system as it was received (RFC 1035 section 4), without what nobody here needs.</summary>
internal sealed class DnsMessage
{
    private const int HeaderLength = 12;
    private const ushort ResponseFlag = 0x8000;
    private const ushort OpcodeMask = 0x7800;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort CodeMask = 0x000F;
    private const ushort Internet = 1;

    /// <summary>The bit that multicast DNS takes from the class (RFC 6762 sections 5.4 and 10.2).</summary>
    private const ushort MulticastBit = 0x8000;

    private readonly List<DnsRecord> _answers = [];
    private readonly List<DnsRecord> _authorities = [];

    /// <summary>The number that the query had.</summary>
    public ushort Id { get; private set; }

    /// <summary>Whether not all records had room.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>What the server made of the query.</summary>
    public DnsResponseCode Code { get; private set; }

    /// <summary>The question that is answered; null when there is not exactly one of ours.</summary>
    public DnsQuestion? Question { get; private set; }

    /// <summary>The records of the answer section, of the types that we know.</summary>
    public IReadOnlyList<DnsRecord> Answers => _answers;

    /// <summary>The records of the authority section, of the types that we know.</summary>
    public IReadOnlyList<DnsRecord> Authorities => _authorities;

    /// <summary>
    /// Reads a response; false for a query and for what is no message. Records of unknown types, and of names that no host has, are
    /// passed over. The additional section is not read: nothing vouches for what nobody asked for.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        DnsMessage read = new();
        WireReader reader = new(bytes);
        if (bytes.Length < HeaderLength
            || !reader.TryReadUInt16(out ushort id)
            || !reader.TryReadUInt16(out ushort flags)
            || !reader.TryReadUInt16(out ushort questions)
            || !reader.TryReadUInt16(out ushort answers)
            || !reader.TryReadUInt16(out ushort authorities)
            || !reader.TryReadUInt16(out _)
            || (flags & (ResponseFlag | OpcodeMask)) != ResponseFlag
            || !read.TryReadQuestions(bytes, ref reader, questions))
        {
            return false;
        }

        read.Id = id;
        read.IsTruncated = (flags & TruncatedFlag) != 0;
        read.Code = (DnsResponseCode)(flags & CodeMask);

        // A truncated message may end in the middle of a record; it is not used, but it says that the server lives.
        if (read.TryReadRecords(bytes, ref reader, answers, read._answers)
            && read.TryReadRecords(bytes, ref reader, authorities, read._authorities))
        {
            message = read;
        }
        else if (read.IsTruncated)
        {
            message = read;
        }

        return message is not null;
    }

    private bool TryReadQuestions(ReadOnlySpan<byte> bytes, ref WireReader reader, int count)
    {
        for (int index = 0; index < count; index++)
        {
            if (!DnsName.TryRead(bytes, ref reader, bytes.Length - reader.Remaining, out string? name)
                || !reader.TryReadUInt16(out ushort type)
                || !reader.TryReadUInt16(out ushort space))
            {
                return false;
            }

            bool isOurs = count == 1 && name is not null && (space & ~MulticastBit) == Internet;
            Question = isOurs ? new DnsQuestion(name!, (DnsRecordType)type) : null;
        }

        return true;
    }

    private bool TryReadRecords(ReadOnlySpan<byte> bytes, ref WireReader reader, int count, List<DnsRecord> records)
    {
        // No count makes this loop longer than the message: each record takes bytes of it.
        for (int index = 0; index < count; index++)
        {
            if (!DnsName.TryRead(bytes, ref reader, bytes.Length - reader.Remaining, out string? name)
                || !reader.TryReadUInt16(out ushort type)
                || !reader.TryReadUInt16(out ushort space)
                || !reader.TryReadUInt32(out uint seconds)
                || !reader.TryReadUInt16(out ushort length))
            {
                return false;
            }

            int start = bytes.Length - reader.Remaining;
            if (!reader.TryTake(length, out _))
            {
                return false;
            }

            // RFC 2181 section 8: a time with the highest bit set is none.
            seconds = seconds > int.MaxValue ? 0 : seconds;
            if (name is not null && (space & ~MulticastBit) == Internet && records.Count < DnsLimits.Records
                && ReadData(bytes[..(start + length)], start, name, (DnsRecordType)type, seconds) is { } record)
            {
                records.Add(record);
            }
        }

        return true;
    }

    /// <summary>The record with its data, which end where the bytes do; null when they are not as they should be.</summary>
    private static DnsRecord? ReadData(ReadOnlySpan<byte> bytes, int start, string name, DnsRecordType type, uint seconds)
    {
        WireReader reader = new(bytes[start..]);
        DnsRecord? record = type switch
        {
            DnsRecordType.A when reader.TryReadUInt32(out uint address) =>
                new AddressRecord(name, type, seconds, NetworkEndpoint.FromIPv4(address, 0)),
            DnsRecordType.Aaaa when reader.TryReadUInt64(out ulong high) && reader.TryReadUInt64(out ulong low) =>
                new AddressRecord(name, type, seconds, new NetworkEndpoint(new UInt128(high, low), 0)),
            DnsRecordType.Cname when TryReadName(bytes, ref reader, out string? target) => new AliasRecord(name, seconds, target),
            DnsRecordType.Soa => ReadZone(bytes, ref reader, name, seconds),
            DnsRecordType.Srv => ReadService(bytes, ref reader, name, seconds),
            DnsRecordType.Naptr => ReadPointer(bytes, ref reader, name, seconds),
            _ => null,
        };
        return reader.AtEnd ? record : null;
    }

    private static ZoneRecord? ReadZone(ReadOnlySpan<byte> bytes, ref WireReader reader, string name, uint seconds)
    {
        // The two names are a server and a mailbox, and between them and MINIMUM lie four numbers for secondary servers.
        const int Between = 4 * sizeof(uint);
        return DnsName.TryRead(bytes, ref reader, bytes.Length - reader.Remaining, out _)
            && DnsName.TryRead(bytes, ref reader, bytes.Length - reader.Remaining, out _)
            && reader.TryTake(Between, out _)
            && reader.TryReadUInt32(out uint minimum)
            ? new ZoneRecord(name, seconds, minimum)
            : null;
    }

    private static ServiceRecord? ReadService(ReadOnlySpan<byte> bytes, ref WireReader reader, string name, uint seconds) =>
        reader.TryReadUInt16(out ushort priority)
            && reader.TryReadUInt16(out ushort weight)
            && reader.TryReadUInt16(out ushort port)
            && TryReadName(bytes, ref reader, out string? target)
            ? new ServiceRecord(name, seconds, priority, weight, port, target)
            : null;

    private static PointerRecord? ReadPointer(ReadOnlySpan<byte> bytes, ref WireReader reader, string name, uint seconds) =>
        reader.TryReadUInt16(out ushort order)
            && reader.TryReadUInt16(out ushort preference)
            && reader.TryTakeVector8(out ReadOnlySpan<byte> flags)
            && reader.TryTakeVector8(out ReadOnlySpan<byte> services)
            && reader.TryTakeVector8(out ReadOnlySpan<byte> expression)
            && TryReadName(bytes, ref reader, out string? replacement)
            ? new PointerRecord(name, seconds, order, preference, Capitals(flags), Capitals(services), !expression.IsEmpty, replacement)
            : null;

    private static bool TryReadName(ReadOnlySpan<byte> bytes, ref WireReader reader, [NotNullWhen(true)] out string? name) =>
        DnsName.TryRead(bytes, ref reader, bytes.Length - reader.Remaining, out name) && name is not null;

    private static string Capitals(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text).ToUpperInvariant();
}
