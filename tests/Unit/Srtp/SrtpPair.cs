using System;
using System.Buffers.Binary;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

/// <summary>A sender and the receiver that has its keys, with packets to hand between them.</summary>
internal sealed class SrtpPair : IDisposable
{
    public const uint Ssrc = 0xCAFE_BABE;
    public const int PayloadLength = 20;

    public SrtpPair(SrtpProfile profile)
    {
        byte[] block = new byte[SrtpKeys.BlockLength(profile)];
        new Random(5764).NextBytes(block);
        using SrtpKeys keys = new(profile, block);
        Sender = keys.CreateSender(isClient: true);
        Receiver = keys.CreateReceiver(isClient: false);
    }

    public static TheoryData<SrtpProfile> Profiles { get; } = [.. Enum.GetValues<SrtpProfile>()];

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    /// <summary>A plain RTP packet; its payload depends on its number.</summary>
    public static byte[] PlainRtp(ushort sequenceNumber, uint ssrc = Ssrc, int payloadLength = PayloadLength)
    {
        byte[] packet = new byte[12 + payloadLength];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(12).Fill((byte)(sequenceNumber * 31));
        return packet;
    }

    /// <summary>A plain receiver report.</summary>
    public static byte[] PlainRtcp(uint ssrc = Ssrc)
    {
        byte[] packet = new byte[32];
        packet[0] = 0x81;
        packet[1] = 201;
        packet[3] = 7;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        packet.AsSpan(8).Fill(0x55);
        return packet;
    }

    public byte[] ProtectRtp(ReadOnlySpan<byte> plain)
    {
        byte[] buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        int length = Sender.ProtectRtp(buffer, plain.Length);
        Assert.NotEqual(0, length);
        return buffer[..length];
    }

    public byte[] ProtectRtp(ushort sequenceNumber, uint ssrc = Ssrc) => ProtectRtp(PlainRtp(sequenceNumber, ssrc));

    public byte[] ProtectRtcp(uint ssrc = Ssrc)
    {
        byte[] plain = PlainRtcp(ssrc);
        byte[] buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        int length = Sender.ProtectRtcp(buffer, plain.Length);
        Assert.NotEqual(0, length);
        return buffer[..length];
    }

    /// <summary>The receiver's verdict on a copy of the packet.</summary>
    public SrtpVerdict ReceiveRtp(ReadOnlySpan<byte> packet) => Receiver.UnprotectRtp(packet.ToArray(), out _);

    /// <summary>The receiver's verdict on a copy of the packet.</summary>
    public SrtpVerdict ReceiveRtcp(ReadOnlySpan<byte> packet) => Receiver.UnprotectRtcp(packet.ToArray(), out _);

    /// <summary>The packet arrives and is the plain one that was sent.</summary>
    public void Arrives(byte[] packet, ushort sequenceNumber, uint ssrc = Ssrc)
    {
        byte[] copy = [.. packet];
        Assert.Equal(SrtpVerdict.Accepted, Receiver.UnprotectRtp(copy, out int length));
        Assert.Equal(PlainRtp(sequenceNumber, ssrc), copy[..length]);
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
