using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
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
        IEnumerable<string> registrars = configuration.Sip.Accounts.Select(account => account.Registrar.ToString());
        streams.Output.WriteLine($"  registers with  {Join(registrars, "nobody")}");
        if (configuration.Sip.Tls is { } tls)
        {
            streams.Output.WriteLine($"  TLS             {Describe(tls)}");
            if (tls.FindKeyAdvice() is { } advice)
            {
                streams.Output.WriteLine($"  TLS key         {advice}");
            }
        }

        foreach ((int index, RingPlan plan) in station.Buttons.Index())
        {
            string order = plan.Order == RingOrder.All ? " and " : ", then ";
            streams.Output.WriteLine($"  button {index + 1} rings  {string.Join(order, plan.Targets.Select(target => target.Uri))}");
        }

        IEnumerable<string> callers = station.Incoming.Answers ? [
                .. station.Incoming.Callers.Select(caller => caller.Text),
                .. configuration.Callers.Accounts.Select(account => $"{account.User} by password"),
            ] : [];
        streams.Output.WriteLine($"  answers         {Join(callers, "nobody")}");
        streams.Output.WriteLine($"  door codes      {Join(station.Codes.Codes.Select(code => code.Name), "none")}");
        streams.Output.WriteLine($"  codecs          {Join(configuration.Media.Codecs.Select(Describe), "none")}");
        if (OpenDevices.FindSoundProblem(configuration) is { } problem)
        {
            // The file may be for another machine, or for a card that is yet to be plugged in; a running agent has the card itself.
            streams.Output.WriteLine($"  sound           not now: {problem}");
        }

        if (configuration.Audio.Alsa?.Voice.NeedsLibrary == true && !SpeexDsp.IsInstalled())
        {
            streams.Output.WriteLine($"  echo            half-duplex here: {SpeexDsp.Missing}");
        }

        return ExitStatus.Ok;
    }

    private static string Describe(AudioCodec codec)
    {
        // The file may be for another machine.
        string missing = AudioCoders.IsAvailable(codec) ? "" : $" (not now: {OpusLibrary.Missing})";
        return CodecFacts.Of(codec).Name.ToUpperInvariant() + missing;
    }

    private static string Describe(TlsConfiguration tls)
    {
        string trust = tls.Pinned.Count > 0
            ? $"trusts {tls.Pinned.Count} pinned"
            : $"trusts what {tls.ReadAuthorities()?.Count ?? 0} authorities vouch for";
        return tls.ReadIdentity() is { } identity
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{trust}; listens at {tls.ListenPort} as {identity.Names}, until {DateTimeOffset.FromUnixTimeSeconds(identity.NotAfter):d MMMM yyyy}")
            : trust;
    }

    private static string Join(IEnumerable<string> names, string none) => string.Join(", ", names.DefaultIfEmpty(none));
}
