using System.CommandLine;
using IntercomAgent.Configuration;

namespace IntercomAgent.Commands;

/// <summary><c>run --config FILE</c></summary>
internal static class RunCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<string> config = new("--config")
        {
            Description = "The configuration file.",
            HelpName = "FILE",
            DefaultValueFactory = _ => ConfigurationArgument.InstalledFile,
        };
        Command command = new("run", "Be a station, as a configuration file says, until SIGTERM or Ctrl-C.") { config };
        command.SetAction(parsed => ConfigurationArgument.Load(parsed.GetRequiredValue(config), streams) is { } configuration
            ? Execute(configuration, streams)
            : ExitStatus.Usage);
        return command;
    }

    /// <summary>Runs a station until it is told to end; returns the exit status.</summary>
    public static int Execute(AgentConfiguration configuration, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: this build cannot run a station on {configuration.Sip.Local} yet");
        return ExitStatus.Failed;
    }
}
