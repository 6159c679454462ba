using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Calls;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Logging;
using IntercomAgent.Sip;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent;

/// <summary>
/// One station with its ports and engines, composed by hand: the only place that does, and the only one that touches the machine.
/// </summary>
internal sealed partial class AgentHost : ITurnMember, IMediaPorts, IStreamPorts, IDisposable
{
    private const int SignallingToken = 0;
    private const int AudioToken = 1;
    private const int PanelToken = 2;
    private const int ListenerToken = 3;
    private const int TlsListenerToken = 4;
    private const int NetworkToken = 5;
    private const int NamesToken = 6;
    private const int FirstLineToken = 16;
    private const int FirstConnectionToken = 256;
    private const uint Loopback = 0x7F000001;

    private readonly IMachine _machine;
    private readonly DtlsIdentity _identity;
    private readonly int _firstToken;
    private readonly StationPorts _ports;
    private readonly DoorStation _station;
    private readonly StationPanel _panel;
    private readonly Switchboard _switchboard;
    private readonly NameService _names;
    private readonly DatagramBatch _batch = new();
    private readonly StationSounds _sounds;
    private readonly ILogger _logger;
    private AgentConfiguration _configuration;
    private readonly RegistrationTally _registrations;
    private ushort _nextPort;
    private bool _disposed;

    private AgentHost(
        IMachine machine, int firstToken, AgentConfiguration configuration, DtlsIdentity identity, StationPorts ports, ILogger logger)
    {
        _machine = machine;
        _firstToken = firstToken;
        _configuration = configuration;
        _identity = identity;
        _ports = ports;
        _logger = logger;
        _nextPort = configuration.Media.FirstPort;
        _played = new short[ports.Audio.PeriodSamples];
        _voice = VoiceOf(configuration.Audio, ports.Audio);
        if (configuration.Audio is { Alsa: { CaptureDevice: not null, Voice.NeedsLibrary: true } } && !SpeexDsp.IsInstalled())
        {
            HostLog.NoVoiceLibrary(logger, SpeexDsp.Missing);
        }

        _sounds = new StationSounds(configuration.Sounds, configuration.Media.SampleRate);
        Resampler.Prepare(CodecFacts.SampleRates);
        _registrations = new RegistrationTally([.. configuration.Sip.Accounts.Select(account => account.Name)]);
        SipSettings settings = SipSettingsOf(configuration.Sip, configuration.Callers) with
        {
            SpeaksTcp = ports.Listener is not null,
            SpeaksTls = configuration.Sip.Tls is not null,
            Instance = SipInstance.Of(identity.Fingerprint.ToString()),
        };
        _names = new NameService(machine, new Readiness(ServiceClass.Signalling, firstToken + NamesToken), configuration.Sip.Local);
        _names.Configure(configuration.NameServers);
        TlsSettings? tls = TlsSettingsOf(configuration.Sip.Tls, machine);
        SipConnections? connections = ports.Listener is null && tls is null ? null : new SipConnections(this, tls);
        SipEndpoint sip = new(settings, FindContact(), new MachineRandom(machine), _names, connections);
        _switchboard = new Switchboard(SwitchboardSettingsOf(configuration), sip, ports.Signalling, this, connections);
        _station = new DoorStation(configuration.Station);
        _panel = new StationPanel(_station, ports.Panel, configuration.Panel, configuration.Station.Buttons.Count, logger);
        Calls = new StationCalls(_station, _switchboard, _panel, _sounds, ports.Audio, logger);
    }

    /// <summary>Where the station listens for SIP.</summary>
    public NetworkEndpoint SignallingEndpoint => _ports.Signalling.LocalEndpoint;

    /// <summary>Whether it takes TCP connections at the same port.</summary>
    public bool SpeaksTcp => _ports.Listener is not null;

    /// <summary>Whether it takes TLS connections at a port of their own.</summary>
    public bool ListensForTls => _ports.TlsListener is not null;

    /// <summary>The station's calls.</summary>
    public StationCalls Calls { get; }

    /// <summary>What the station is busy with.</summary>
    public StationState State => _station.State;

    /// <summary>What the station is busy with, for a person who asks.</summary>
    public HostSummary Summary => new(_registrations.HasAccounts, _registrations.Overall, _station.State, _station.Peer);

    /// <summary>Periods of the audio clock that were served.</summary>
    public long AudioPeriods { get; private set; }

    /// <summary>How often the strike was opened.</summary>
    public long DoorOpenings => _station.DoorOpenings;

    /// <summary>Wrong codes that are remembered.</summary>
    public int WrongCodeEntries => _station.WrongCodeEntries;

    /// <summary>The sound device: its lateness tells how well the loop keeps up.</summary>
    public IAudioDevice Audio => _ports.Audio;

    /// <summary>What is alive now: all of it is zero some time after the last call.</summary>
    public LiveCounts Alive => _switchboard.Alive with { NamedCalls = Calls.NamedCalls };

    /// <summary>Whether, after <see cref="End"/>, nobody waits for an answer of a peer any more.</summary>
    public bool IsQuiet => _switchboard.IsQuiet;

