using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>The readers of RTCP packets with extended reports, of RTP packets and telephone events by themselves, without the engines that would drop most early.</summary>
internal sealed class RtcpTarget : IFuzzTarget
{
    public string Name => "rtcp";

    public bool IsText => false;

    public long AllocationLimit => 1 << 20;

    public IEnumerable<FuzzInput> Seeds() => [.. new MediaTarget().Seeds(), new FuzzInput([ExtendedReport()])];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        TelephoneEventReceiver events = new(8000);
        foreach (byte[] datagram in input.Datagrams)
        {
            signature.Add((int)MediaDatagram.Classify(datagram));
            signature.Add(RtcpReader.IsValid(datagram) ? 1 : 0);
            ReadPackets(datagram, ref signature);
            if (RtpPacket.TryRead(datagram, out RtpPacket packet))
            {
                signature.Add(packet.Extension.Length > 0 ? 2 : 1);
                signature.Add(packet.ContributingSources.Length);
                signature.Add(events.TryReceive(packet.Payload, packet.Header.Timestamp, out _) ? 1 : 0);
            }
        }

        signature.AddCount(events.Malformed);
        return signature.Value;
    }

    /// <summary>An empty receiver report, and an extended one with each block that is read and one that is not known.</summary>
    private static byte[] ExtendedReport()
    {
        const int BlocksSize = XrBlock.HeaderSize + StatisticsSummary.Size + VoipMetrics.Size;
        WireWriter writer = new(new byte[16 + BlocksSize]);
        writer.Write([0x80, (byte)RtcpPacketType.ReceiverReport, 0, 1, 0, 0, 0, 2, 0x80, (byte)RtcpPacketType.ExtendedReport]);
        writer.WriteUInt16((ushort)((BlocksSize / sizeof(uint)) + 1));
        writer.WriteUInt32(2);
        XrBlock.WriteHeader(ref writer, (XrBlockType)1, 0, XrBlock.HeaderSize);
        new StatisticsSummary(new Ssrc(1), XrStatistics.All, new(9), new(77), 1, 2, 10, 40, 25, 11).Write(ref writer);
        new VoipMetrics { Source = new Ssrc(1), LossRate = 12, RatingFactor = 91, ConversationScore = 41 }.Write(ref writer);
        return writer.Written.ToArray();
    }

    private static void ReadBlocks(ReadOnlySpan<byte> body, ref Signature signature)
    {
        XrReader blocks = new(body.Length < sizeof(uint) ? default : body[sizeof(uint)..]);
        int summaries = 0;
        int metrics = 0;
        int others = 0;
        while (blocks.TryRead(out XrBlock block))
        {
            bool isSummary = StatisticsSummary.TryRead(block, out _);
            bool isMetrics = VoipMetrics.TryRead(block, out _);
            summaries += isSummary ? 1 : 0;
            metrics += isMetrics ? 1 : 0;
            others += isSummary || isMetrics ? 0 : 1;
        }

        // In which order they come is all the same to who reads them one by one.
        signature.AddCount(summaries);
        signature.AddCount(metrics);
        signature.AddCount(others);
    }

    private static void ReadPackets(byte[] datagram, ref Signature signature)
    {
        RtcpReader packets = new(datagram);
        while (packets.TryRead(out RtcpPacket packet))
        {
            signature.Add((int)packet.Type);
            signature.Add(packet.Count);
            ReadBlocks(packet.Body, ref signature);
            WireReader reader = new(packet.Body);
            signature.Add(SenderReport.TryRead(ref reader, out _) ? 1 : 0);
            signature.Add(ReceptionReport.TryRead(ref reader, out _) ? 1 : 0);
        }
    }
}
