using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using IntercomAgent.Tests.Bench.Traces;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>
/// What baresip 1.0 plays from: libre's jitter buffer, of which each packet that comes lets one out, and librem's audio buffer behind it,
/// both as baresip sets them up unless its configuration says otherwise. Each sample bears the number of its packet.
/// </summary>
internal sealed unsafe partial class LibReBuffer : ITracedBuffer
{
    private const string Re = "libre.so.0";
    private const string Rem = "librem.so.0";

    // baresip's "jitter_buffer_delay 5-10" in frames, and "audio_buffer 20-160" in milliseconds.
    private const uint LeastFrames = 5;
    private const uint MostFrames = 10;
    private const nuint LeastOctets = 20 * 16;
    private const nuint MostOctets = 160 * 16;

    private const int Packet = 160;
    private const int Period = 80;

    private readonly short[] _samples = new short[Packet];
    private readonly short[] _period = new short[Period];
    private readonly HashSet<int> _heard = [];
    private nint _frames;
    private nint _sound;
    private int _received;

    /// <summary>Empty buffers.</summary>
    public LibReBuffer()
    {
        if (jbuf_alloc(out _frames, LeastFrames, MostFrames) != 0 || aubuf_alloc(out _sound, LeastOctets, MostOctets) != 0)
        {
            throw new InvalidOperationException("libre has no memory");
        }
    }

    /// <inheritdoc/>
    public int Unheard => _received - _heard.Count;

    /// <inheritdoc/>
    public void Receive(int packet, double elapsed)
    {
        _received++;
        RtpHeader header = new() { Version = 2, Sequence = (ushort)packet, Timestamp = (uint)(packet * Packet), Source = 1 };
        nint memory = mem_zalloc(sizeof(int), 0);
        *(int*)memory = packet;
        _ = jbuf_put(_frames, &header, memory);
        _ = mem_deref(memory);
        if (jbuf_get(_frames, &header, out nint frame) == 0)
        {
            Array.Fill(_samples, (short)(*(int*)frame + 1));
            _ = mem_deref(frame);
            fixed (short* samples = _samples)
            {
                _ = aubuf_write(_sound, samples, Packet * sizeof(short));
            }
        }
    }

    /// <inheritdoc/>
    public double? Play()
    {
        fixed (short* samples = _period)
        {
            aubuf_read(_sound, samples, Period * sizeof(short));
        }

        int packet = _period[0] - 1;
        if (packet < 0)
        {
            return null;
        }

        // A packet takes two periods: the second one of them has been heard before.
        bool isSecond = !_heard.Add(packet);
        return (packet * NetworkTrace.PacketMilliseconds) + (isSecond ? NetworkTrace.PacketMilliseconds / 2 : 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = mem_deref(_frames);
        _ = mem_deref(_sound);
        (_frames, _sound) = (0, 0);
    }

    [LibraryImport(Re)]
    private static partial int jbuf_alloc(out nint buffer, uint least, uint most);

    [LibraryImport(Re)]
    private static partial int jbuf_put(nint buffer, RtpHeader* header, nint memory);

    [LibraryImport(Re)]
    private static partial int jbuf_get(nint buffer, RtpHeader* header, out nint memory);

    [LibraryImport(Re)]
    private static partial nint mem_zalloc(nuint size, nint destructor);

    [LibraryImport(Re)]
    private static partial nint mem_deref(nint memory);

    [LibraryImport(Rem)]
    private static partial int aubuf_alloc(out nint buffer, nuint least, nuint most);

    [LibraryImport(Rem)]
    private static partial int aubuf_write(nint buffer, short* samples, nuint size);

    [LibraryImport(Rem)]
    private static partial void aubuf_read(nint buffer, short* samples, nuint size);

    /// <summary>struct rtp_header of re_rtp.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RtpHeader
    {
        public byte Version;
        public byte Padding;
        public byte Extension;
        public byte ContributorCount;
        public byte Marker;
        public byte PayloadType;
        public ushort Sequence;
        public uint Timestamp;
        public uint Source;
        public fixed uint Contributors[16];
        public ushort ExtensionType;
        public ushort ExtensionLength;
    }
}
