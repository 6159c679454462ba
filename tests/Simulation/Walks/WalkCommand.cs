using System.Diagnostics;
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
        WalkOptions options = new();
        if (!options.TryRead(arguments))
        {
            output.WriteLine("use: tests/simulate [--systematic [--part K/N]] [--calls N] [--seed N] [--trace]");
            return 2;
        }

        Stopwatch clock = Stopwatch.StartNew();
        bool isWell = options.IsSystematic ? RunSystematic(options, output) : RunRandom(options, output);
        output.WriteLine($"{(isWell ? "no violation" : "VIOLATED")} in {clock.Elapsed.TotalSeconds:F1} s");
        return isWell ? 0 : 1;
    }

    private static bool RunRandom(WalkOptions options, TextWriter output)
    {
        RandomWalk walk = new(output);
        return options.IsTraced ? walk.Trace(options.Seed) : walk.Run(options.Calls ?? DefaultCalls, options.Seed);
    }

    private static bool RunSystematic(WalkOptions options, TextWriter output)
    {
        SystematicWalk walk = new(output);
        return options.IsTraced ? walk.Trace(options.Seed)
            : options.Calls is { } sample ? walk.RunSample(sample, options.Seed)
            : walk.RunAll(options.Part, options.Parts);
    }
}
