using System.CommandLine;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Logging;

namespace IntercomAgent.Commands;

/// <summary><c>run --config FILE</c></summary>
internal static class RunCommand
{
    /// <summary>How long the peers' confirmations are waited for at the end: a lost BYE is repeated twice in it.</summary>
    private static readonly System.TimeSpan Goodbye = System.TimeSpan.FromSeconds(2);

    /// <summary>Describes the command.</summary>
    public static Command Build(StandardStreams streams)
    {
        Option<string> config = ConfigurationArgument.Option();
        Command command = new("run", "Be a station, as a configuration file says, until SIGTERM or Ctrl-C.") { config };
        command.SetAction(parsed => ConfigurationArgument.Load(parsed.GetRequiredValue(config), streams) is { } configuration
            ? Execute(configuration, streams)
            : ExitStatus.Usage);
        return command;
    }

    /// <summary>Runs a station until it is told to end; returns the exit status.</summary>
    public static int Execute(AgentConfiguration configuration, StandardStreams streams)
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

        string endpoint = host.SignallingEndpoint.ToString();
        HostLog.Listening(logger, BuildVersion.Text, endpoint);
        string signal = RunUntilSignal(machine, loop, logger) == Signal.Interrupt ? "SIGINT" : "SIGTERM";
        HostLog.Ending(logger, signal);
        host.End(loop.Now);
        for (Instant latest = loop.Now + Goodbye; loop.Now < latest && !host.IsQuiet;)
        {
            _ = loop.Turn(latest);
        }

        host.TellDropped();
        HostLog.Ended(logger, loop.LongestStall.TotalMilliseconds, loop.Stalls);
        return ExitStatus.Ok;
    }

    private static Signal RunUntilSignal(Machine machine, TurnLoop loop, LineLogger logger)
    {
        using ISignalPort signals = machine.OpenSignals(new Readiness(ServiceClass.Signals, int.MaxValue));
        while (true)
        {
            bool isSignalled = loop.Turn(Instant.Never);
            logger.UnixTime = machine.UnixTime;
            if (isSignalled && signals.TryRead(out Signal signal))
            {
                if (signal != Signal.HangUp)
                {
                    return signal;
                }

                HostLog.NoReload(logger);
            }
        }
    }

    private static int Fail(string? problem, StandardStreams streams)
    {
        streams.Error.WriteLine($"intercom-agent: {problem}");
        return ExitStatus.Failed;
    }
}