    /// <inheritdoc/>
    public Instant WakeAt => _disposed ? Instant.Never : Instant.Soonest(
        Instant.Soonest(Instant.Soonest(Calls.WakeAt, _panel.WakeAt), _secondHalfDue),
        Instant.Soonest(_switchboard.WakeAt, Instant.Soonest(_names.WakeAt, _networkDue)));

    /// <inheritdoc/>
    public bool HasWork => !_disposed && _switchboard.HasWork;

    /// <summary>
    /// Opens the ports of a station and lets it take part in the loop. Failure gives null, a sentence for a person, and leaves nothing
    /// open.
    /// </summary>
    /// <param name="machine">The outside world.</param>
    /// <param name="loop">The loop that the station lives on.</param>
    /// <param name="configuration">What the station does.</param>
    /// <param name="devices">Its sound device and its panel.</param>
    /// <param name="identity">Its certificate and key.</param>
    /// <param name="logger">Where its events are told.</param>
    /// <param name="problem">What is wrong; null on success.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The host owns its ports.")]
    public static AgentHost? Open(
        IMachine machine, TurnLoop loop, AgentConfiguration configuration, StationDevices devices, DtlsIdentity identity, ILogger logger,
        out string? problem)
    {
        int token = loop.NextToken;
        IDatagramSocket? signalling = machine.OpenDatagramSocket(
            configuration.Sip.Local, new Readiness(ServiceClass.Signalling, token + SignallingToken), out problem);
        IAudioDevice? audio = signalling is null ? null : machine.OpenAudioDevice(
            devices.Audio, new Readiness(ServiceClass.AudioClock, token + AudioToken), out problem);
        IDoorPanel? panel = audio is null ? null : machine.OpenDoorPanel(
            devices.Panel, new Readiness(ServiceClass.Panel, token + PanelToken), out problem);
        IStreamListener? listener = signalling is null || panel is null || !configuration.Sip.Tcp
            ? null
            : OpenListener(machine, configuration, signalling, token, out problem);
        IStreamListener? tlsListener = panel is null || problem is not null || configuration.Sip.Tls?.Certificate is null
            ? null
            : machine.OpenStreamListener(
                signalling!.LocalEndpoint.WithPort(configuration.Sip.Tls.ListenPort),
                new Readiness(ServiceClass.Signalling, token + TlsListenerToken),
                out problem);
        if (signalling is null || audio is null || panel is null || problem is not null)
        {
            tlsListener?.Dispose();
            listener?.Dispose();
            panel?.Dispose();
            audio?.Dispose();
            signalling?.Dispose();
            return null;
        }

        signalling.ReportUnreachable();
        INetworkWatch? network = machine.OpenNetworkWatch(
            new Readiness(ServiceClass.Signalling, token + NetworkToken), out string? networkProblem);
        if (networkProblem is not null)
        {
            // It works nevertheless, and comes back after an outage as late as its registration is due.
            HostLog.NetworkUnwatched(logger, networkProblem);
        }

        StationPorts ports = new(signalling, audio, panel, listener, tlsListener, network);
        AgentHost host = new(machine, token, configuration, identity, ports, logger);
        loop.Add(host);
        host.Start(loop.Now);
        return host;
    }

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
        if (_disposed)
        {
            return;
        }

        PlayWhatIsDue(now);
        switch (port.Token - _firstToken)
        {
            case AudioToken:
                ServeAudio(now);
                break;
            case SignallingToken:
                _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
                _switchboard.ReceiveSignalling(_batch, now);
                break;
            case PanelToken:
                _panel.Serve(now);
                break;
            case ListenerToken:
                _switchboard.AcceptConnections(SipTransport.Tcp, now);
                break;
            case TlsListenerToken:
                _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
                _switchboard.AcceptConnections(SipTransport.Tls, now);
                break;
            case NamesToken:
                _names.Receive(_batch, now);
                _switchboard.TakeNames(now);
                break;
            case > NamesToken and <= NamesToken + NameStreams.Slots and int stream:
                _names.ReceiveStream(stream - NamesToken - 1, now);
                _switchboard.TakeNames(now);
                break;
            case NetworkToken:
                ServeNetwork(now);
                break;
            case >= FirstConnectionToken and int connection:
                _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
                _switchboard.ReceiveConnection(connection - FirstConnectionToken, now);
                break;
            case >= FirstLineToken and int line:
                _switchboard.ReceiveMedia(line - FirstLineToken, _batch, now);
                break;
            default:
                break;
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
        if (_disposed)
        {
            return;
        }

        PlayWhatIsDue(now);
        if (now >= Calls.WakeAt)
        {
            // What the station decides holds before a call ends of itself in the same moment: nothing ends twice.
            _station.Advance(now);
            Settle(now);
        }

        if (now >= _names.WakeAt)
        {
            _names.Advance(now);
            _switchboard.TakeNames(now);
        }

        FollowNetwork(now);
        _switchboard.Advance(now);
        _panel.Advance(now);
        Settle(now);
        _switchboard.Flush();
    }

