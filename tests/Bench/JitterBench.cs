using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using IntercomAgent.Demo;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Traces;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// What jitter buffers make of networks of every kind, two minutes of each, with packets of 20 ms and periods of 10: the delay that they
/// add to the shortest way, from a packet that was sent to what is played of it; how much of the sound is made up or missing; and how many
/// packets came and were not heard. A buffer that adds less delay than the network's own jitter must make up for it. What ours did over time
/// is drawn, a picture for each network.
/// </summary>
internal static class JitterBench
{
    private const int PeriodMilliseconds = 10;
    private const string Peer = "libre + librem, as baresip sets them";

    // Where tests/bench runs, out/ is what is built and no part of the sources.
    private const string Pictures = "out/pictures";

    public static IEnumerable<Row> Measure()
    {
        _ = Directory.CreateDirectory(Pictures);
        short[] speech = DemoSpeech.Indoors();
        foreach (NetworkTrace trace in NetworkTrace.All)
        {
            using OurBuffer ours = new(speech);
            using LibReBuffer peer = new();
            JitterPicture picture = new();
            Outcome our = Run(trace, ours, now => picture.Add(ours.Moment(now)));
            Outcome its = Run(trace, peer, _ => { });
            string name = string.Create(CultureInfo.InvariantCulture, $"{trace.Name} (seed {trace.Seed})");
            Draw(picture, name);
            yield return new($"{name}: delay", "ms", our.Delay, its.Delay, Peer);
            yield return new("  made up or missing", "%", our.Missing, its.Missing, Peer);
            yield return new("  came and was not heard", "%", our.Unheard, its.Unheard, Peer);
        }
    }

    private static void Draw(JitterPicture picture, string name)
    {
        string file = Path.Combine(Pictures, $"jitter, {name.Replace(':', ',')}.svg");
        using StreamWriter writer = new(file);
        picture.Write(writer, $"The agent's jitter buffer: {name}");
        Console.Error.WriteLine(file);
    }

    private static Outcome Run(NetworkTrace trace, ITracedBuffer buffer, Action<double> watch)
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

            watch(now / 1000);

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
