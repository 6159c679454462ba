using System;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Sdp;
using IntercomAgent.Sip;

namespace IntercomAgent.Calls;

/// <summary>The media of all calls: datagrams, the audio clock, and the work that waits in them.</summary>
internal sealed partial class Switchboard
{
    private readonly byte[] _packet = new byte[DatagramBatch.DatagramSize];
    private short[] _voice = new short[AudioStream.PacketSamples];
    private short[] _lastCaptured = new short[AudioStream.PacketSamples];
    private readonly AttentionTone _tone = new(AudioStream.SampleRate);
    private int _nextWorker;

    /// <summary>Whether a public-key operation waits in some call.</summary>
    public bool HasWork => FindWorker() >= 0 || HasConnectionWork;

    /// <summary>Whether a call is up, so that the microphone is heard.</summary>
    public bool IsTalking => Array.Exists(_lines, static line => line is { State: CallState.Established });

    /// <summary>Whether somebody is heard, of a call or of a telephone that is called.</summary>
    public bool Hears => IsTalking || FindEarly() is not null;

    /// <summary>Whether one telephone that is called lets us hear something of its own, and nobody has answered.</summary>
    public bool HearsEarly => !IsTalking && FindEarly() is not null;

    /// <summary>
    /// The sample rate of the best codec among the calls that are heard; while there is none, the last one's, so that nothing changes
    /// between two calls of a kind.
    /// </summary>
    public int BestRate
    {
        get
        {
            int best = 0;
            foreach (Call? call in _lines)
            {
                if (call is { State: CallState.Established } or { HasEarlyMedia: true })
                {
                    best = int.Max(best, call.Media.SampleRate);
                }
            }

            return best == 0 ? _voice.Length * CodecFacts.PacketsPerSecond : best;
        }
    }

    /// <summary>What is captured and played has another rate from now on.</summary>
    public void UseRate(int sampleRate)
    {
        int packet = sampleRate / CodecFacts.PacketsPerSecond;
        _voice = new short[packet];
        _lastCaptured = new short[packet];
        _tone.UseRate(sampleRate);
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

    /// <summary>A packet's worth was captured: sends it into every answered call.</summary>
    public void SendPackets(ReadOnlySpan<short> captured, Instant now)
    {
        captured.CopyTo(_lastCaptured);
        foreach (Call? call in _lines)
        {
            if (call is { State: CallState.Established })
            {
                SendPacket(call, captured, now);
            }
        }
    }

    /// <summary>
    /// Gives what the peers of all answered calls say next, mixed; while there is none, what one telephone that is called lets us hear.
    /// </summary>
    public void Play(Span<short> played, Instant now)
    {
        played.Clear();
        bool isAnyUp = false;
        foreach (Call? call in _lines)
        {
            if (call is { State: CallState.Established })
            {
                isAnyUp = true;
                Hear(call, played, now);
            }
        }

        // Several telephones may ring at once, each with a tone of its own: one is enough.
        if (!isAnyUp && FindEarly() is { } early)
        {
            Hear(early, played, now);
        }

        _tone.AddTo(played);
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
        else if (_connections?.Work() is >= 0 and int slot)
        {
            ReceiveConnection(slot, now);
        }
    }

    /// <summary>
    /// The call does not wait for the audio clock to say its first word, up to a packet later: what was captured last goes at once. It
    /// opens the way through a NAT, too.
    /// </summary>
    private void Begin(Call call, Instant now)
    {
        if (call.State == CallState.Established)
        {
            SendPacket(call, _lastCaptured, now);
        }
    }

    private Call? FindEarly() => Array.Find(_lines, static line => line is { State: CallState.Calling, HasEarlyMedia: true });

    private void Hear(Call call, Span<short> played, Instant now)
    {
        Span<short> voice = _voice.AsSpan(0, played.Length);
        call.Media.Play(voice, now);
        call.Heard.Measure(voice);
        Mixer.Add(voice, played);
    }

    private void SendPacket(Call call, ReadOnlySpan<short> captured, Instant now)
    {
        int length = call.Media.WritePacket(captured, _packet, now, out NetworkEndpoint to);
        if (length > 0)
        {
            call.Said.Measure(captured);
            call.Socket.Send(_packet.AsSpan(0, length), to);
        }
    }

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
                case MediaOutputKind.Secured or MediaOutputKind.PeerGone when call.State == CallState.Calling:
                    // The station hears of it once the call is answered; and while it rings nobody has to speak.
                    break;
                case MediaOutputKind.Failed when call.State == CallState.Calling:
                    // So does the telephone that has been heard so far; whoever answers is asked for media of its own.
                    call.Media.Restart();
                    call.HasEarlyMedia = false;
                    break;
                case MediaOutputKind.Secured:
                    _events.Enqueue(new CallEvent(CallEventKind.Secured, call.Name, Report: call.Report()));
                    Begin(call, now);
                    break;
                case MediaOutputKind.Digit:
                    TakeKey(call, output.Digit, KeyWay.Media, now);
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