    /// <inheritdoc/>
    public void Work(Instant now)
    {
        _switchboard.Work(now);
        Settle(now);
        _switchboard.Flush();
    }

    /// <summary>
    /// Ends the station: its calls are hung up, its strike closes, its registration is taken back. The loop has to go on for a while,
    /// until <see cref="IsQuiet"/>, so that peers hear of it. Asking twice does no harm.
    /// </summary>
    public void End(Instant now)
    {
        _station.End(now);
        Calls.Settle(now);
        if (!_disposed)
        {
            _panel.Show(isUnregistered: false, now);
        }

        _switchboard.Close(now);
        _switchboard.Flush();
        _names.Flush();
    }

    /// <summary>Remembers wrong codes of an earlier life; whether that locks the codes.</summary>
    public bool RememberWrongCodes(int wrongEntries, Instant now)
    {
        bool locks = _station.RememberWrongCodes(wrongEntries, now);
        Settle(now);
        return locks;
    }

    /// <summary>Logs what arrived and had no effect, if anything: in signalling and in the calls that are over.</summary>
    public void TellDropped()
    {
        if (_switchboard.Dropped() is { IsEmpty: false } dropped)
        {
            HostLog.Dropped(_logger, dropped);
        }
    }

    /// <summary>Logs how well the loop has kept up with the sound device.</summary>
    public void TellSoundTally() => HostLog.Sound(_logger, _ports.Audio.WorstLateness / 1e6, Calls.Sound);

    /// <inheritdoc/>
    public IDatagramSocket? Open(NetworkEndpoint peer, int line, out string? problem)
    {
        NetworkEndpoint? local = FindLocal(peer);
        if (local is null)
        {
            problem = $"there is no network that leads to {peer.AddressText()}";
            return null;
        }

        problem = null;
        int ports = _configuration.Media.LastPort - _configuration.Media.FirstPort + 1;
        for (int tried = 0; tried < ports; tried++)
        {
            NetworkEndpoint candidate = local.Value.WithPort(_nextPort);
            _nextPort = _nextPort == _configuration.Media.LastPort ? _configuration.Media.FirstPort : (ushort)(_nextPort + 1);
            Readiness readiness = new(ServiceClass.Media, _firstToken + FirstLineToken + line);
            if (_machine.OpenDatagramSocket(candidate, readiness, out problem) is { } socket)
            {
                socket.SetServiceCode(_configuration.Media.Dscp);
                return socket;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IStreamConnection? Connect(NetworkEndpoint remote, int slot, out string? problem) =>
        _machine.ConnectStream(remote, ConnectionReadiness(slot), out problem);

    /// <inheritdoc/>
    public IStreamConnection? Accept(SipTransport transport, int slot) =>
        (transport == SipTransport.Tls ? _ports.TlsListener : _ports.Listener)?.Accept(ConnectionReadiness(slot));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _switchboard.Dispose();
            _names.Dispose();
            _ports.Dispose();
            _voice?.Dispose();
        }
    }

    /// <summary>
    /// TCP is spoken at the port of UDP. Where the kernel chooses that, somebody may have it for TCP: then there is none.
    /// </summary>
    private static IStreamListener? OpenListener(
        IMachine machine, AgentConfiguration configuration, IDatagramSocket signalling, int token, out string? problem)
    {
        IStreamListener? listener = machine.OpenStreamListener(
            signalling.LocalEndpoint, new Readiness(ServiceClass.Signalling, token + ListenerToken), out problem);
        problem = configuration.Sip.Local.Port == 0 ? null : problem;
        return listener;
    }

    private Readiness ConnectionReadiness(int slot) => new(ServiceClass.Signalling, _firstToken + FirstConnectionToken + slot);

    private void Start(Instant now)
    {
        _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
        if (_registrations.HasAccounts)
        {
            _switchboard.Register(now);
        }

        Settle(now);
    }

    private void Settle(Instant now)
    {
        Calls.Settle(now);
        while (_switchboard.TryTakeRegistration(out RegistrationEvent happened))
        {
            TakeRegistration(happened);
        }

        _names.Flush();
        _sounds.Follow(_station.State, _switchboard.HearsEarly);
        _panel.Show(isUnregistered: _registrations.Overall?.Problem is not null, now);
    }

    /// <summary>Each change is told once, however often the attempt is repeated.</summary>
    private void TakeRegistration(RegistrationEvent happened)
    {
        if (happened.Problem is not null)
        {
            // The network may have come up since, or have another address now: the next attempt goes out under that.
            _located = _switchboard.PreferredServer;
            _switchboard.Local = FindContact();
        }

        if (!_registrations.TryTake(happened))
        {
            return;
        }

        string with = _registrations.IsOneOfSeveral ? $" with {happened.Account}" : "";
        if (happened.Problem is null)
        {
            HostLog.Registered(_logger, with);
        }
        else
        {
            HostLog.NotRegistered(_logger, with, happened.Status, happened.Problem);
        }
    }
}
