using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>The array of messages that recvmmsg and sendmmsg work on: made once, at a place in memory that does not move.</summary>
internal sealed unsafe class MessageArray
{
    private readonly MultipleMessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly byte[] _addresses;

    public MessageArray(int capacity)
    {
        _headers = GC.AllocateArray<MultipleMessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        _addresses = GC.AllocateArray<byte>(capacity * KernelAddress.MaximumSize, pinned: true);
        for (int index = 0; index < capacity; index++)
        {
            ref MessageHeader header = ref _headers[index].Header;
            header.Name = (byte*)Unsafe.AsPointer(ref _addresses[index * KernelAddress.MaximumSize]);
            header.Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[index]);
            header.VectorCount = 1;
        }
    }

    /// <summary>The message at <paramref name="index"/>, for the kernel.</summary>
    public MultipleMessageHeader* At(int index) => (MultipleMessageHeader*)Unsafe.AsPointer(ref _headers[index]);

    /// <summary>The message's address: <see cref="KernelAddress"/> reads and writes it.</summary>
    public Span<byte> Address(int index) => _addresses.AsSpan(index * KernelAddress.MaximumSize, KernelAddress.MaximumSize);

    /// <summary>Where the message's bytes lie: in pinned memory that lives as long as this array.</summary>
    public void SetBytes(int index, Span<byte> pinned)
    {
        _vectors[index].Start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
        _vectors[index].Length = (nuint)pinned.Length;
    }

    /// <summary>How long the message's address is, or may be.</summary>
    public void SetAddressLength(int index, int length) => _headers[index].Header.NameLength = (uint)length;
}
