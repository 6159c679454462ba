using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
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
internal sealed class Switchboard : IDisposable
{
    private readonly SwitchboardSettings _settings;
    private readonly SipEndpoint _sip;
    private readonly IDatagramSocket _signalling;
    private readonly IMediaPorts _ports;
    private readonly Call?[] _lines = new Call?[SipLimits.Calls];
    private readonly Queue<CallEvent> _events = new();
    private readonly byte[] _message = new byte[SipLimits.SentMessage];
    private readonly byte[] _body = new byte[SipLimits.SentBody];
    private readonly byte[] _packet = new byte[DatagramBatch.DatagramSize];
    private readonly short[] _voice = new short[AudioStream.PeriodSamples];
    private Instant _sipWakeAt = Instant.Zero;
    private int _nextWorker;

    /// <summary>A switchboard without calls.</summary>
    /// <param name="settings">What all calls have in common.</param>
    /// <param name="sip">Signalling; owned from now on.</param>
    /// <param name="signalling">The port that signalling uses; owned from now on.</param>
    /// <param name="ports">Where media ports come from.</param>
    public Switchboard(SwitchboardSettings settings, SipEndpoint sip, IDatagramSocket signalling, IMediaPorts ports)
    {
        _settings = settings;
        _sip = sip;
        _signalling = signalling;
        _ports = ports;
    }

    /// <summary>What added to an <see cref="Instant"/> gives the wall clock, in nanoseconds since 1970: for sender reports.</summary>
    public long UnixTimeOffset { get; set; }

