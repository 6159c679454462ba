using System;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Audio;
using IntercomAgent.Calls;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent;

/// <summary>
/// One station with its ports and engines, composed by hand: the only place that does, and the only one that touches the machine.
/// </summary>
internal sealed class AgentHost : ITurnMember, IMediaPorts, IDisposable
{
    private const int SignallingToken = 0;
    private const int AudioToken = 1;
    private const int PanelToken = 2;
    private const int FirstLineToken = 16;

    private readonly IMachine _machine;
    private readonly AgentConfiguration _configuration;
    private readonly int _firstToken;
    private readonly DoorStation _station;
    private readonly DatagramBatch _batch = new();
    private readonly PeriodBuffer _period = new(AudioStream.PeriodSamples);
    private readonly IAudioDevice _audio;
    private readonly IDoorPanel _panel;
    private readonly Switchboard _switchboard;
    private int _nextPort;
    private bool _disposed;

    private AgentHost(IMachine machine, TurnLoop loop, AgentConfiguration configuration, in StationPorts ports, DtlsIdentity identity, ILogger logger)
    {
        _machine = machine;
        _configuration = configuration;
        _audio = ports.Audio;
        _panel = ports.Panel;
        _nextPort = configuration.Media.FirstPort;
        MachineRandom random = new(machine);
        _switchboard = new Switchboard(
            new SwitchboardSettings(
                new SdpSettings
                {
                    Codecs = configuration.Media.Codecs,
                    AllowPlain = configuration.Media.AllowPlain,
                    Fingerprint = identity.Fingerprint,
                },
                new MediaSettings
                {
                    Identity = identity,
                    SrtpProfiles = configuration.Media.SrtpProfiles,
                    PeerGone = configuration.Media.PeerGone,
                    Random = random,
                }),
            new SipEndpoint(SipSettingsOf(configuration.Sip), ports.Contact, random),
            ports.Signalling,
            this);
        _station = new DoorStation(configuration.Station);
        Calls = new StationCalls(_station, _switchboard, _panel, logger);
        _firstToken = loop.Add(this);
    }
}
