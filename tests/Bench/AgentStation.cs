using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>Our program as it is shipped: one codec, something to say, nobody to listen, and a button on standard input.</summary>
internal sealed class AgentStation : IStation
{
    private const int MediaPorts = 63;

    /// <summary>A button that is pressed right after the start is one that hangs.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("bench-agent-").FullName;
    private readonly int _sipPort;
    private readonly PeerProcess _process;

    /// <param name="sipPort">A free UDP port; the media ports are those above it.</param>
    /// <param name="dial">The SIP URI that the button is to call, at once; null to wait.</param>
    /// <param name="sound">What it speaks, and in which codec.</param>
    public AgentStation(int sipPort, string? dial, AgentSound sound)
    {
        _sipPort = sipPort;
        string file = Path.Combine(_folder, "agent.toml");
        File.WriteAllText(file, Configuration(sipPort, dial ?? "sip:nobody@127.0.0.1", sound));
        string[] command = [.. sound.Launcher, ShippedProgram.FilePath, "run", "--config", file];
        _process = PeerProcess.Start(command[0], command[1..]);
        if (dial is not null)
        {
            UdpPort.WaitUntilBound(sipPort);
            Thread.Sleep(Rest);
            _process.WriteLine("press");
        }
    }

    public int ProcessId => _process.Id;

    public string Output => _process.Output;

    public bool IsMediaPort(int port) => port > _sipPort && port <= _sipPort + MediaPorts;

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(int sipPort, string target, AgentSound sound) => string.Create(CultureInfo.InvariantCulture, $"""
        [sip]
        address = "127.0.0.1"
        port = {sipPort}
        [incoming]
        policy = "answer"
        callers = ["*"]
        answer_tone = false
        [media]
        codecs = [{sound.Codecs}]
        allow_plain = true
        first_port = {sipPort + 1}
        last_port = {sipPort + MediaPorts}
        [audio]
        {sound.Audio}
        [panel]
        kind = "stdin"
        [[button]]
        targets = ["{target}"]
        [identity]
        file = "identity.pem"

        """);
}

/// <summary>What an <see cref="AgentStation"/> speaks, and in which codec.</summary>
/// <param name="Codecs">Its codecs, the best first, as its configuration lists them.</param>
/// <param name="Audio">What its configuration says of sound.</param>
/// <param name="Launcher">The command that starts it with the sound card that it is to have; empty for the machine's own.</param>
internal sealed record AgentSound(string Codecs, string Audio, IReadOnlyList<string> Launcher)
{
    /// <summary>A tone in PCMU: what costs least.</summary>
    public static readonly AgentSound Tone = new("\"PCMU\"", "kind = \"tone\"", []);
}
