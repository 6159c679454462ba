using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// World after world, each from a seed of its own, the next number each time, until so many calls were placed. The first violation ends
/// the walk, with the seed of its world.
/// </summary>
internal sealed class RandomWalk(TextWriter output)
{
    /// <summary>Enough that what a call leaves behind adds up, few enough that a failing world is soon replayed.</summary>
    public const int CallsPerWorld = 250;

    /// <summary>
    /// Bytes by which a station may grow, on average over the worlds, between half of its calls and all of them: lists that reach their
    /// length. It has a part in some 60 calls meanwhile, so that half a kilobyte left by each would be twice as much.
    /// </summary>
    private const long MemoryTolerance = 16 << 10;

    /// <summary>Certificates and keys for the stations of any world.</summary>
    public static readonly DtlsIdentity[] Identities = CreateIdentities();

    private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
    private readonly List<long> _growth = [];
    private int _worlds;
    private int _calls;
    private int _begun;
    private int _secured;
    private int _heard;
    private int _strikes;
    private long _datagrams;

    /// <summary>Walks; whether all was well.</summary>
    public bool Run(int calls, int seed)
    {
        output.WriteLine($"seed {seed}");
        for (int world = seed; _calls < calls; world++)
        {
            if (!RunWorld(world, Math.Min(CallsPerWorld, calls - _calls), trace: null))
            {
                return false;
            }
        }

        Print();
        return IsMemoryLevel();
    }

    /// <summary>Runs the world of one seed and writes each of its events; whether all was well.</summary>
    public bool Trace(int seed) => RunWorld(seed, CallsPerWorld, output);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown in a simulated world is a finding, and its seed leads back to it.")]
    private bool RunWorld(int seed, int calls, TextWriter? trace)
    {
        SimulatedMachine? clock = null;
        Action<string, string>? tell = trace is null ? null : (who, what) => trace.WriteLine($"{clock?.Now / 1e9:F6} {who}: {what}");
        using Neighbourhood world = new(seed, Identities, tell);
        clock = world.Machine;
        try
        {
            world.Run(calls);
        }
        catch (Exception problem)
        {
            output.WriteLine($"VIOLATION in the world of seed {seed}: {problem.Message}");
            output.WriteLine(problem is ViolationException ? "" : problem.ToString());
            output.WriteLine($"tests/simulate --seed {seed} --trace shows its events in order");
            return false;
        }

        Count(world);
        return true;
    }

    private void Count(Neighbourhood world)
    {
        _calls += world.Placed;
        _datagrams += world.Datagrams;
        _strikes += world.Strikes;
        foreach (Witness witness in world.Witnesses)
        {
            _begun += witness.Begun;
            _secured += witness.Secured;
            _heard += witness.Heard;
            foreach ((string reason, int count) in witness.Ends)
            {
                _ends[reason] = _ends.GetValueOrDefault(reason) + count;
            }
        }

        if (world.MemoryGrowth is { } growth)
        {
            _growth.Add(growth);
        }

        _worlds++;
    }

    private void Print()
    {
        output.WriteLine($"{_calls} calls in {_worlds} worlds, {_datagrams} datagrams, {_strikes} times a door was opened");
        output.WriteLine($"{_begun} ends of calls, {_secured} of them secured, {_heard} of them with a voice; they ended:");
        foreach ((string reason, int count) in _ends)
        {
            output.WriteLine($"{count,9} {reason}");
        }
    }

    private bool IsMemoryLevel()
    {
        long growth = _growth.Count == 0 ? 0 : _growth.Sum() / _growth.Count;
        output.WriteLine($"a station grew by {growth} bytes, on average, in the second half of its calls");
        if (growth > MemoryTolerance)
        {
            output.WriteLine("VIOLATION: memory grows");
        }

        return growth <= MemoryTolerance;
    }

    /// <summary>A station keeps its identity for life; making one costs as much as a call.</summary>
    private static DtlsIdentity[] CreateIdentities()
    {
        SimulatedMachine machine = new(seed: 1);
        DtlsIdentity[] identities = new DtlsIdentity[Mark.Stations];
        for (int index = 0; index < identities.Length; index++)
        {
            identities[index] = DtlsIdentity.Create(new MachineRandom(machine), machine.UnixTime / 1_000_000_000);
        }

        return identities;
    }
}
