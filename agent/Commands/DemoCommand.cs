using System;
using System.CommandLine;
using System.IO;
using System.Text.Json;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Demo;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Logging;
using IntercomAgent.Media;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Commands;

/// <summary><c>demo [--json] [--output DIR] [--trace FILE]</c></summary>
internal static class DemoCommand
{
    /// <summary>The least speech that each side must have heard: each speaks for about four seconds.</summary>
    private static readonly TimeSpan LeastSpeech = TimeSpan.FromSeconds(2);

    /// <summary>Threads of the native program.</summary>
    private const int NativeThreads = 2;

    /// <summary>How long goodbyes may take.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<bool> json = new("--json") { Description = "Print what was measured as one JSON object on the last line." };
        Option<string> output = new("--output")
        {
            Description = "The folder for what each side heard, as WAV files.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        Option<string?> trace = new("--trace")
        {
            Description = "Draw what the door's jitter buffer did, as an SVG picture.",
            HelpName = "FILE",
        };
        Command command = new("demo", "Show a door call: two stations on this machine talk, and a code opens the door.")
        {
            json,
            output,
            trace,
        };
        command.SetAction(parsed => Execute(
            new DemoOptions(parsed.GetValue(json), parsed.GetRequiredValue(output), parsed.GetValue(trace)), streams));
        return command;
    }

    /// <summary>Runs the demo; returns 0 only if speech arrived on both sides and the strike opened.</summary>
    public static int Execute(DemoOptions options, StandardStreams streams)
    {
        string atDoor = Path.Combine(options.Folder, "door-heard.wav");
        string indoors = Path.Combine(options.Folder, "indoor-heard.wav");
        using WavFileSink? doorRecording = WavFileSink.TryOpen(atDoor, AudioStream.SampleRate, out string? problem);
        using WavFileSink? indoorRecording = WavFileSink.TryOpen(indoors, AudioStream.SampleRate, out string? otherProblem);
        if (doorRecording is null || indoorRecording is null || !SignalMask.TryInherit(out problem))
        {
            streams.Error.WriteLine($"intercom-agent: {problem ?? otherProblem}");
            return ExitStatus.Failed;
        }

        using Machine machine = new();
        TurnLoop loop = new(machine);
        loop.Add(new HeapSweep());
        LineLogger logger = new(streams.Error, LogLevel.Warning, streams.ErrorIsTerminal) { UnixTime = machine.UnixTime };
        using DemoStation? indoor = DemoStation.Open(
            machine, loop, "indoor", DemoStation.Indoor(), DemoSpeech.Indoors(), indoorRecording, logger, out problem);
        using DemoStation? door = indoor is null ? null : DemoStation.Open(
            machine, loop, "door", DemoStation.Door(indoor.Host.SignallingEndpoint), DemoSpeech.Visitor(), doorRecording, logger, out problem);
        if (indoor is null || door is null)
        {
            streams.Error.WriteLine($"intercom-agent: {problem}");
            return ExitStatus.Failed;
        }

        DemoRun run = new(loop, door, indoor, streams.Output);
        bool interrupted = Play(machine, loop, run, [door, indoor]);
        DemoReport report = run.Report(interrupted);
        streams.Output.WriteLine($"Each side heard the other for {report.HeardSeconds.Door:F1} s (door) and {report.HeardSeconds.Indoor:F1} s "
            + $"(indoor): {atDoor}, {indoors}.");
        streams.Output.WriteLine(report.Threads == NativeThreads
            ? $"Threads: {report.Threads}: the program's only one, and the runtime's finalizer."
            : $"Threads: {report.Threads}, those of the just-in-time runtime included; the native program has {NativeThreads}.");
        if (options.Json)
        {
            streams.Output.WriteLine(JsonSerializer.Serialize(report, DemoJson.Default.DemoReport));
        }

        if (options.Trace is { } picture && !TryDraw(run.Trace, picture, streams))
        {
            return ExitStatus.Failed;
        }

        bool heard = report.HeardSeconds.Door >= LeastSpeech.TotalSeconds && report.HeardSeconds.Indoor >= LeastSpeech.TotalSeconds;
        return heard && report.StrikeOpened && !interrupted ? ExitStatus.Ok : ExitStatus.Failed;
    }

    private static bool TryDraw(JitterPicture trace, string file, StandardStreams streams)
    {
        try
        {
            using StreamWriter writer = new(file);
            trace.Write(writer, "What the door's jitter buffer did in the demo's call");
            streams.Output.WriteLine($"What the door's jitter buffer did: {file}.");
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            streams.Error.WriteLine($"intercom-agent: cannot write {file}: {problem.Message}");
            return false;
        }
    }

    /// <summary>Runs the loop until the play is over, and on until the goodbyes have arrived; true when somebody interrupted it.</summary>
    private static bool Play(Machine machine, TurnLoop loop, DemoRun run, DemoStation[] stations)
    {
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, int.MaxValue));
        bool interrupted = false;

        // Opening took its time, and the loop knows only the time of its last turn.
        _ = loop.Turn(loop.Now);
        run.Start();
        while (!run.IsOver && !interrupted)
        {
            bool isSignalled = loop.Turn(run.WakeAt);
            run.Look();
            interrupted = isSignalled && signals.TryRead(out Signal signal) && signal != Signal.HangUp;
        }

        foreach (DemoStation station in stations)
        {
            station.Host.End(loop.Now);
        }

        Instant latest = loop.Now + Goodbye;
        while (loop.Now < latest && !Array.TrueForAll(stations, station => station.Host.IsQuiet))
        {
            _ = loop.Turn(latest);
        }

        return interrupted;
    }
}

/// <summary>How the demo is wanted.</summary>
/// <param name="Json">Whether what was measured is printed as JSON.</param>
/// <param name="Folder">Where the recordings go.</param>
/// <param name="Trace">Where the picture of the jitter buffer goes; null when none is wanted.</param>
internal sealed record DemoOptions(bool Json, string Folder, string? Trace = null);
