using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// A telephone that knows no DTLS-SRTP: it takes calls whose keys are in the signalling, and refuses any other with 488. It speaks SIP over
/// TLS and UDP, and hums.
/// </summary>
internal sealed class KeyedPhone : IStreamPorts, IDisposable
{
    public const ushort Port = 6100;
    public const ushort TlsPort = 6101;

    private const uint Loopback = 0x7F000001;
    private static readonly Readiness Unserved = new(ServiceClass.Signalling, int.MaxValue);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly House _house;
    private readonly IDatagramSocket _signalling;
    private readonly IStreamListener _listener;
    private readonly IDatagramSocket _media;
    private readonly SipConnections _connections;
    private readonly SipEndpoint _sip;
    private readonly SdpSettings _terms;
    private readonly DatagramBatch _batch = new();
    private readonly Tone _voice = new(700);
    private readonly byte[] _message = new byte[SipEndpoint.BufferSize];
    private readonly byte[] _packet = new byte[2048];
    private readonly short[] _samples = new short[AudioStream.PacketSamples];
    private readonly CallMedia _audio;
    private AudioSession _session;
    private SipCall _call;
    private Instant _nextPeriod;

    public KeyedPhone(House house, DtlsIdentity identity)
    {
        _house = house;
        NetworkEndpoint local = NetworkEndpoint.FromIPv4(Loopback, Port);
        _signalling = house.Machine.OpenDatagramSocket(local, Unserved, out _)!;
        _media = house.Machine.OpenDatagramSocket(local.WithPort(7100), Unserved, out _)!;
        _listener = house.Machine.OpenStreamListener(local.WithPort(TlsPort), Unserved, out _)!;
        MachineRandom random = new(house.Machine);
        string pem = identity.ToPem();
        _connections = new SipConnections(this, new TlsSettings
        {
            Random = random,
            Pinned = [identity.Fingerprint],
            Identity = TlsIdentity.TryReadPem(pem, pem, out _),
        })
        {
            UnixTimeOffset = house.Machine.UnixTime - house.Machine.Now,
        };
        SipSettings settings = new() { DisplayName = "phone", User = "phone", SpeaksTls = true, TlsPort = TlsPort };
        _sip = new SipEndpoint(settings, local, random);
        _terms = new SdpSettings
        {
            Codecs = [AudioCodec.Pcmu],
            AllowPlain = false,
            Offers = MediaKeying.Signalling,
            CryptoSuites = [SrtpProfile.AesCm128HmacSha1Tag80],
            Fingerprint = identity.Fingerprint,
        };
        Media = new MediaSettings { Identity = identity, SrtpProfiles = [], PeerGone = TimeSpan.FromSeconds(10), Random = random };
        _session = NewSession();
        _audio = new CallMedia(Media);
        _nextPeriod = Now;
    }

    /// <summary>The protocols that the calls to it offered, one after another.</summary>
    public List<string> Offered { get; } = [];

    /// <summary>What became of the call or the new offer that it made last.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Periods in which it heard somebody.</summary>
    public int LoudPeriods { get; private set; }

    private MediaSettings Media { get; }

    private Instant Now => _house.Loop.Now;

    /// <summary>Calls an address.</summary>
    public void Dial(string uri, SipTransport transport, ushort port)
    {
        SipHop hop = new(transport, NetworkEndpoint.FromIPv4(Loopback, port));
        _call = _sip.Invite(uri, hop, Offer(), Now);
    }

    /// <summary>Makes another offer in its call, with other keys, or without any.</summary>
    public void Reoffer(bool isPlain)
    {
        _session.Dispose();
        _session = NewSession();
        byte[] offer = Offer();
        string plain = string.Join("\r\n", Array.FindAll(
            Encoding.ASCII.GetString(offer).Replace("RTP/SAVP", "RTP/AVP").Split("\r\n"), line => !line.StartsWith("a=crypto")));
        _sip.Reinvite(_call, isPlain ? Encoding.ASCII.GetBytes(plain) : offer, Now);
    }

    /// <summary>Does what there is to do; after each turn of the house.</summary>
    public void Serve()
    {
        _connections.Accept(SipTransport.Tls, Now);
        for (int slot = 0; slot < SipLimits.Connections; slot++)
        {
            ServeConnection(slot);
        }

        for (int slot = _connections.Work(); slot >= 0; slot = _connections.Work())
        {
            ServeConnection(slot);
        }

        int count = _signalling.Receive(_batch);
        for (int index = 0; index < count; index++)
        {
            _sip.Receive(_batch[index], _batch.Sender(index), Now);
        }

        _sip.Advance(Now);
        _connections.Advance(Now);
        DrainSignalling();
        ServeMedia();
        _signalling.Flush();
        _media.Flush();
    }

