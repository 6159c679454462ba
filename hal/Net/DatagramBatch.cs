using System;

namespace IntercomAgent.Hal.Net;

/// <summary>
/// Room for the datagrams of one receive call: fixed buffers, made once and used for ever. The content is valid until the batch
/// is passed to the next receive call. One batch serves any number of sockets of one loop.
/// </summary>
public sealed class DatagramBatch
{
    /// <summary>
    /// Datagrams a batch holds: more than a call produces between two periods of 20 ms, small enough to be fair to other sockets.
    /// </summary>
    public const int Capacity = 16;

    /// <summary>
    /// Bytes kept of each datagram: more than any Ethernet frame carries, and than SIP over UDP may use; what is longer is dropped.
    /// </summary>
    public const int DatagramSize = 4096;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Capacity * DatagramSize, pinned: true);
    private readonly int[] _lengths = new int[Capacity];
    private readonly NetworkEndpoint[] _senders = new NetworkEndpoint[Capacity];

    /// <summary>Makes the buffers.</summary>
    public DatagramBatch()
    {
        for (int index = 0; index < Capacity; index++)
        {
            Messages.SetBytes(index, Slot(index));
        }
    }

    /// <summary>How many datagrams the batch holds.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The datagram at <paramref name="index"/>, below <see cref="Count"/>. It may be changed in place, as decryption does.
    /// </summary>
    public Span<byte> this[int index] => Slot(index)[.._lengths[index]];

    /// <summary>Who sent the datagram at <paramref name="index"/>.</summary>
    public NetworkEndpoint Sender(int index) => _senders[index];

    /// <summary>Empties the batch: the first step of a socket's receive call.</summary>
    public void Clear() => Count = 0;

    /// <summary>The whole buffer of one slot, for a socket to receive into. It never moves in memory.</summary>
    public Span<byte> Slot(int index) => _bytes.AsSpan(index * DatagramSize, DatagramSize);

    /// <summary>The slots as the kernel wants them.</summary>
    internal MessageArray Messages { get; } = new(Capacity);

    /// <summary>Accepts what was received into the slot <paramref name="from"/> as the next datagram.</summary>
    public void Accept(int from, int length, NetworkEndpoint sender)
    {
        if (from != Count)
        {
            Slot(from)[..length].CopyTo(Slot(Count));
        }

        _lengths[Count] = length;
        _senders[Count] = sender;
        Count++;
    }
}
