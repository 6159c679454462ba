using System;
using System.CommandLine;
using System.Globalization;
using IntercomAgent.Configuration;
using IntercomAgent.Hal.Gpio;

namespace IntercomAgent.Commands;

/// <summary><c>test strike --config FILE</c></summary>
internal static class TestStrikeCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<string> config = ConfigurationArgument.Option();
        Command command = new("strike", "Open the strike once, for as long as the configuration says.") { config };
        command.SetAction(parsed => ConfigurationArgument.Load(parsed.GetRequiredValue(config), streams) is { } configuration
            ? Execute(configuration, streams)
            : ExitStatus.Usage);
        return command;
    }

    private static int Execute(AgentConfiguration configuration, StandardStreams streams)
    {
        if (configuration.Panel is not { Kind: PanelKind.Gpio, Gpio.Strike: { } strike })
        {
            streams.Error.WriteLine("intercom-agent: there is no strike to open: it takes kind = \"gpio\" in [panel], and [panel.strike]");
            return ExitStatus.Failed;
        }

        bool isBroken = false;
        TimeSpan pulse = configuration.Station.StrikePulse;
        int status = PanelTrial.Run(
            configuration, streams, pulse,
            panel =>
            {
                streams.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"The strike on line {strike.Line} opens now, for {pulse.TotalSeconds} s; Ctrl-C closes it."));
                panel.Set(PanelOutput.Strike, on: true);
            },
            happened =>
            {
                if (happened.Input == PanelInput.Fault)
                {
                    isBroken = true;
                    streams.Error.WriteLine($"intercom-agent: {happened.Problem}");
                }
            });
        if (status == ExitStatus.Ok)
        {
            streams.Output.WriteLine("The strike is closed.");
        }

        return isBroken ? ExitStatus.Failed : status;
    }
}