    /// <summary>Calls that are not over.</summary>
    public int ActiveCalls { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant soonest = _sipWakeAt;
            foreach (Call? call in _lines)
            {
                soonest = call is null ? soonest : Instant.Soonest(soonest, call.WakeAt);
            }

            return soonest;
        }
    }

    /// <summary>Whether a public-key operation waits in some call.</summary>
    public bool HasWork => FindWorker() >= 0;

    /// <summary>
    /// Calls a target. Null when that cannot even be tried, with the reason in words; then no event follows.
    /// </summary>
    public SipCall? Place(string target, Instant now, out string? problem)
    {
        if (_sip.FindNextHop(target) is not { } next)
        {
            problem = $"the way to {target} is not known";
            return null;
        }

        if (OpenCall(next, CallState.Calling, out problem) is not { } call)
        {
            return null;
        }

        int length = call.Description.WriteOffer(MediaDirection.SendReceive, _body);
        call.Media.ExpectHandshake();
        call.Name = _sip.Invite(target, next, _body.AsSpan(0, length), now);
        DrainSignalling(now);
        return call.Name;
    }

    /// <summary>Tells the caller that it rings here.</summary>
    public void Ring(SipCall name, Instant now)
    {
        _sip.Ring(name, now);
        DrainSignalling(now);
    }

    /// <summary>Answers a call from outside.</summary>
    public void Answer(SipCall name, Instant now)
    {
        if (Find(name) is not { State: CallState.Called } call)
        {
            return;
        }

        call.State = CallState.Established;
        if (call.Agreement is null)
        {
            OfferInResponse(call, now);
        }
        else
        {
            _sip.Accept(name, call.Answer, now);
            Apply(call, call.Agreement, now);
        }

        DrainSignalling(now);
    }

    /// <summary>Ends a call in the way that its state asks for. A call that is over already is no error, and gives null.</summary>
    public CallReport? End(SipCall name, SipEndCause cause, Instant now)
    {
        Call? call = Find(name);
        CallReport? report = call is null ? null : Release(call, now);
        _sip.End(name, cause, now);
        DrainSignalling(now);
        return report;
    }

    /// <summary>Holds a call, or takes it back from hold, by a re-INVITE (RFC 3264 section 8.4). False when the call is not up, or is
    /// being changed already.</summary>
    public bool TryHold(SipCall name, bool hold, Instant now)
    {
        if (Find(name) is not { State: CallState.Established, Description.HasOpenOffer: false } call)
        {
            return false;
        }

        int length = call.Description.WriteOffer(hold ? MediaDirection.SendOnly : MediaDirection.SendReceive, _body);
        _sip.Reinvite(name, _body.AsSpan(0, length), now);
        DrainSignalling(now);
        return true;
    }

    /// <summary>Presses a key in a call; false when the call or its peer takes none.</summary>
    public bool TryPressKey(SipCall name, DtmfDigit digit) => Find(name)?.Media.TryPressKey(digit) == true;

    /// <summary>Keeps the account registered from now on.</summary>
    public void Register(Instant now)
    {
        _sip.Register(now);
        DrainSignalling(now);
    }

    /// <summary>Reads what has arrived on the signalling port.</summary>
    public void ReceiveSignalling(DatagramBatch batch, Instant now)
    {
        int count = _signalling.Receive(batch);
        for (int index = 0; index < count; index++)
        {
            _sip.Receive(batch[index], batch.Sender(index), now);
            DrainSignalling(now);
        }
    }

    /// <summary>Reads what has arrived on the media port of a line.</summary>
    public void ReceiveMedia(int line, DatagramBatch batch, Instant now)
    {
        if (_lines[line] is not { } call)
        {
            return;
        }

        int count = call.Socket.Receive(batch);
        for (int index = 0; index < count && call.State != CallState.Ended; index++)
        {
            call.Media.Receive(batch[index], batch.Sender(index), now);
            DrainMedia(call, now);
        }
    }

    /// <summary>
    /// One period of the audio clock: sends what was captured into every answered call, and gives what their peers say, mixed.
    /// </summary>
    public void Period(ReadOnlySpan<short> captured, Span<short> played, Instant now)
    {
        played.Clear();
        foreach (Call? call in _lines)
        {
            if (call is not { State: CallState.Established })
            {
                continue;
            }

            int length = call.Media.WritePeriod(captured, _packet, now, out NetworkEndpoint to);
            if (length > 0)
            {
                call.Socket.Send(_packet.AsSpan(0, length), to);
            }

            call.Media.Play(_voice, now);
            Mixer.Add(_voice, played);
        }
    }

    /// <summary>Lets due timers fire.</summary>
    public void Advance(Instant now)
    {
        if (now >= _sipWakeAt)
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

    /// <summary>Does one public-key operation.</summary>
    public void Work(Instant now)
    {
        int line = FindWorker();
        if (line >= 0)
        {
            Call call = _lines[line]!;
            _nextWorker = (line + 1) % _lines.Length;
            call.Media.Work(now);
            DrainMedia(call, now);
        }
    }

    /// <summary>The next thing that has happened; false when there is none.</summary>
    public bool TryTake(out CallEvent happened) => _events.TryDequeue(out happened);

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
        _signalling.Dispose();
    }

    private Call? Find(SipCall name) => Array.Find(_lines, call => call is not null && call.Name == name);

    private int FindWorker()
    {
        for (int tried = 0; tried < _lines.Length; tried++)
        {
            int line = (_nextWorker + tried) % _lines.Length;
            if (_lines[line]?.Media.HasWork == true)
            {
                return line;
            }
        }

        return -1;
    }

    private Call? OpenCall(NetworkEndpoint peer, CallState state, out string? problem)
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

        // What leads to the peer's media leads to its signalling, too: that is the address to be called back at.
        _sip.Local = socket.LocalEndpoint.WithPort(_signalling.LocalEndpoint.Port);
        AudioSession description = new(_settings.Description, _settings.Media.Random, socket.LocalEndpoint);
        Call call = new(line, socket, description, _settings.Media) { State = state };
        _lines[line] = call;
        ActiveCalls++;
        return call;
    }

    /// <summary>Takes the call off the switchboard: its media say goodbye, its port closes.</summary>
    private CallReport Release(Call call, Instant now)
    {
        CallReport report = call.Report();
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

    /// <summary>The call failed on our side of the line: its signalling ends, and the station hears of it.</summary>
    private void Fail(Call call, SipEndCause cause, string problem, Instant now)
    {
        CallReport report = Release(call, now);
        _sip.End(call.Name, cause, now);
        _sipWakeAt = now;
        _events.Enqueue(new CallEvent(CallEventKind.Ended, call.Name, Problem: problem, Report: report));
    }

    private void DrainSignalling(Instant now)
    {
        while (true)
        {
            SipOutput output = _sip.Poll(_message);
            switch (output.Kind)
            {
                case SipOutputKind.Idle:
                    _sipWakeAt = output.WakeAt;
                    return;
                case SipOutputKind.Send:
                    _signalling.Send(output.Datagram, output.To);
                    break;
                case SipOutputKind.Incoming:
                    TakeCaller(output, now);
                    break;
                case SipOutputKind.Registered:
                    _events.Enqueue(new CallEvent(CallEventKind.Registered, default));
                    break;
                case SipOutputKind.RegistrationFailed:
                    _events.Enqueue(new CallEvent(CallEventKind.NotRegistered, default, Status: output.Status, Problem: output.Text));
                    break;
                default:
                    if (Find(output.Call) is { } call)
                    {
                        Step(call, output, now);
                    }

                    break;
            }
        }
    }

    /// <summary>Every effect that signalling has on a call.</summary>
    private void Step(Call call, in SipOutput output, Instant now)
    {
        switch (output.Kind)
        {
            case SipOutputKind.Ringing:
                _events.Enqueue(new CallEvent(CallEventKind.Ringing, call.Name));
                break;
            case SipOutputKind.Progress:
                call.EarlyAnswer = output.Body.ToArray();
                break;
            case SipOutputKind.Answered:
                TakeAnswer(call, output.Body.IsEmpty ? call.EarlyAnswer : output.Body, now);
                break;
            case SipOutputKind.Confirmed:
                Confirm(call, output.Body, now);
                break;
            case SipOutputKind.Reoffered when output.Body.IsEmpty:
                OfferInResponse(call, now);
                break;
            case SipOutputKind.Reoffered:
                AnswerReoffer(call, output.Body, now);
                break;
            case SipOutputKind.ReofferAnswered:
                TakeAnswer(call, output.Body, now);
                break;
            case SipOutputKind.ReofferFailed:
                call.Description.WithdrawOffer();
                break;
            case SipOutputKind.Info when InfoDigits.TryRead(output.Body, out char digit, out _):
                _events.Enqueue(new CallEvent(CallEventKind.Digit, call.Name, Digit: digit));
                break;
            case SipOutputKind.Ended:
                CallReport report = Release(call, now);
                _events.Enqueue(new CallEvent(
                    CallEventKind.Ended, call.Name, Status: output.Status, Problem: output.Status == 0 ? null : output.Text, Report: report));
                break;
            default:
                break;
        }
    }

    private void TakeCaller(in SipOutput output, Instant now)
    {
        if (OpenCall(output.From, CallState.Called, out _) is not { } call)
        {
            _sip.Reject(output.Call, status: 480, now);
            return;
        }

        call.Name = output.Call;
        if (!output.Body.IsEmpty)
        {
            SdpVerdict verdict = call.Description.AnswerOffer(output.Body, _body, out int length, out AudioAgreement? agreement);
            if (verdict != SdpVerdict.Accepted)
            {
                _sip.Reject(output.Call, verdict.StatusCode(), now);
                _ = Release(call, now);
                return;
            }

            call.Answer = _body.AsSpan(0, length).ToArray();
            call.Agreement = agreement;
        }

        _events.Enqueue(new CallEvent(CallEventKind.Incoming, call.Name, Peer: output.Text));
    }

    private void TakeAnswer(Call call, ReadOnlySpan<byte> answer, Instant now)
    {
        SdpVerdict verdict = call.Description.TakeAnswer(answer, out AudioAgreement? agreement);
        if (agreement is null)
        {
            Fail(call, SipEndCause.NotAcceptable, $"the answer cannot be used: {verdict.Describe()}", now);
            return;
        }

        call.State = CallState.Established;
        Apply(call, agreement, now);
        TellAnswered(call);
    }

    private void Confirm(Call call, ReadOnlySpan<byte> body, Instant now)
    {
        if (call.AwaitsAnswerInAck)
        {
            call.AwaitsAnswerInAck = false;
            TakeAnswer(call, body, now);
        }

        TellAnswered(call);
    }

    private void TellAnswered(Call call)
    {
        if (call.State == CallState.Established && !call.AnswerIsTold)
        {
            call.AnswerIsTold = true;
            _events.Enqueue(new CallEvent(CallEventKind.Answered, call.Name));
        }
    }

    private void OfferInResponse(Call call, Instant now)
    {
        int length = call.Description.WriteOffer(MediaDirection.SendReceive, _body);
        call.Media.ExpectHandshake();
        call.AwaitsAnswerInAck = true;
        _sip.Accept(call.Name, _body.AsSpan(0, length), now);
    }

    private void AnswerReoffer(Call call, ReadOnlySpan<byte> offer, Instant now)
    {
        SdpVerdict verdict = call.Description.AnswerOffer(offer, _body, out int length, out AudioAgreement? agreement);
        if (agreement is null)
        {
            // RFC 3261 section 14.2: a re-offer that is refused leaves the call as it was.
            _sip.Reject(call.Name, verdict.StatusCode(), now);
            return;
        }

        _sip.Accept(call.Name, _body.AsSpan(0, length), now);
        Apply(call, agreement, now);
    }

    private void Apply(Call call, AudioAgreement agreement, Instant now)
    {
        call.Media.Apply(agreement, now);
        DrainMedia(call, now);
    }

    private void DrainMedia(Call call, Instant now)
    {
        while (true)
        {
            MediaOutput output = call.Media.Poll(_packet, now, UnixTimeOffset + now.Nanoseconds);
            switch (output.Kind)
            {
                case MediaOutputKind.Send:
                    call.Socket.Send(output.Datagram, output.To);
                    break;
                case MediaOutputKind.Secured:
                    _events.Enqueue(new CallEvent(CallEventKind.Secured, call.Name));
                    break;
                case MediaOutputKind.Digit:
                    _events.Enqueue(new CallEvent(CallEventKind.Digit, call.Name, Digit: output.Digit));
                    break;
                case MediaOutputKind.PeerGone:
                    Fail(call, SipEndCause.HungUp, "the peer has gone silent", now);
                    return;
                case MediaOutputKind.Failed:
                    Fail(call, SipEndCause.NotAcceptable, output.Problem ?? "", now);
                    return;
                case MediaOutputKind.Idle:
                default:
                    call.WakeAt = output.WakeAt;
                    return;
            }
        }
    }
}
