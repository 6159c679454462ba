using System.CommandLine;

namespace IntercomAgent.Commands;

/// <summary><c>demo [--json] [--output DIR]</c></summary>
internal static class DemoCommand
{
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
        Command command = new("demo", "Show a door call: two stations on this machine talk, and a code opens the door.")
        {
            json,
            output,
        };
        command.SetAction(parsed => Execute(new DemoOptions(parsed.GetValue(json), parsed.GetRequiredValue(output)), streams));
        return command;
    }

    /// <summary>Runs the demo; returns 0 only if speech arrived on both sides and the strike opened.</summary>
    public static int Execute(DemoOptions options, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: this build has no demo to write to {options.Folder} yet");
        return ExitStatus.Failed;
    }
}

/// <summary>How the demo is wanted.</summary>
/// <param name="Json">Whether what was measured is printed as JSON.</param>
/// <param name="Folder">Where the recordings go.</param>
internal sealed record DemoOptions(bool Json, string Folder);
