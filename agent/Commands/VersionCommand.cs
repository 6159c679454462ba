using System.CommandLine;

namespace IntercomAgent.Commands;

/// <summary><c>version</c></summary>
internal static class VersionCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Command command = new("version", "Say which version this is.");
        command.SetAction(_ =>
        {
            streams.Output.WriteLine($"intercom-agent {BuildVersion.Text}");
            return ExitStatus.Ok;
        });
        return command;
    }
}
