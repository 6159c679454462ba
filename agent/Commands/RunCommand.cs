using System;
using System.CommandLine;
using System.Linq;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Systemd;
using IntercomAgent.Logging;

namespace IntercomAgent.Commands;

/// <summary><c>run --config FILE</c></summary>
internal static class RunCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<string> config = ConfigurationArgument.Option();
        Command command = new("run", "Be a station, as a configuration file says, until SIGTERM or Ctrl-C.") { config };
        command.SetAction(parsed =>
        {
            string file = parsed.GetRequiredValue(config);
            return ConfigurationArgument.Load(file, streams) is { } configuration ? Execute(file, configuration, streams) : ExitStatus.Usage;
        });
        return command;
    }

    /// <summary>Runs a station until it is told to end; returns the exit status.</summary>
    public static int Execute(string file, AgentConfiguration configuration, StandardStreams streams)
    {
        if (!SignalMask.TryInherit(out string? problem))
        {
            return Fail(problem, streams);
        }

        using Machine machine = new();
        LineLogger logger = new(streams.Error, configuration.LogLevel, streams.ErrorIsTerminal) { UnixTime = machine.UnixTime };
        TurnLoop loop = new(machine);
        loop.Add(new HeapSweep());
        using OpenDevices? devices = OpenDevices.Open(configuration, out problem);
        DtlsIdentity? identity = devices is null
            ? null
            : IdentityFile.Open(
                configuration.IdentityFile, configuration.CertificateKind, new MachineRandom(machine), machine.UnixTime, out problem);
        using AgentHost? host = identity is null
            ? null
            : AgentHost.Open(machine, loop, configuration, devices!.Devices, identity, logger, out problem);
        if (host is null)
        {
            return Fail(problem, streams);
        }

        using ServiceNotifier? notifier = ServiceNotifier.Open(Environment.GetEnvironmentVariable, Environment.ProcessId, out problem);
        if (problem is not null)
        {
            HostLog.CannotNotify(logger, problem);
        }

        string endpoint = host.SignallingEndpoint.ToString();
        string transports = host.SpeaksTcp ? "UDP and TCP" : "UDP";
        string tls = host.ListensForTls ? $", and by TLS at port {configuration.Sip.Tls!.ListenPort}" : string.Empty;
        HostLog.Listening(logger, BuildVersion.Text, endpoint, transports + tls);
        if (configuration.Sip.Tls?.FindKeyAdvice() is { } advice)
        {
            HostLog.SlowKey(logger, advice);
        }

        if (!configuration.Media.Codecs.All(AudioCoders.IsAvailable))
        {
            HostLog.OpusMissing(logger, OpusLibrary.Missing);
        }

        new StationRun(machine, loop, host, StationFiles.Of(file, configuration), notifier, logger).Run();
        return ExitStatus.Ok;
    }

    private static int Fail(string? problem, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: {problem}");
        return ExitStatus.Failed;
    }
}
