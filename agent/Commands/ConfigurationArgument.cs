using System.Collections.Generic;
using System.CommandLine;
using IntercomAgent.Configuration;

namespace IntercomAgent.Commands;

/// <summary>A configuration file that is named on the command line.</summary>
internal static class ConfigurationArgument
{
    /// <summary>Where the package puts the file.</summary>
    public const string InstalledFile = "/etc/intercom-agent/intercom-agent.toml";

    /// <summary>The option <c>--config FILE</c>.</summary>
    public static Option<string> Option() => new("--config")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => InstalledFile,
    };

    /// <summary>Reads the file. Null when it cannot be used; then each problem is a line on standard error.</summary>
    public static AgentConfiguration? Load(string file, StandardStreams streams)
    {
        AgentConfiguration? configuration = ConfigurationFile.Load(file, out IReadOnlyList<ConfigurationProblem> problems);
        foreach (ConfigurationProblem problem in problems)
        {
            streams.Error.WriteLine(problem.Describe(file));
        }

        return configuration;
    }
}
