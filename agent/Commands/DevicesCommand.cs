using System.CommandLine;
using IntercomAgent.Audio.Codecs;

namespace IntercomAgent.Commands;

/// <summary><c>devices</c></summary>
internal static class DevicesCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Command command = new("devices", "List what this board has, and what to write in the configuration.");
        command.SetAction(_ =>
        {
            int status = SoundDevices.List(streams);
            streams.Output.WriteLine();
            GpioDevices.List(streams);
            streams.Output.WriteLine();
            streams.Output.WriteLine(OpusLibrary.IsInstalled() ? "Opus: its library is installed." : $"Opus is not offered: {OpusLibrary.Missing}.");
            return status;
        });
        return command;
    }
}
