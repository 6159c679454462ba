using System;
using System.Globalization;
using System.IO;
using System.Text.Json;
using IntercomAgent.Hal;

namespace IntercomAgent.Tests.Storm;

/// <summary>The storm, and, started by it, each of its two sides.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["--help" or "-h"]:
                Console.WriteLine(StormOptions.Usage);
                return 0;
            case ["answer", string calls, string seed, string moment]:
                RunSide(output =>
                {
                    AnsweringSide side = new(Number(calls), Number(seed), Enum.Parse<Moment>(moment));
                    output.WriteLine($"ready {string.Join(' ', side.Addresses)}");
                    return side;
                });
                return 0;
            case ["call" or "call-peer", string calls, string atOnce, string seed, string moment, .. string[] targets]:
                RunSide(output => new CallingSide(
                    Number(calls), Number(atOnce), Number(seed), Enum.Parse<Moment>(moment), arguments[0] == "call-peer", targets, output));
                return 0;
            default:
                return StormOptions.Read(arguments) is { } options ? Run(options) : Refuse();
        }
    }

    private static int Run(StormOptions options)
    {
        StormReport report = new StormRun(options).Run();
        Story story = new(Console.Out);
        story.Tell(report);
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, StormJson.Default.StormReport));
        }

        if (options.Beside is { } beside)
        {
            StormReport peer = new StormRun(beside).Run();
            story.Tell(peer);
            story.Compare(report, peer);
        }

        return report.Problems.Count == 0 ? 0 : 1;
    }

    private static int Refuse()
    {
        Console.Error.WriteLine(StormOptions.Usage);
        return 2;
    }

    // A side has no thread but the runtime's, so it writes without Console.
    private static void RunSide(Func<TextWriter, Side> open)
    {
        using StreamWriter output = new(StandardStream.OpenOutput()) { AutoFlush = true };
        using Side side = open(output);
        side.Run();
        output.WriteLine(JsonSerializer.Serialize(side.Report(), StormJson.Default.SideReport));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
