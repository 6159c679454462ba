using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Calls;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;
using IntercomAgent.Station;

namespace IntercomAgent;

/// <content>What the configuration means to the engines, and how it changes while they run.</content>
internal sealed partial class AgentHost
{
    /// <summary>Whether the registrar or the proxy has said since the last time of asking that the configuration changed.</summary>
    public bool TakeReloadWanted()
    {
        bool isWanted = _switchboard.IsReloadWanted;
        _switchboard.IsReloadWanted = false;
        return isWanted;
    }

    /// <summary>
    /// Does as another configuration says, without touching a call: codes, ring plans, limits, name servers and the policy for callers at once; what
    /// concerns media in the calls that begin from now on. Returns the sections that differ and need a restart: those of the signalling
    /// port with its account, of the devices, and of the identity. The former ones hold until then.
    /// </summary>
    public IReadOnlyList<string> Reconfigure(AgentConfiguration configuration, Instant now)
    {
        List<string> waiting = [];
        AddIf(configuration.Sip != _configuration.Sip, "[sip]");
        AddIf(configuration.Callers != _configuration.Callers, "[[caller]]");
        AddIf(configuration.Audio != _configuration.Audio, "[audio]");
        AddIf(configuration.Sounds != _configuration.Sounds, "[sounds]");
        AddIf(configuration.Panel != _configuration.Panel, "[panel]");
        AddIf(
            (configuration.IdentityFile, configuration.CertificateKind) != (_configuration.IdentityFile, _configuration.CertificateKind),
            "[identity]");
        _names.Configure(configuration.NameServers);
        _configuration = _configuration with
        {
            NameServers = configuration.NameServers,
            Media = configuration.Media,
            Station = configuration.Station,
            LogLevel = configuration.LogLevel,
        };
        _nextPort = _configuration.Media.FirstPort;
        _sounds.Prepare(_configuration.Media.SampleRate);
        _switchboard.Settings = SwitchboardSettingsOf(_configuration);
        _station.Reconfigure(_configuration.Station);
        Settle(now);
        return waiting;

        void AddIf(bool differs, string section)
        {
            if (differs)
            {
                waiting.Add(section);
            }
        }
    }

    private SwitchboardSettings SwitchboardSettingsOf(AgentConfiguration configuration)
    {
        MediaConfiguration media = configuration.Media;
        SdpSettings description = new()
        {
            Codecs = [.. media.Codecs.Where(AudioCoders.IsAvailable)],
            AllowPlain = media.AllowPlain && configuration.Station.Incoming.Security != CallSecurity.Secure,
            Offers = media.AllowPlain && configuration.Station.Incoming.Security == CallSecurity.AllowPlain ? MediaKeying.None : MediaKeying.Dtls,
            CryptoSuites = media.SrtpProfiles,
            Fingerprint = _identity.Fingerprint,
        };
        MediaSettings secured = new()
        {
            Identity = _identity,
            SrtpProfiles = media.SrtpProfiles,
            AllowCbc = media.AllowCbc,
            PeerGone = media.PeerGone,
            Random = new MachineRandom(_machine),
            PlayedSamples = _ports.Audio.HalfSamples * AudioStream.SampleRate / _ports.Audio.SampleRate,
        };
        SipPrivacy keysNeed = media.SignalledKeys switch
        {
            SignalledKeysRule.Off => SipPrivacy.None,
            SignalledKeysRule.OverTls => SipPrivacy.NextHop,
            SignalledKeysRule.OverSips => SipPrivacy.AllHops,
        };
        return new SwitchboardSettings(description, secured, configuration.Sip.Accounts.Count > 0, keysNeed, configuration.Station.AllowsTransfer);
    }

    /// <summary>The path of the microphone, at the rate that is mixed at; null where its sound is sent as it is.</summary>
    private static CapturedVoice? VoiceOf(AudioConfiguration configuration, ConvertedAudioDevice audio)
    {
        if (configuration.Alsa is not { CaptureDevice: not null, Voice: var voice } || voice == VoiceSettings.None)
        {
            return null;
        }

        return new CapturedVoice(audio.SampleRate, audio.PeriodSamples, voice, voice.NeedsLibrary && SpeexDsp.IsInstalled());
    }

    private static SipServer ServerOf(ServerAddress server, string? certificateName)
    {
        SipTransport? transport = server.Transport switch
        {
            ServerTransport.Udp => SipTransport.Udp,
            ServerTransport.Tcp => SipTransport.Tcp,
            ServerTransport.Tls => SipTransport.Tls,
            ServerTransport.Any => null,
        };

        // The name was checked when it was read.
        return server.IsName && DnsName.TryParse(server.Host, out string? host)
            ? new SipServer(null, new TargetName(host, server.Port, transport))
            : new SipHop(transport ?? SipTransport.Udp, server.Address, transport == SipTransport.Tls ? certificateName : null);
    }

    private static TlsSettings? TlsSettingsOf(TlsConfiguration? tls, IMachine machine) => tls is null ? null : new TlsSettings
    {
        Random = new MachineRandom(machine),
        Anchors = tls.ReadAuthorities(),
        Pinned = [.. tls.ReadPinned()],
        Identity = tls.ReadIdentity(),
        DemandClientCertificate = tls.DemandClientCertificate,
    };

    private static SipAccount AccountOf(AccountConfiguration account) =>
        new(ServerOf(account.Registrar, account.CertificateName), account.User, account.Password, account.Expires)
        {
            AddressOfRecord = account.AddressOfRecord,
            KeepAlive = account.KeepAlive,
            Probe = account.Probe,
            AllowsMd5 = account.AllowMd5,
            UsesGruu = account.UsesGruu,
            OutboundProxy = account.OutboundProxy is { } proxy ? ServerOf(proxy, account.CertificateName) : null,
        };

    private static SipSettings SipSettingsOf(SipConfiguration sip, CallerConfiguration callers) => new()
    {
        LimitsStrangers = true,
        DisplayName = sip.DisplayName,
        User = sip.User,
        Domain = sip.Domain,
        OffersAlias = sip.Tls?.Certificate is not null,
        TlsPort = sip.Tls?.ListenPort ?? SipUri.DefaultTlsPort,
        Accounts = [.. sip.Accounts.Select(AccountOf)],
        Callers = callers.Accounts.Count == 0
            ? null
            : new DigestServerSettings
            {
                Realm = sip.Domain ?? sip.User,
                Accounts = [.. callers.Accounts.Select(caller => new CallerAccount(caller.User, caller.Password))],
                AllowMd5 = callers.AllowMd5,
            },
        UserAgent = $"intercom-agent/{BuildVersion.Text}",
    };
}
