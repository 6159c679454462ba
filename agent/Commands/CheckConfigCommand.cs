using System.CommandLine;
using System.Linq;
using IntercomAgent.Station;

namespace IntercomAgent.Commands;

/// <summary><c>check-config FILE</c></summary>
internal static class CheckConfigCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Argument<string> file = new("FILE") { Description = "The configuration file." };
        Command command = new("check-config", "Say all that is wrong with a configuration file.") { file };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(file), streams));
        return command;
    }

    private static int Execute(string file, StandardStreams streams)
    {
        if (ConfigurationArgument.Load(file, streams) is not { } configuration)
        {
            return ExitStatus.Usage;
        }

        StationSettings station = configuration.Station;
        streams.Output.WriteLine($"{file}: valid");
        streams.Output.WriteLine($"  listens on      {configuration.Sip.Local}");
        streams.Output.WriteLine($"  registers with  {configuration.Sip.Account?.Registrar.ToString() ?? "nobody"}");
        foreach ((int index, RingPlan plan) in station.Buttons.Index())
        {
            string order = plan.Order == RingOrder.All ? " and " : ", then ";
            streams.Output.WriteLine($"  button {index + 1} rings  {string.Join(order, plan.Targets.Select(target => target.Uri))}");
        }

        streams.Output.WriteLine($"  answers         {(station.Incoming.Answers ? string.Join(", ", station.Incoming.Callers.Select(caller => caller.Text)) : "nobody")}");
        streams.Output.WriteLine($"  door codes      {(station.Codes.Codes.Count > 0 ? string.Join(", ", station.Codes.Codes.Select(code => code.Name)) : "none")}");
        return ExitStatus.Ok;
    }
}
