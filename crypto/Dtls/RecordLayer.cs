using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// Numbers, protects and opens records (RFC 6347 section 4.1). Epoch 0 is plain; epoch 1 is there once keys are installed. There is
/// no epoch 2, for there is no renegotiation.
/// </summary>
internal sealed class RecordLayer : IDisposable
{
    // What comes under keys is a Finished message or an alert, under 100 bytes; a datagram's worth leaves room for all else.
    private const int MaximumProtectedFragment = 2048;

    private readonly byte[] _opened = new byte[MaximumProtectedFragment];
    private readonly ulong[] _nextSequenceNumbers = new ulong[2];
    private RecordProtection? _read;
    private RecordProtection? _write;
    private ReplayWindow _window;

    /// <summary>Whether epoch 1 has keys.</summary>
    public bool HasKeys => _read is not null;

    /// <summary>By how many bytes a record of this epoch is longer than its content, at the most.</summary>
    public int Overhead(ushort epoch) => RecordHeader.Length + (epoch == 0 ? 0 : _write!.MaximumOverhead);

    /// <summary>
    /// Continues the plain sequence numbers at a ClientHello's: RFC 6347 section 4.2.1 wants a server that answered without keeping
    /// state to do so, lest it use a number twice.
    /// </summary>
    public void ContinueAt(ulong sequenceNumber) => _nextSequenceNumbers[0] = sequenceNumber;

    /// <summary>Gives epoch 1 its keys; this layer wipes them at its end.</summary>
    public void InstallKeys(RecordProtection read, RecordProtection write)
    {
        _read = read;
        _write = write;
    }

    /// <summary>Writes one record.</summary>
    public void Write(ref WireWriter writer, ushort epoch, ContentType type, scoped ReadOnlySpan<byte> content)
    {
        // An endpoint sends some dozens of records; its owner closes it long before 2^48.
        RecordHeader header = new(type, ProtocolVersion.Dtls12, epoch, _nextSequenceNumbers[epoch]++);
        if (epoch == 0)
        {
            header.Write(ref writer, content.Length);
            writer.Write(content);
        }
        else
        {
            // Keys exist: nobody writes in epoch 1 before they were installed.
            header.Write(ref writer, _write!.ProtectedLength(content.Length));
            _write.Seal(header, content, ref writer);
        }
    }

    /// <summary>
    /// Opens a record of epoch 1 if it is authentic and came for the first time; otherwise the reason why not.
    /// </summary>
    /// <param name="header">The record's header.</param>
    /// <param name="fragment">What followed it; stays as it is.</param>
    /// <param name="plaintext">The content, valid until the next record is opened.</param>
    /// <param name="isNewest">Whether no later record has come before.</param>
    public DtlsDropReason? TryOpen(
        RecordHeader header, ReadOnlySpan<byte> fragment, out ReadOnlySpan<byte> plaintext, out bool isNewest)
    {
        plaintext = default;
        // RFC 6347 section 4.1: the number has 48 bits.
        long number = (long)header.SequenceNumber;
        isNewest = _window.IsNewest(number);
        if (!_window.IsFresh(number))
        {
            return DtlsDropReason.Replayed;
        }

        if (fragment.Length > _opened.Length)
        {
            return DtlsDropReason.TooLong;
        }

        fragment.CopyTo(_opened);
        if (_read is null || !_read.TryOpen(header, _opened.AsSpan(0, fragment.Length), out plaintext))
        {
            return DtlsDropReason.BadRecord;
        }

        _window.Add(number);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _read?.Dispose();
        _write?.Dispose();
    }
}
