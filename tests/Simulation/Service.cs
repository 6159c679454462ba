using System;
using System.IO;
using IntercomAgent.Hal.Files;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Logging;
using IntercomAgent.Tests.Simulation.World;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A door as a service, from its start to the signal that ends it, in a folder of its own. What happens meanwhile is planned first.</summary>
internal sealed class Service : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("service-").FullName;
    private readonly StringWriter _log = new();

    public string ConfigurationFile => Path.Combine(_folder, "agent.toml");

    public string StateFile => Path.Combine(_folder, "state");

    public string Log => _log.ToString();

    public IFileSteps Disk { get; set; } = new DiskFiles();

    /// <summary>The configuration file of a door as <see cref="House.Door"/> has it, at the first place of a house.</summary>
    public void Write(string code = House.Code, int target = 5061, int port = 5060, string more = "") => File.WriteAllText(
        ConfigurationFile,
        $$"""
        sip = { address = "127.0.0.1", port = {{port}} }
        button = [ { targets = ["sip:in@127.0.0.1:{{target}}"], ring_seconds = 20 } ]
        code = [ { name = "family", digits = "{{code}}" } ]
        strike.pulse_seconds = 2
        media = { first_port = 20000, last_port = 20999 }
        {{more}}
        """);

    /// <summary>Lets the door live for so many seconds, and end by SIGTERM.</summary>
    public void Run(House house, Resident door, double seconds)
    {
        SimulatedMachine machine = house.Machine;
        machine.After(TimeSpan.FromSeconds(seconds), () => machine.Raise(Signal.Terminate));
        LineLogger logger = new(_log, LogLevel.Information, isTerminal: false);
        new StationRun(machine, house.Loop, door.Host, new StationFiles(ConfigurationFile, StateFile, Disk), null, logger).Run();
    }

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
