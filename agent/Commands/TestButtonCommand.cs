using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using IntercomAgent.Configuration;
using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Commands;

/// <summary><c>test button --config FILE</c></summary>
internal static class TestButtonCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<string> config = ConfigurationArgument.Option();
        Command command = new("button", "Show what is pressed and opened at the panel, until Ctrl-C.") { config };
        command.SetAction(parsed => ConfigurationArgument.Load(parsed.GetRequiredValue(config), streams) is { } configuration
            ? Execute(configuration, streams)
            : ExitStatus.Usage);
        return command;
    }

    private static int Execute(AgentConfiguration configuration, StandardStreams streams) => PanelTrial.Run(
        configuration, streams, length: null,
        _ => streams.Output.WriteLine("Press the buttons, open the door; Ctrl-C ends this."),
        happened => Tell(streams.Output, happened));

    private static void Tell(TextWriter output, in PanelEvent happened)
    {
        string what = happened.Input switch
        {
            PanelInput.Button => $"button {happened.Number + 1} is {(happened.IsActive ? "pressed" : "let go")}",
            PanelInput.Key => $"key {(char)happened.Number} is pressed",
            PanelInput.DoorContact => $"the door is {(happened.IsActive ? "open" : "closed")}",
            PanelInput.TamperContact => $"the housing is {(happened.IsActive ? "open" : "closed")}",
            PanelInput.HookSwitch => $"the handset is {(happened.IsActive ? "lifted" : "put down")}",
            PanelInput.Fault => happened.Problem ?? "",
        };
        double seconds = happened.At / (double)TimeSpan.NanosecondsPerTick / TimeSpan.TicksPerSecond;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds,12:F3} s  {what}{(happened.IsFound ? " already" : "")}"));
    }
}
