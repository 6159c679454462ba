using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>The command line of the walks.</summary>
internal static class WalkCommand
{
    private const int DefaultCalls = 20_000;

    /// <summary>Whether a walk is asked for, and not the tests.</summary>
    public static bool IsMeant(string[] arguments) =>
        arguments.Length > 0 && arguments[0] is "--calls" or "--seed" or "--systematic" or "--trace";

    /// <summary>Walks; the exit status is 0 only when nothing was violated, 2 when the command line is wrong.</summary>
    public static int Run(string[] arguments, TextWriter output)
    {
        if (!TryRead(arguments, out int? calls, out int seed, out bool systematic, out bool trace))
        {
            output.WriteLine("use: tests/simulate [--systematic] [--calls N] [--seed N] [--trace]");
            return 2;
        }

        Stopwatch clock = Stopwatch.StartNew();
        bool isWell = systematic ? RunSystematic(seed, calls, trace, output) : RunRandom(seed, calls, trace, output);
        output.WriteLine($"{(isWell ? "no violation" : "VIOLATED")} in {clock.Elapsed.TotalSeconds:F1} s");
        return isWell ? 0 : 1;
    }

    private static bool RunRandom(int seed, int? calls, bool trace, TextWriter output)
    {
        RandomWalk walk = new(output);
        return trace ? walk.Trace(seed) : walk.Run(calls ?? DefaultCalls, seed);
    }

    private static bool RunSystematic(int seed, int? calls, bool trace, TextWriter output)
    {
        SystematicWalk walk = new(output);
        return trace ? walk.Trace(seed) : calls is { } sample ? walk.RunSample(sample, seed) : walk.RunAll();
    }

    private static bool TryRead(string[] arguments, out int? calls, out int seed, out bool systematic, out bool trace)
    {
        calls = null;
        seed = Environment.TickCount & 0xFFFFFF;
        systematic = false;
        trace = false;
        for (int index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--systematic":
                    systematic = true;
                    break;
                case "--trace":
                    trace = true;
                    break;
                case "--calls" when TryReadNumber(arguments, ++index, out int number) && number > 0:
                    calls = number;
                    break;
                case "--seed" when TryReadNumber(arguments, ++index, out int number):
                    seed = number;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool TryReadNumber(string[] arguments, int index, out int number)
    {
        number = 0;
        return index < arguments.Length && int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
