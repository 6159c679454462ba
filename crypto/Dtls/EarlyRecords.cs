using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// Encrypted records that came before their keys: a Finished message shares a datagram with the key exchange, whose public-key
/// operations still wait for their turn. What finds no room is sent again by its sender.
/// </summary>
internal sealed class EarlyRecords
{
    // One Finished, cut and repeated, needs a few; nothing here has been proven authentic.
    private const int Capacity = 8;
    private const int MaximumLength = 512;

    private readonly Queue<EarlyRecord> _records = [];

    /// <summary>Keeps a copy of the record; false if there is no room.</summary>
    public bool TryAdd(RecordHeader header, ReadOnlySpan<byte> fragment, TransportPath from)
    {
        if (_records.Count == Capacity || fragment.Length > MaximumLength)
        {
            return false;
        }

        _records.Enqueue(new EarlyRecord(header, fragment.ToArray(), from));
        return true;
    }

    /// <summary>Hands out the oldest record.</summary>
    public bool TryTake(out EarlyRecord record) => _records.TryDequeue(out record);

    /// <summary>A record as it came.</summary>
    internal readonly record struct EarlyRecord(RecordHeader Header, byte[] Fragment, TransportPath From);
}
