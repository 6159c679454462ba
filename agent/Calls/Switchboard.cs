using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>
/// All calls of one station, each from its first byte to its last: the only place that knows both signalling and media. What the
/// station wants comes in as a method; what others do comes out of <see cref="TryTake"/>. A call that we end ourselves gives no more
/// events: whoever ended it knows.
/// </summary>
internal sealed partial class Switchboard : IDisposable
{
    private readonly SipEndpoint _sip;
    private readonly IDatagramSocket _signalling;
    private readonly IMediaPorts _ports;
    private readonly SipConnections? _connections;
    private readonly Call?[] _lines = new Call?[SipLimits.Calls];
    private readonly Dictionary<SipCall, CallTerms> _located = [];
    private readonly Queue<CallEvent> _events = new();
    private readonly Queue<RegistrationEvent> _registrations = new();
    private readonly DropTally _dropped = new();
    private readonly byte[] _message = new byte[SipLimits.SentMessage];
    private readonly byte[] _body = new byte[SipLimits.SentBody];
    private Instant _sipWakeAt = Instant.Zero;

    /// <summary>A switchboard without calls.</summary>
    /// <param name="settings">What all calls have in common.</param>
    /// <param name="sip">Signalling; owned from now on.</param>
    /// <param name="signalling">The port that signalling uses; owned from now on.</param>
    /// <param name="ports">Where media ports come from.</param>
    /// <param name="connections">The connections that signalling uses; owned from now on. Null where UDP is all that is spoken.</param>
    public Switchboard(
        SwitchboardSettings settings, SipEndpoint sip, IDatagramSocket signalling, IMediaPorts ports, SipConnections? connections = null)
    {
        _connections = connections;
        _sip = sip;
        Settings = settings;
        _signalling = signalling;
        _ports = ports;
    }

    /// <summary>What the calls that begin from now on have in common.</summary>
    public SwitchboardSettings Settings
    {
        get;

        set
        {
            field = value;
            _sip.AllowsTransfer = value.AllowsTransfer;
        }
    }

    /// <summary>What added to an <see cref="Instant"/> gives the wall clock, in nanoseconds since 1970: for sender reports.</summary>
    public long UnixTimeOffset
    {
        get;

        set
        {
            field = value;
            _connections?.UnixTimeOffset = value;
        }
    }

    /// <summary>The address at which others reach our signalling; the port is that of the signalling port.</summary>
    public NetworkEndpoint Local
    {
        set
        {
            _sip.Local = value.WithPort(_signalling.LocalEndpoint.Port);

            // The registrar hears of it: the next turn lets it out.
            _sipWakeAt = Instant.Zero;
        }
    }

    /// <summary>Where the server is that calls take; null without one, and while none was found.</summary>
    public NetworkEndpoint? PreferredServer => _sip.PreferredServer?.Endpoint;

    /// <summary>Whether the registrar or the proxy has said that the configuration changed; whoever acts on it sets it back.</summary>
    public bool IsReloadWanted { get; set; }

    /// <summary>Calls that are not over.</summary>
    public int ActiveCalls { get; private set; }

    /// <summary>What is alive now.</summary>
    public LiveCounts Alive => new(ActiveCalls, _sip.KeptCalls, _sip.Transactions);

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant soonest = Instant.Soonest(_sipWakeAt, _connections?.WakeAt ?? Instant.Never);
            foreach (Call? call in _lines)
            {
                soonest = call is null ? soonest : Instant.Soonest(soonest, call.WakeAt);
            }

