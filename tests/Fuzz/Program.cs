using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>Gives all that reads the network what no peer would send: <c>tests/fuzz</c> says how.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        double seconds = 20;
        int seed = Environment.TickCount & int.MaxValue;
        List<IFuzzTarget> targets = [];
        for (int at = 0; at < arguments.Length; at++)
        {
            string argument = arguments[at];
            if (argument is "--seconds" or "--seed" && at + 1 < arguments.Length
                && double.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out double number))
            {
                seconds = argument == "--seconds" ? number : seconds;
                seed = argument == "--seed" ? (int)number : seed;
                at++;
            }
            else if (File.Exists(argument))
            {
                return Replay(argument);
            }
            else if (FuzzTargets.All.FirstOrDefault(target => target.Name == argument) is { } target)
            {
                targets.Add(target);
            }
            else
            {
                Console.Error.WriteLine($"tests/fuzz [--seconds N] [--seed N] [TARGET]... or FILE; '{argument}' is none of these");
                Console.Error.WriteLine($"targets: {string.Join(' ', FuzzTargets.All.Select(static target => target.Name))}");
                return 2;
            }
        }

        return RunAll(targets.Count == 0 ? FuzzTargets.All : targets, seconds, seed);
    }

    private static int RunAll(IReadOnlyList<IFuzzTarget> targets, double seconds, int seed)
    {
        Console.WriteLine($"seed {seed}, {seconds} s in all");
        bool isGood = true;
        foreach (IFuzzTarget target in targets)
        {
            FuzzResult result = new FuzzRun(target, Corpus.Of(target), seed).Run(TimeSpan.FromSeconds(seconds / targets.Count));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target,-12} {result.Inputs,9} inputs, {result.Inputs / result.Time.TotalSeconds,6:F0} a second, {result.Kept} kept;")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $" at most {result.MostAllocated / 1024} kB and {result.Longest.TotalMilliseconds:F1} ms of CPU"));
            if (result.Problem is not null)
            {
                Console.WriteLine($"{target.Name} FAILED: {result.Problem}");
                isGood = false;
            }
        }

        return isGood ? 0 : 1;
    }

    /// <summary>The name of the file, or of its folder, says which target it is for, or whose name it begins.</summary>
    private static int Replay(string file)
    {
        string name = Path.GetFileName(file);
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? "";
        IFuzzTarget? target = FuzzTargets.All.FirstOrDefault(target => name.StartsWith(target.Name + '-', StringComparison.Ordinal))
            ?? FuzzTargets.All.FirstOrDefault(target => folder == target.Name)
            ?? FuzzTargets.All.FirstOrDefault(target => target.Name.StartsWith(folder + '-', StringComparison.Ordinal));
        if (target is null)
        {
            Console.Error.WriteLine($"neither {name} nor its folder is named after a target");
            return 2;
        }

        string? problem = new FuzzRun(target, [], 0).Try(FuzzInput.Load(file));
        Console.WriteLine($"{target.Name}: {problem ?? "nothing is wrong"}");
        return problem is null ? 0 : 1;
    }
}
