using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Rtp;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>The readers of RTCP packets, RTP packets and telephone events by themselves, without the engines that would drop most early.</summary>
internal sealed class RtcpTarget : IFuzzTarget
{
    public string Name => "rtcp";

    public bool IsText => false;

    public long AllocationLimit => 1 << 20;

    public IEnumerable<FuzzInput> Seeds() => new MediaTarget().Seeds();

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

    private static void ReadPackets(byte[] datagram, ref Signature signature)
    {
        RtcpReader packets = new(datagram);
        while (packets.TryRead(out RtcpPacket packet))
        {
            signature.Add((int)packet.Type);
            signature.Add(packet.Count);
            WireReader reader = new(packet.Body);
            signature.Add(SenderReport.TryRead(ref reader, out _) ? 1 : 0);
            signature.Add(ReceptionReport.TryRead(ref reader, out _) ? 1 : 0);
        }
    }
}