            return soonest;
        }
    }

    /// <summary>
    /// Calls a target. Null when that cannot even be tried, with the reason in words; then no event follows.
    /// </summary>
    /// <param name="target">The SIP URI.</param>
    /// <param name="offers">Where the call's keys shall come from; <see cref="MediaKeying.None"/> when it need not be encrypted.</param>
    /// <param name="now">The moment.</param>
    /// <param name="problem">Why it cannot be tried.</param>
    /// <param name="referrer">The call whose peer has asked for this one by a transfer; none when nobody has.</param>
    public SipCall? Place(string target, MediaKeying offers, Instant now, out string? problem, SipCall referrer = default)
    {
        CallTerms terms = new(target, Settings.Description with { AllowPlain = offers == MediaKeying.None, Offers = offers });
        if (_sip.FindNextHop(target) is not { } next)
        {
            problem = null;
            SipCall located = _sip.Locate(target, now, referrer);
            _located.Add(located, terms);
            DrainSignalling(now);
            return located;
        }

        if (OpenOutgoing(next, terms, out problem) is not { } call)
        {
            return null;
        }

        call.Name = _sip.Invite(target, next, WriteOffer(call), now, referrer);
        DrainSignalling(now);
        return call.Name;
    }

    /// <summary>Says how it stands with the transfer that the peer of a call has asked for; the call may be over by now.</summary>
    /// <param name="name">The call.</param>
    /// <param name="status">First 100 when it is tried, or why it is not; then what comes of it, 200 or more at last.</param>
    /// <param name="now">The moment.</param>
    public void ReportTransfer(SipCall name, int status, Instant now)
    {
        _sip.ReportReferral(name, status, now);
        DrainSignalling(now);
    }

    /// <summary>Tells the caller that it rings here.</summary>
    public void Ring(SipCall name, Instant now)
    {
        _sip.Ring(name, now);
        DrainSignalling(now);
    }

    /// <summary>Answers a call from outside, with a tone at this end where nobody's hand does.</summary>
    public void Answer(SipCall name, bool withTone, Instant now)
    {
        if (Find(name) is not { State: CallState.Called } call)
        {
            return;
        }

        if (call.AwaitsAnswerInPrack)
        {
            call.AnswersWithTone = withTone;
            return;
        }

        call.State = CallState.Established;
        if (withTone)
        {
            _tone.Start();
        }

        if (call.Agreement is null)
        {
            OfferInResponse(call, now);
        }
        else
        {
            AcceptCall(call, now);
            Apply(call, call.Agreement, now);
        }

        DrainSignalling(now);
    }

    /// <summary>Ends a call in the way that its state asks for. A call that is over already is no error, and gives null.</summary>
    public CallReport? End(SipCall name, SipEndCause cause, Instant now)
    {
        Call? call = Find(name);
        CallReport? report = call is null ? null : Release(call, now);
        _ = _located.Remove(name);
        _sip.End(name, cause, now);
        DrainSignalling(now);
        return report;
    }

    /// <summary>Holds a call, or takes it back from hold, by a re-INVITE (RFC 3264 section 8.4). False when the call is not up, or is
    /// being changed already.</summary>
    public bool TryHold(SipCall name, bool hold, Instant now)
    {
        if (Find(name) is not { State: CallState.Established, Description.HasOpenOffer: false } call || !MayOffer(call))
        {
            return false;
        }

        Reoffer(call, hold ? MediaDirection.SendOnly : MediaDirection.SendReceive, now);
        DrainSignalling(now);
        return true;
    }

    /// <summary>
    /// Presses a key in a call: as a telephone event, or by INFO where the peer takes none. False when the call is not up, or too many
    /// keys wait.
    /// </summary>
    public bool TryPressKey(SipCall name, DtmfDigit digit, Instant now)
    {
        if (Find(name) is not { State: CallState.Established } call)
        {
            return false;
        }

        if (call.Media.TakesKeys)
        {
            return call.Media.TryPressKey(digit);
        }

        Span<byte> body = stackalloc byte[InfoDigits.BodyLength];
        int length = InfoDigits.Write(digit.Key, body);
        _sip.SendInfo(name, InfoDigits.RelayType, body[..length], now);
        DrainSignalling(now);
        return true;
    }

    /// <summary>Keeps the account registered from now on.</summary>
    public void Register(Instant now)
    {
        _sip.Register(now);
        DrainSignalling(now);
    }

    /// <summary>Reads what has arrived on the signalling port, and what the network says of datagrams that left it.</summary>
    public void ReceiveSignalling(DatagramBatch batch, Instant now)
    {
        int count = _signalling.Receive(batch);
        for (int index = 0; index < count; index++)
        {
            _sip.Receive(batch[index], batch.Sender(index), now);
            DrainSignalling(now);
        }

        while (_signalling.TryTakeUnreachable(out NetworkEndpoint destination))
        {
            _sip.ReceiveUnreachable(destination, now);
            DrainSignalling(now);
        }
    }

    /// <summary>Takes the connections that wait to be taken.</summary>
    public void AcceptConnections(SipTransport transport, Instant now) => _connections?.Accept(transport, now);

    /// <summary>Whether a connection has something expensive to do.</summary>
    private bool HasConnectionWork => _connections?.HasWork == true;

    /// <summary>Reads what has arrived on a connection.</summary>
    public void ReceiveConnection(int slot, Instant now)
    {
        _connections?.Serve(slot, now);
        while (_connections?.TryTake(slot, now, out ReadOnlySpan<byte> message, out SipHop from) == true)
        {
            _sip.Receive(message, from, now);
            DrainSignalling(now);
        }

        DrainSignalling(now);
    }

    /// <summary>The name system has answered, or has given up: whoever waits for that goes on.</summary>
    public void TakeNames(Instant now)
    {
        _sip.Advance(now);
        DrainSignalling(now);
    }

    /// <summary>Lets due timers fire.</summary>
    public void Advance(Instant now)
    {
        MoveCalls(now);
        _connections?.Advance(now);
        if (now >= _sipWakeAt || _connections?.HasFailures == true)
        {
            _sip.Advance(now);
            DrainSignalling(now);
        }

        foreach (Call? call in _lines)
        {
            if (call is not null && now >= call.WakeAt)
            {
                call.Media.Advance(now);
                DrainMedia(call, now);
            }
        }
    }

    /// <summary>The next thing that has happened; false when there is none.</summary>
    public bool TryTake(out CallEvent happened) => _events.TryDequeue(out happened);

    /// <summary>The next change of the registration; false when there is none.</summary>
    public bool TryTakeRegistration(out RegistrationEvent happened) => _registrations.TryDequeue(out happened);

    /// <summary>Hands all that was queued in this turn to the kernel.</summary>
    public void Flush()
    {
        _signalling.Flush();
        foreach (Call? call in _lines)
        {
            call?.Socket.Flush();
        }
    }

    /// <summary>What the call came to so far; null when it is over.</summary>
    public CallReport? Report(SipCall name) => Find(name)?.Report();

    /// <summary>What was dropped so far, by reason: in signalling and in the calls that are over.</summary>
    public DropTally Dropped()
    {
        DropTally tally = new();
        tally.Add(_dropped);
        tally.Add("SIP NotSent", _signalling.SendFailures);
        for (SipDropReason reason = 0; reason < SipDropReason.Count; reason++)
        {
            tally.Add($"SIP {reason}", _sip.Dropped(reason) + (_connections?.Dropped(reason) ?? 0));
        }

        return tally;
    }

    /// <summary>Ends all calls and the registration. What signalling still has to say goes on until <see cref="IsQuiet"/>.</summary>
    public void Close(Instant now)
    {
        foreach (Call? call in _lines)
        {
            if (call is not null)
            {
                _ = Release(call, now);
            }
        }

        _located.Clear();
        _sip.Close(now);
        DrainSignalling(now);
    }

    /// <summary>Whether, after <see cref="Close"/>, nothing waits for an answer any more.</summary>
    public bool IsQuiet => _sip.IsClosed;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Call? call in _lines)
        {
            call?.Dispose();
        }

        Array.Clear(_lines);
        _connections?.Dispose();
        _signalling.Dispose();
    }

    private Call? Find(SipCall name)
    {
        foreach (Call? call in _lines)
        {
            if (call?.Name == name)
            {
                return call;
            }
        }

        return null;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The call owns its description.")]
    private Call? OpenCall(NetworkEndpoint peer, CallState state, SdpSettings terms, out string? problem)
    {
        int line = Array.IndexOf(_lines, null);
        if (line < 0)
        {
            problem = $"there are {_lines.Length} calls already";
            return null;
        }

        if (_ports.Open(peer, line, out problem) is not { } socket)
        {
            return null;
        }

        if (ActiveCalls == 0 && !Settings.HasAccount)
        {
            // What leads to the peer's media leads to its signalling, too: that is the address to be called back at. A registrar knows
            // us by the address that leads to it, and a call that is up goes on at the address that it began with.
            Local = socket.LocalEndpoint;
        }

        // What was captured before the call began, in another one perhaps, is not for its peer to hear.
        Array.Clear(_lastCaptured);
        AudioSession description = new(terms, Settings.Media.Random, socket.LocalEndpoint);
        Call call = new(line, socket, description, Settings.Media) { State = state, KeysNeed = Settings.KeysNeed };
        _lines[line] = call;
        ActiveCalls++;
        return call;
    }

    /// <summary>Takes the call off the switchboard: its media say goodbye, its port closes.</summary>
    private CallReport Release(Call call, Instant now)
    {
        CallReport report = call.Report();
        _dropped.Add(report.Dropped);
        _dropped.Add("media NotSent", call.Socket.SendFailures);
        int length = call.Media.End(_packet, now, UnixTimeOffset + now.Nanoseconds, out NetworkEndpoint to);
        if (length > 0)
        {
            call.Socket.Send(_packet.AsSpan(0, length), to);
        }

        DrainMedia(call, now);
        call.Socket.Flush();
        call.Dispose();
        _lines[call.Line] = null;
        ActiveCalls--;
        return report;
    }

    private void TakeKey(Call call, char key, KeyWay way, Instant now)
    {
        if (call.Keys.IsNew(key, way, now))
        {
            _events.Enqueue(new CallEvent(CallEventKind.Digit, call.Name, Digit: key));
        }
    }

    /// <summary>The call failed on our side of the line: its signalling ends, and the station hears of it.</summary>
    private void Fail(Call call, SipEndCause cause, string problem, Instant now, int status = 0)
    {
        CallReport report = Release(call, now);
        _ = _located.Remove(call.Name);
        _sip.End(call.Name, cause, now);
        _sipWakeAt = now;
        _events.Enqueue(new CallEvent(
            CallEventKind.Ended, call.Name, Status: status, Problem: problem, Report: report, MayOfferKeys: call.MayOfferKeys));
    }
}
