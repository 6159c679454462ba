using System;
using System.Collections.Generic;
using System.Linq;

namespace IntercomAgent.Tests.Bench.Traces;

/// <summary>What a network does to a call of two minutes: for each packet how many milliseconds it travels, or that it is lost.</summary>
/// <param name="Name">What the network is like.</param>
/// <param name="Seed">What its chance was drawn with.</param>
/// <param name="Delays">For each packet, in milliseconds; negative for a loss.</param>
/// <param name="DriftPpm">By how many millionths the sender's clock is faster.</param>
internal sealed record NetworkTrace(string Name, int Seed, double[] Delays, double DriftPpm = 0)
{
    /// <summary>The shortest way, in milliseconds: what any buffer's delay is counted from.</summary>
    public const double Shortest = 30;

    /// <summary>Milliseconds of sound in a packet.</summary>
    public const int PacketMilliseconds = 20;

    private const int Packets = 6000;
    private const string Seldom = "Wi-Fi: 200 ms at a time, seldom";

    /// <summary>All that is measured, the easiest first.</summary>
    public static IEnumerable<NetworkTrace> All { get; } =
    [
        Make("constant", 1, (_, _) => Shortest),
        Make("drift of 300 ppm", 2, (_, random) => Shortest + (5 * random.NextDouble()), driftPpm: 300),
        Make("jitter of 40 ms", 3, (_, random) => Shortest + (40 * random.NextDouble())),
        Make("5 % lost", 4, (_, random) => random.Next(100) < 5 ? -1 : Shortest + (10 * random.NextDouble())),
        Make("20 % lost", 5, (_, random) => random.Next(100) < 20 ? -1 : Shortest + (10 * random.NextDouble())),
        Bursts(6),
        Make("every 10th 50 ms late", 7, (packet, random) => Shortest + (5 * random.NextDouble()) + (packet % 10 == 0 ? 50 : 0)),
        Spikes("Wi-Fi: 200 ms at a time, often", 8, 250),
        Spikes(Seldom, 9, 1500),
    ];

    /// <summary>Those in which 24 seconds have all that is typical of them.</summary>
    public static IEnumerable<NetworkTrace> Short => All.Where(static trace => trace.Name != Seldom);

    private static NetworkTrace Make(string name, int seed, Func<int, Random, double> delay, double driftPpm = 0)
    {
        Random random = new(seed);
        double[] delays = new double[Packets];
        for (int packet = 0; packet < Packets; packet++)
        {
            delays[packet] = delay(packet, random);
        }

        return new NetworkTrace(name, seed, delays, driftPpm);
    }

    /// <summary>Gilbert's and Elliott's two states: good ones last a second, bad ones 80 ms, in which three of four packets are lost.</summary>
    private static NetworkTrace Bursts(int seed)
    {
        bool isBad = false;
        return Make("losses in bursts", seed, (_, random) =>
        {
            isBad = isBad ? random.NextDouble() >= 0.25 : random.NextDouble() < 0.02;
            return isBad && random.NextDouble() < 0.75 ? -1 : Shortest + (10 * random.NextDouble());
        });
    }

    /// <summary>Now and then nothing comes for up to 200 ms, and then all of it at once; packets overtake nobody.</summary>
    private static NetworkTrace Spikes(string name, int seed, int interval)
    {
        int stalled = 0;
        return Make(name, seed, (_, random) =>
        {
            stalled = stalled > 0 ? stalled - 1 : random.Next(interval) == 0 ? random.Next(5, 11) : 0;
            return Shortest + (stalled * PacketMilliseconds) + (5 * random.NextDouble());
        });
    }
}
