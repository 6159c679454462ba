using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>What came of fuzzing one target.</summary>
internal sealed record FuzzResult(string Target, long Inputs, TimeSpan Time, int Kept, long MostAllocated, TimeSpan Longest, string? Problem);

/// <summary>Gives one target inputs for a time, and judges what each of them costs.</summary>
/// <param name="target">The target.</param>
/// <param name="corpus">The inputs to begin with.</param>
/// <param name="seed">Where all choices come from.</param>
internal sealed class FuzzRun(IFuzzTarget target, IReadOnlyList<FuzzInput> corpus, int seed)
{
    /// <summary>
    /// CPU that an input may take, at the third time: a hundred times what an honest one does, and less than a person hears of it.
    /// </summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(50);

    /// <summary>An input that takes so long on the wall clock hangs, however busy the machine is.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Inputs that led to something new are kept up to this number; then each new one takes the place of another.</summary>
    private const int MostKept = 4000;

    /// <summary>How much more the heap may hold at the end than after the first inputs: what the inputs kept here may take, and some.</summary>
    private const long HeapGrowth = 64 << 20;

    private readonly List<FuzzInput> _known = [.. corpus];
    private readonly HashSet<ulong> _signatures = [];
    private readonly Random _random = new(seed);
    private FuzzInput _current = new([]);
    private long _inputs;
    private long _mostAllocated;
    private TimeSpan _longest;
    private string? _problem;

    /// <summary>Runs for a time, or until something is wrong.</summary>
    public FuzzResult Run(TimeSpan time)
    {
        Mutator mutator = new(_random);
        Stopwatch clock = Stopwatch.StartNew();
        using Timer watchdog = new(_ => WatchForHang(), null, Hang, Hang);
        foreach (FuzzInput input in corpus)
        {
            Try(input);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        while (_problem is null && clock.Elapsed < time)
        {
            Try(mutator.Mutate(_known, target.IsText));
        }

        // What the run remembers of what it has seen is none of the target's.
        _signatures.Clear();
        _signatures.TrimExcess();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        _problem ??= grown > HeapGrowth ? $"the heap grew by {grown >> 20} MB" : null;
        return new FuzzResult(target.Name, _inputs, clock.Elapsed, _known.Count - corpus.Count, _mostAllocated, _longest, _problem);
    }

    /// <summary>Gives the target one input; what is wrong with what came of it, or null.</summary>
    public string? Try(FuzzInput input)
    {
        _current = input;
        try
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = ThreadClock.Now;
            ulong signature = target.Run(input);
            TimeSpan taken = ThreadClock.Now - start;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Interlocked.Increment(ref _inputs);
            _mostAllocated = Math.Max(_mostAllocated, allocated);
            taken = taken > LongestRun ? TimeAgain(input, taken) : taken;
            _longest = taken > _longest ? taken : _longest;
            Fail(taken > LongestRun ? $"took {taken.TotalMilliseconds:F0} ms of CPU" : null);
            Fail(allocated > target.AllocationLimit ? $"allocated {allocated} bytes" : null);
            if (_signatures.Add(signature))
            {
                Keep(input);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fail(exception.ToString());
        }

        return _problem;
    }

    // The first time a method has to be compiled, and a collection of garbage may fall into any one.
    private TimeSpan TimeAgain(FuzzInput input, TimeSpan taken)
    {
        for (int time = 0; time < 2 && taken > LongestRun; time++)
        {
            TimeSpan start = ThreadClock.Now;
            _ = target.Run(input);
            TimeSpan again = ThreadClock.Now - start;
            taken = again < taken ? again : taken;
        }

        return taken;
    }

    private void Keep(FuzzInput input)
    {
        if (_known.Count < MostKept)
        {
            _known.Add(input);
        }
        else
        {
            _known[corpus.Count + _random.Next(MostKept - corpus.Count)] = input;
        }
    }

    private void Fail(string? problem)
    {
        if (problem is not null && _problem is null)
        {
            _problem = problem;
            Save();
        }
    }

    private void Save()
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{target.Name}-{seed}.hex");
        _current.Save(path, $"{target.Name}, seed {seed}, input {_inputs}");
        Console.WriteLine($"{target.Name}: seed {seed}, input {_inputs}, kept in {path}");
    }

    private long _inputsSeen = -1;

    private void WatchForHang()
    {
        long inputs = Interlocked.Read(ref _inputs);
        if (inputs == _inputsSeen)
        {
            Save();
            Console.WriteLine($"{target.Name}: hangs");
            Environment.Exit(1);
        }

        _inputsSeen = inputs;
    }
}
