using System;
using System.IO;
using IntercomAgent.Audio;
using IntercomAgent.Calls;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Storm;

/// <summary>
/// The agent's own switchboard on its own SIP port, without a door behind it: it takes part in the loop as the agent's host does, and
/// hands what happens to calls to its side of the storm.
/// </summary>
internal sealed class Station : ITurnMember, IMediaPorts, IDisposable
{
    /// <summary>
    /// RFC 3261 section 17.1.1.1 allows a smaller T1 in a closed network. A tenth of the usual one lets what a call leaves in signalling
    /// go after 3.2 s: its growth ends soon after the storm has begun, and what grows then is a leak.
    /// </summary>
    public static readonly TimeSpan ShortT1 = TimeSpan.FromMilliseconds(50);

    /// <summary>What peers count on.</summary>
    public static readonly TimeSpan UsualT1 = TimeSpan.FromMilliseconds(500);

    private const int SignallingToken = 0;
    private const int FirstLineToken = 1;

    private readonly Machine _machine;
    private readonly Side _side;
    private readonly int _firstToken;
    private readonly IDatagramSocket _signalling;
    private readonly SipEndpoint _sip;
    private readonly Switchboard _switchboard;
    private readonly DatagramBatch _batch = new();

    public Station(Machine machine, TurnLoop loop, int number, TimeSpan t1, DtlsIdentity identity, Side side)
    {
        _machine = machine;
        _side = side;
        Number = number;
        _firstToken = loop.NextToken;
        _signalling = machine.OpenDatagramSocket(
            Loopback, new Readiness(ServiceClass.Signalling, _firstToken + SignallingToken), out string? problem)
            ?? throw new IOException(problem);
        MachineRandom random = new(machine);
        SipSettings sip = new() { DisplayName = "", User = "storm", T1 = t1, T2 = t1 * 8, T4 = t1 * 10 };
        SdpSettings description = new() { Codecs = [AudioCodec.Pcmu], AllowPlain = false, Fingerprint = identity.Fingerprint };
        MediaSettings media = new()
        {
            Identity = identity,
            SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
            PeerGone = TimeSpan.FromSeconds(10),
            Random = random,
        };
        _sip = new SipEndpoint(sip, _signalling.LocalEndpoint, random);
        SwitchboardSettings settings = new(description, media, HasAccount: false, AllowsTransfer: false);
        _switchboard = new Switchboard(settings, _sip, _signalling, this);
        loop.Add(this);
    }

    /// <summary>Its place among the stations of its process.</summary>
    public int Number { get; }

    /// <summary>Where to call it.</summary>
    public string Address => $"sip:storm@{_signalling.LocalEndpoint}";

    /// <summary>Calls that its switchboard knows.</summary>
    public int ActiveCalls => _switchboard.ActiveCalls;

    /// <summary>Transactions, and calls with those that are over, that its signalling still keeps.</summary>
    public int KeptInSignalling => _sip.Transactions + _sip.KeptCalls;

    /// <summary>What was dropped so far, by reason.</summary>
    public DropTally Dropped => _switchboard.Dropped();

    /// <inheritdoc/>
    public Instant WakeAt => _switchboard.WakeAt;

    /// <inheritdoc/>
    public bool HasWork => _switchboard.HasWork;

    private static NetworkEndpoint Loopback => NetworkEndpoint.FromIPv4(0x7F000001, 0);

    /// <summary>Calls an address; null, with the reason, when it cannot.</summary>
    public SipCall? Place(string target, Instant now, out string? problem) => _switchboard.Place(target, MediaKeying.Dtls, now, out problem);

    /// <summary>Tells the caller that it rings here.</summary>
    public void Ring(SipCall call, Instant now) => _switchboard.Ring(call, now);

    /// <summary>Answers a call.</summary>
    public void Answer(SipCall call, Instant now) => _switchboard.Answer(call, withTone: false, now);

    /// <summary>Hangs a call up; what it came to, or null when it was over.</summary>
    public CallReport? HangUp(SipCall call, Instant now) => _switchboard.End(call, SipEndCause.HungUp, now);

    /// <summary>What a call has come to so far; null when it is over.</summary>
    public CallReport? Report(SipCall call) => _switchboard.Report(call);

    /// <summary>One period of the audio clock.</summary>
    public void Period(ReadOnlySpan<short> captured, Span<short> played, Instant now)
    {
        _switchboard.UnixTimeOffset = _machine.UnixTime - _machine.Now;
        _switchboard.SendPackets(captured, now);
        _switchboard.Play(played, now);
        Settle(now);
    }

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
        int token = port.Token - _firstToken;
        if (token == SignallingToken)
        {
            _switchboard.ReceiveSignalling(_batch, now);
        }
        else
        {
            _switchboard.ReceiveMedia(token - FirstLineToken, _batch, now);
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
        _switchboard.Advance(now);
        Finish(now);
    }

    /// <inheritdoc/>
    public void Work(Instant now)
    {
        _switchboard.Work(now);
        Finish(now);
    }

    /// <summary>Tells what has happened, and sends what came of it.</summary>
    public void Finish(Instant now)
    {
        Settle(now);
        _switchboard.Flush();
    }

    /// <inheritdoc/>
    public NetworkEndpoint? FindLocal(NetworkEndpoint peer) => Loopback;

    /// <inheritdoc/>
    public IDatagramSocket? Open(NetworkEndpoint peer, int line, out string? problem) =>
        _machine.OpenDatagramSocket(Loopback, new Readiness(ServiceClass.Media, _firstToken + FirstLineToken + line), out problem);

    /// <inheritdoc/>
    public void Dispose() => _switchboard.Dispose();

    private void Settle(Instant now)
    {
        while (_switchboard.TryTake(out CallEvent happened))
        {
            _side.Happened(this, happened, now);
        }
    }
}
