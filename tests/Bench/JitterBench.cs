using System.Collections.Generic;
using System.Globalization;
using IntercomAgent.Demo;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Traces;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// What jitter buffers make of networks of every kind, two minutes of each, with packets of 20 ms and periods of 10: the delay that they
/// add to the shortest way, from a packet that was sent to what is played of it; how much of the sound is made up or missing; and how many
/// packets came and were not heard. A buffer that adds less delay than the network's own jitter must make up for it.
/// </summary>
internal static class JitterBench
{
    private const int PeriodMilliseconds = 10;
    private const string Peer = "libre + librem, as baresip sets them";

    public static IEnumerable<Row> Measure()
    {
        short[] speech = DemoSpeech.Indoors();
        foreach (NetworkTrace trace in NetworkTrace.All)
        {
            using OurBuffer ours = new(speech);
            using LibReBuffer peer = new();
            Outcome our = Run(trace, ours);
            Outcome its = Run(trace, peer);
            string name = string.Create(CultureInfo.InvariantCulture, $"{trace.Name} (seed {trace.Seed})");
            yield return new($"{name}: delay", "ms", our.Delay, its.Delay, Peer);
            yield return new("  made up or missing", "%", our.Missing, its.Missing, Peer);
            yield return new("  came and was not heard", "%", our.Unheard, its.Unheard, Peer);
        }
    }

    private static Outcome Run(NetworkTrace trace, ITracedBuffer buffer)
    {
        PriorityQueue<int, (double Time, int Packet)> underway = new();
        double pace = 1 - (trace.DriftPpm / 1e6);
        int came = 0;
        for (int packet = 0; packet < trace.Delays.Length; packet++)
        {
            if (trace.Delays[packet] >= 0)
            {
                underway.Enqueue(packet, (((packet + 1) * NetworkTrace.PacketMilliseconds * pace) + trace.Delays[packet], packet));
                came++;
            }
        }

        double sum = 0;
        int heard = 0;
        int missing = 0;
        double end = trace.Delays.Length * NetworkTrace.PacketMilliseconds * pace;
        for (double now = 7; now < end; now += PeriodMilliseconds)
        {
            while (underway.TryPeek(out int packet, out (double Time, int Packet) next) && next.Time < now)
            {
                _ = underway.Dequeue();
                buffer.Receive(packet, next.Time - (now - PeriodMilliseconds));
            }

            if (buffer.Play() is { } place)
            {
                sum += now - NetworkTrace.PacketMilliseconds - (place * pace) - NetworkTrace.Shortest;
                heard++;
            }
            else if (heard > 0)
            {
                missing++;
            }
        }

        return new Outcome(sum / heard, 100.0 * missing / (heard + missing), 100.0 * buffer.Unheard / came);
    }

    private sealed record Outcome(double Delay, double Missing, double Unheard);
}
