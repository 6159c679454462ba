using System;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Demo;

/// <summary>One of the demo's two stations: a host like any other, with a voice for a microphone and an ear for a loudspeaker.</summary>
internal sealed class DemoStation : IDisposable
{
    /// <summary>The code that opens the demo's door.</summary>
    public const string Code = "2580";

    private const uint Loopback = 0x7F000001;

    private DemoStation(AgentHost host, ProgrammedPanel panel, DemoVoice voice, DemoEar ear)
    {
        Host = host;
        Panel = panel;
        Voice = voice;
        Ear = ear;
    }

    /// <summary>The station itself.</summary>
    public AgentHost Host { get; }

    /// <summary>Its button and its strike.</summary>
    public ProgrammedPanel Panel { get; }

    /// <summary>Who speaks there.</summary>
    public DemoVoice Voice { get; }

    /// <summary>Who listens there.</summary>
    public DemoEar Ear { get; }

    /// <summary>Opens a station on a loopback port that the kernel chooses. Null, with the reason, when it cannot be opened.</summary>
    /// <param name="machine">The outside world.</param>
    /// <param name="loop">The loop that both stations live on.</param>
    /// <param name="name">What the station is called.</param>
    /// <param name="station">What it does.</param>
    /// <param name="speech">What is said there.</param>
    /// <param name="recording">Where what is heard there goes; not owned.</param>
    /// <param name="logger">Where its events are told.</param>
    /// <param name="problem">What is wrong; null on success.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The host is owned by the station that is returned.")]
    public static DemoStation? Open(
        IMachine machine, TurnLoop loop, string name, StationSettings station, short[] speech, IAudioSink recording, ILogger logger,
        out string? problem)
    {
        DemoVoice voice = new(speech);
        DemoEar ear = new(recording, AudioStream.SampleRate);
        ProgrammedPanel panel = new();
        StationDevices devices = new(
            new TimerAudioSettings(AudioStream.SampleRate, AudioStream.PacketSamples, voice, ear), new ProgrammedPanelSettings(panel));
        DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(machine), machine.UnixTime / 1_000_000_000);
        AgentHost? host = AgentHost.Open(machine, loop, Configure(name, station), devices, identity, logger, out problem);
        return host is null ? null : new DemoStation(host, panel, voice, ear);
    }

    /// <summary>What the door does: its button rings the indoor station, and the code opens its strike.</summary>
    public static StationSettings Door(NetworkEndpoint indoor) => new()
    {
        Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget($"sip:indoor@{indoor}", TimeSpan.FromSeconds(10))])],
        Codes = new CodeSettings { Codes = [new DoorCode("the house", new Secret(Code))] },
        StrikePulse = TimeSpan.FromSeconds(1),
    };

    /// <summary>What the indoor station does: it answers whoever calls.</summary>
    public static StationSettings Indoor() => new()
    {
        Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("*")] },
    };

    /// <inheritdoc/>
    public void Dispose() => Host.Dispose();

    private static AgentConfiguration Configure(string name, StationSettings station)
    {
        AgentConfiguration given = ConfigurationFile.Default();
        return given with
        {
            Sip = given.Sip with { Local = NetworkEndpoint.FromIPv4(Loopback, 0), DisplayName = name, User = name },
            Station = station,
        };
    }
}
