using System;
using System.Collections.Generic;
using System.IO;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Files;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Systemd;
using IntercomAgent.Logging;
using IntercomAgent.State;

namespace IntercomAgent;

/// <summary>
/// The life of a station as a service: it remembers its earlier lives, tells the service manager how it is, reads its configuration
/// anew at SIGHUP or when the registrar says so, and ends at SIGTERM or SIGINT.
/// </summary>
internal sealed class StationRun
{
    /// <summary>How long the peers' confirmations are waited for at the end: a lost BYE is repeated twice in it.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Reading a file costs a moment: who writes NOTIFYs in the registrar's name can ask for no more of it than this.</summary>
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMinutes(1);

    private readonly IMachine _machine;
    private readonly TurnLoop _loop;
    private readonly AgentHost _host;
    private readonly string _configurationFile;
    private readonly LineLogger _logger;
    private readonly ServiceReport _report;
    private readonly StateKeeper _keeper;
    private Instant _nextReload = Instant.Zero;

    /// <summary>Lets report and state take part in the loop, after the station itself.</summary>
    /// <param name="machine">The outside world.</param>
    /// <param name="loop">The loop that the station lives on.</param>
    /// <param name="host">The station.</param>
    /// <param name="files">Where its configuration is, and where its state is kept.</param>
    /// <param name="notifier">The way to the service manager; null where there is none. The caller owns it.</param>
    /// <param name="logger">Where its life is told.</param>
    public StationRun(
        IMachine machine, TurnLoop loop, AgentHost host, StationFiles files, ServiceNotifier? notifier, LineLogger logger)
    {
        _machine = machine;
        _loop = loop;
        _host = host;
        _configurationFile = files.Configuration;
        _logger = logger;
        _report = new ServiceReport(notifier, host);
        loop.Add(_report);

        DurableState state = StateFile.Read(files.State, out string? problem);
        if (problem is not null)
        {
            HostLog.StateUnreadable(logger, problem);
        }

        if (host.RememberWrongCodes(state.WrongCodeEntries, loop.Now))
        {
            HostLog.StillLocked(logger);
        }

        _keeper = new StateKeeper(files.Disk, files.State, state with { Starts = state.Starts + 1 }, host, logger);
        loop.Add(_keeper);
    }

    /// <summary>Runs until a signal asks for the end, and on until the goodbyes have arrived.</summary>
    public void Run()
    {
        string signal = RunUntilSignal() == Signal.Interrupt ? "SIGINT" : "SIGTERM";
        HostLog.Ending(_logger, signal);
        _report.Stopping();
        _keeper.Finish(_loop.Now);
        _host.End(_loop.Now);
        for (Instant latest = _loop.Now + Goodbye; _loop.Now < latest && !_host.IsQuiet;)
        {
            _ = _loop.Turn(latest);
        }

        _host.TellDropped();
        _host.TellSoundTally();
        HostLog.Ended(_logger, _loop.LongestStall.TotalMilliseconds, _loop.Stalls);
    }

    private Signal RunUntilSignal()
    {
        using ISignalPort signals = _machine.OpenSignals(new Readiness(ServiceClass.Signals, int.MaxValue));
        _report.Ready();
        while (true)
        {
            bool isSignalled = _loop.Turn(Instant.Never);
            _logger.UnixTime = _machine.UnixTime;
            if (isSignalled && signals.TryRead(out Signal signal))
            {
                if (signal != Signal.HangUp)
                {
                    return signal;
                }

                ReloadNow();
            }

            if (_host.TakeReloadWanted() && _loop.Now >= _nextReload)
            {
                _nextReload = _loop.Now + ReloadInterval;
                ReloadNow();
            }
        }
    }

    private void ReloadNow()
    {
        _report.Reloading(_loop.Now);
        Reload();
        _report.Ready();
    }

    /// <summary>A file that cannot be used changes nothing.</summary>
    private void Reload()
    {
        if (ConfigurationFile.Load(_configurationFile, out IReadOnlyList<ConfigurationProblem> problems) is not { } configuration)
        {
            foreach (ConfigurationProblem problem in problems)
            {
                HostLog.FaultyConfiguration(_logger, problem.Describe(_configurationFile));
            }

            HostLog.NotReloaded(_logger);
            return;
        }

        IReadOnlyList<string> waiting = _host.Reconfigure(configuration, _loop.Now);
        _logger.Least = configuration.LogLevel;
        if (waiting.Count == 0)
        {
            HostLog.Reloaded(_logger);
        }
        else
        {
            HostLog.ReloadedInPart(_logger, string.Join(", ", waiting));
        }
    }
}

/// <summary>The files of a station's life.</summary>
/// <param name="Configuration">The configuration file.</param>
/// <param name="State">The file of the state.</param>
/// <param name="Disk">Where the state is written.</param>
internal sealed record StationFiles(string Configuration, string State, IFileSteps Disk)
{
    /// <summary>The usual ones: the state lies beside the identity.</summary>
    public static StationFiles Of(string configurationFile, AgentConfiguration configuration) => new(
        configurationFile, Path.Combine(Path.GetDirectoryName(configuration.IdentityFile) ?? "/", StateFile.Name), new DiskFiles());
}
