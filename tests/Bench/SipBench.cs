using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// SIP messages read per second of a core, and what reading one leaves in memory: a registration, an INVITE, its 200 and a BYE in turn. Both
/// sides find the start line, every header line, and the parts of Via, From, To, CSeq and Content-Length.
/// </summary>
internal static class SipBench
{
    private const int Passes = 20_000;
    private const int Runs = 5;
    private const string Peer = "libre, baresip's library";

    public static IEnumerable<Row> Measure()
    {
        byte[][] messages = SipMessages.All;
        List<double> ours = [];
        List<double> peer = [];
        for (int run = 0; run < Runs; run++)
        {
            ours.Add(Rate(messages, Read));
            peer.Add(Rate(messages, LibReParser.Parse));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Rate(messages, Read);
        double allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / (Passes * messages.Length);
        yield return new("SIP messages read", "1/s", Table.Median(ours), Table.Median(peer), Peer);
        yield return new("SIP message read: allocated", "bytes", allocated, messages.Average(LibReParser.Footprint), Peer);
    }

    private static double Rate(byte[][] messages, Func<byte[], bool> read)
    {
        bool all = true;
        TimeSpan started = ProcessorClock.Now;
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (byte[] message in messages)
            {
                all &= read(message);
            }
        }

        TimeSpan taken = ProcessorClock.Now - started;
        return all
            ? Passes * messages.Length / taken.TotalSeconds
            : throw new InvalidOperationException("a message was refused: what was measured is not reading");
    }

    private static bool Read(byte[] datagram) => SipMessageReader.Read(datagram, out _, out _) == SipReading.Message;
}