    IStreamConnection? IStreamPorts.Connect(NetworkEndpoint remote, int slot, out string? problem) =>
        _house.Machine.ConnectStream(remote, Unserved, out problem);

    IStreamConnection? IStreamPorts.Accept(SipTransport transport, int slot) => _listener.Accept(Unserved);

    public void Dispose()
    {
        _connections.Dispose();
        _listener.Dispose();
        _session.Dispose();
        _audio.Dispose();
        _media.Dispose();
        _signalling.Dispose();
    }

    private AudioSession NewSession() =>
        new(_terms, Media.Random, NetworkEndpoint.FromIPv4(Loopback, 7100)) { KeyTravel = KeyTravel.Allowed };

    private byte[] Offer()
    {
        byte[] offer = new byte[SdpLimits.WrittenDescription];
        return offer[.._session.WriteOffer(MediaDirection.SendReceive, offer)];
    }

    private void ServeConnection(int slot)
    {
        _connections.Serve(slot, Now);
        while (_connections.TryTake(slot, Now, out ReadOnlySpan<byte> message, out SipHop from))
        {
            _sip.Receive(message, from, Now);
            DrainSignalling();
        }
    }

    private void DrainSignalling()
    {
        for (SipOutput output = _sip.Poll(_message); output.Kind != SipOutputKind.Idle; output = _sip.Poll(_message))
        {
            switch (output.Kind)
            {
                case SipOutputKind.Send when output.To.IsReliable:
                    _connections.Send(output.To, output.Datagram, Now);
                    break;
                case SipOutputKind.Send:
                    _signalling.Send(output.Datagram, output.To.Endpoint);
                    break;
                case SipOutputKind.Incoming:
                    _call = output.Call;
                    Offered.Add(Encoding.ASCII.GetString(output.Body).Split("m=audio ")[1].Split(' ')[1]);
                    _session.Dispose();
                    _session = NewSession();
                    AnswerOffer(output.Body);
                    break;
                case SipOutputKind.Reoffered:
                    AnswerOffer(output.Body);
                    break;
                case SipOutputKind.Answered or SipOutputKind.ReofferAnswered:
                    Outcome = _session.TakeAnswer(output.Body, out AudioAgreement? agreement).ToString();
                    Apply(agreement);
                    break;
                case SipOutputKind.Ended or SipOutputKind.ReofferFailed:
                    Outcome = $"{output.Kind} {output.Status}";
                    break;
                default:
                    break;
            }
        }
    }

    private void AnswerOffer(ReadOnlySpan<byte> offer)
    {
        byte[] answer = new byte[SdpLimits.WrittenDescription];
        bool isKeyed = Encoding.ASCII.GetString(offer).Contains(" RTP/SAVP ", StringComparison.Ordinal);
        if (!isKeyed || _session.AnswerOffer(offer, answer, out int length, out AudioAgreement? agreement) != SdpVerdict.Accepted)
        {
            _sip.Reject(_call, 488, Now);
            return;
        }

        _sip.Accept(_call, answer.AsSpan(0, length), Now);
        Apply(agreement);
    }

    private void Apply(AudioAgreement? agreement)
    {
        if (agreement is not null)
        {
            _audio.Apply(agreement, Now);
        }
    }

    private void ServeMedia()
    {
        int count = _media.Receive(_batch);
        for (int index = 0; index < count; index++)
        {
            _audio.Receive(_batch[index], _batch.Sender(index), Now);
        }

        for (MediaOutput output = _audio.Poll(_packet, Now, 0); output.Kind != MediaOutputKind.Idle; output = _audio.Poll(_packet, Now, 0))
        {
            if (output.Kind == MediaOutputKind.Send)
            {
                _media.Send(output.Datagram, output.To);
            }
        }

        while (_nextPeriod <= Now)
        {
            _nextPeriod += Period;
            _voice.Read(_samples);
            int length = _audio.WritePacket(_samples, _packet, Now, out NetworkEndpoint to);
            if (length > 0)
            {
                _media.Send(_packet.AsSpan(0, length), to);
            }

            _audio.Play(_samples, Now);
            LevelMeter meter = new();
            meter.Measure(_samples);
            LoudPeriods += meter.Level > -30 ? 1 : 0;
        }
    }
}
