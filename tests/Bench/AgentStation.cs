using System;
using System.Globalization;
using System.IO;
using System.Threading;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Interop;

namespace IntercomAgent.Tests.Bench;

/// <summary>Our program as it is shipped: one codec, a tone to speak, nobody to listen, and a button on standard input.</summary>
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
    public AgentStation(int sipPort, string? dial)
    {
        _sipPort = sipPort;
        string file = Path.Combine(_folder, "agent.toml");
        File.WriteAllText(file, Configuration(sipPort, dial ?? "sip:nobody@127.0.0.1"));
        _process = PeerProcess.Start(ShippedProgram.FilePath, "run", "--config", file);
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

    private static string Configuration(int sipPort, string target) => string.Create(CultureInfo.InvariantCulture, $"""
        [sip]
        address = "127.0.0.1"
        port = {sipPort}
        [incoming]
        policy = "answer"
        callers = ["*"]
        answer_tone = false
        [media]
        codecs = ["PCMU"]
        allow_plain = true
        first_port = {sipPort + 1}
        last_port = {sipPort + MediaPorts}
        [audio]
        kind = "tone"
        [panel]
        kind = "stdin"
        [[button]]
        targets = ["{target}"]
        [identity]
        file = "identity.pem"

        """);
}
