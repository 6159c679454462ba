using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>
/// A jitter buffer for G.711 whose delay follows the network.
/// <list type="number">
/// <item>The first packet of a talk spurt fixes when everything after it is played: by its timestamp, a delay later.</item>
/// <item>Each period plays what the ring holds at that place; a hole before later payload is a loss, as long as the hole.</item>
/// <item>When the ring runs dry, time stands still: what comes late is then played late, and the delay has grown. If it turns out that
/// nothing comes for that place, the time already concealed counts for the hole.</item>
/// <item>If it stays dry, the talk spurt is over.</item>
/// <item><see cref="DelayControl"/> lengthens or shortens the delay by a period, where possible one that is quiet.</item>
/// <item><see cref="SenderDrift"/> holds it where it is, as far as only clocks drift.</item>
/// </list>
/// </summary>
internal sealed class AdaptiveJitterBuffer : IJitterBuffer
{
    // The longest payload, 200 ms: RFC 3551 section 4.2 asks receivers to accept that much.
    private const int LongestPayload = 200 * DelayControl.OctetsPerMillisecond;

    // A sender that is silent for as long as our longest delay has stopped, or is too late for it.
    private const int LongestHold = DelayControl.Maximum;

    // RFC 3551 table 4.
    private const byte Pcmu = 0;
    private const byte Pcma = 8;

    // Below the third segment of either law, about -38 dBFS, lie pauses and breath.
    private const int QuietMagnitude = 0x20;

    // What is faded out where the sound leaps.
    private const int LeapOctets = Concealment.BlendMilliseconds * DelayControl.OctetsPerMillisecond;

    private readonly int _period;
    private readonly PayloadRing _ring = new();
    private readonly DelayControl _delay;
    private readonly SenderDrift _drift;
    private readonly byte[] _upcoming;
    private readonly byte[] _leaving = new byte[LeapOctets];
    private SequenceWindow _sequences;
    private JitterCounters _counters;
    private RtpTimestamp _playAt;
    private RtpTimestamp _end;
    private bool _started;
    private bool _leapt;
    private byte _leavingType;
    private int _leavingLength;
    private int _inserting;
    private int _held;
    private long _played;
    private long _concealed;
    private long _inserted;
    private long _dropped;

    /// <summary>An empty buffer.</summary>
    /// <param name="periodOctets">Octets in a period of the audio clock: 80 or 160 for 10 or 20 ms.</param>
    public AdaptiveJitterBuffer(int periodOctets)
    {
        _period = periodOctets;
        _upcoming = new byte[2 * periodOctets];
        _delay = new DelayControl(periodOctets);
        _delay.Reset();
        _drift = new SenderDrift(periodOctets);
    }

    /// <inheritdoc/>
    public TimeSpan Delay => _delay.Delay;

    /// <inheritdoc/>
    public JitterCounters Counters => _counters with
    {
        Played = Periods(_played),
        Concealed = Periods(_concealed),
        Inserted = Periods(_inserted),
        Dropped = Periods(_dropped),
    };

    /// <inheritdoc/>
    public double Correction => _drift.Correction;

    /// <inheritdoc/>
    public void Receive(
        SequenceNumber sequence, RtpTimestamp timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload, int elapsed)
    {
        _counters = _counters with { Received = _counters.Received + 1 };
        if (payload.Length is 0 or > LongestPayload)
        {
            _counters = _counters with { Malformed = _counters.Malformed + 1 };
            return;
        }

        bool newer = sequence.IsAfter(_sequences.Newest);
        bool follows = sequence == _sequences.Newest.Next;
        if (!_sequences.TryAdd(sequence))
        {
            _counters = _counters with { Duplicate = _counters.Duplicate + 1 };
            return;
        }

        // A packet sent later than all others and stamped before what is being played: the sender has set its clock. The same goes for
        // one stamped further ahead than anything we could keep.
        if (_started && newer && !IsWithin(timestamp, payload.Length, earliest: 0))
        {
            _counters = _counters with { Restarts = _counters.Restarts + 1 };
            EndSpurt();
        }

        if (!_started)
        {
            StartSpurt(timestamp, elapsed);
        }

        LimitDelay(timestamp, payload.Length, elapsed);
        int margin = Margin(timestamp, elapsed);
        _delay.Record(margin);
        if (!IsWithin(timestamp, payload.Length, earliest: 1 - payload.Length))
        {
            _counters = _counters with { Late = _counters.Late + 1 };
            return;
        }

        _drift.Record(margin);
        Store(timestamp, follows && marker, payloadType, payload);
    }

    /// <inheritdoc/>
    public void Begin(int octets)
    {
        _inserting = 0;
        if (!_started)
        {
            return;
        }

        _delay.EndPeriod();
        _drift.EndPeriod();
        SkipWhatNeedsNoTime();
        if (_end - _playAt < octets)
        {
            return;
        }

        bool whole = _ring.Run(_playAt, octets, out byte tag) == octets;
        bool quiet = whole && (tag == PayloadRing.Silent || (tag != PayloadRing.Missing && IsQuiet(octets, tag)));
        if (_delay.WantsMore(quiet))
        {
            Insert(octets);
        }
        else if (_delay.WantsLess(quiet || (whole && tag == PayloadRing.Missing)) && _end - _playAt >= octets + _period)
        {
            Leap(_period);
        }
    }

    /// <inheritdoc/>
    public JitterVerdict Play(Span<byte> payload, out byte payloadType, out int length)
    {
        payloadType = 0;
        if (_leapt)
        {
            _leapt = false;
            payloadType = _leavingType;
            length = int.Min(_leavingLength, payload.Length);
            _leaving.AsSpan(0, length).CopyTo(payload);
            return JitterVerdict.Leap;
        }

        length = payload.Length;
        if (!_started)
        {
            return JitterVerdict.Silence;
        }

        SkipWhatNeedsNoTime();
        length = int.Min(length, _inserting > 0 ? _inserting : int.Max(_end - _playAt, 0));
        if (_inserting > 0)
        {
            _inserting -= length;
            _ = _ring.Run(_playAt, 1, out byte upcoming);
            return Conceal(length, upcoming == PayloadRing.Silent);
        }

        if (length > 0)
        {
            return Take(payload, ref length, out payloadType);
        }

        length = payload.Length;
        return Hold(length);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        EndSpurt();
        _delay.Reset();
        _drift.Reset();
        _sequences = default;
    }

    private bool IsQuiet(int octets, byte payloadType)
    {
        // Both laws keep the magnitude in the low seven bits, inverted in one way or another.
        int inversion = payloadType == Pcmu ? 0x7F : 0x55;
        Span<byte> period = _upcoming.AsSpan(0, octets);
        _ring.Read(_playAt, period);
        foreach (byte code in period)
        {
            if (((code ^ inversion) & 0x7F) >= QuietMagnitude)
            {
                return false;
            }
        }

        return payloadType is Pcmu or Pcma;
    }

    /// <summary>Whether a payload begins no earlier than <paramref name="earliest"/> after the moment being played, and fits.</summary>
    private bool IsWithin(RtpTimestamp timestamp, int length, int earliest)
    {
        int margin = timestamp - _playAt;
        return margin >= earliest && margin <= PayloadRing.Capacity - length;
    }

    /// <summary>How many octets of time are left until a payload's turn comes, with what is left of the period that has begun.</summary>
    private int Margin(RtpTimestamp timestamp, int elapsed) => timestamp - _playAt + _period - elapsed;

    private void Shift(int octets)
    {
        _delay.Shift(octets);
        _drift.Shift(octets);
    }

    private void StartSpurt(RtpTimestamp timestamp, int elapsed)
    {
        _started = true;
        _playAt = timestamp + -_delay.StartMargin;
        _end = timestamp;
        _ring.Tag(_playAt, _delay.StartMargin, PayloadRing.Silent);
        _delay.Start(Margin(timestamp, elapsed));
        _drift.Restart();
    }

    private void EndSpurt()
    {
        if (_started)
        {
            KeepWhatIsLeft();
            _delay.End();
        }

        _ring.Clear();
        _started = false;
        _inserting = 0;
        _held = 0;
    }

    /// <summary>A burst, such as a network lets go after a stall, does not make us lag behind for longer than allowed.</summary>
    private void LimitDelay(RtpTimestamp timestamp, int length, int elapsed)
    {
        int excess = timestamp - _playAt - DelayControl.Maximum;
        if (excess > 0 && IsWithin(timestamp, length, earliest: 0))
        {
            Leap(excess);
            _delay.Start(Margin(timestamp, elapsed));
            _drift.Restart();
        }
    }

    private void Store(RtpTimestamp timestamp, bool pauseBefore, byte payloadType, ReadOnlySpan<byte> payload)
    {
        if (pauseBefore && timestamp.IsAfter(_end))
        {
            _ring.Tag(_end, timestamp - _end, PayloadRing.Silent);
        }

        int late = int.Max(_playAt - timestamp, 0);
        _ring.Write(timestamp + late, payload[late..], payloadType);
        RtpTimestamp end = timestamp + payload.Length;
        _end = end.IsAfter(_end) ? end : _end;
    }

    /// <summary>A hole whose time was already spent in holding.</summary>
    private void SkipWhatNeedsNoTime()
    {
        int run = _ring.Run(_playAt, int.Min(_end - _playAt, _held), out byte tag);
        if (tag == PayloadRing.Missing)
        {
            Skip(run);
        }
    }

    /// <summary>Nothing to play: wait for it, and let the delay grow by that, unless the sender seems to have stopped.</summary>
    private JitterVerdict Hold(int octets)
    {
        if (_held >= LongestHold)
        {
            EndSpurt();
            return JitterVerdict.Silence;
        }

        _held += octets;
        Shift(octets);
        return Conceal(octets, silent: false);
    }

    private void Insert(int octets)
    {
        _inserting = octets;
        _inserted += octets;
        Shift(octets);
    }

    private JitterVerdict Conceal(int octets, bool silent)
    {
        _concealed += silent ? 0 : octets;
        return silent ? JitterVerdict.Silence : JitterVerdict.Missing;
    }

    private JitterVerdict Take(Span<byte> payload, ref int length, out byte payloadType)
    {
        length = _ring.Run(_playAt, length, out byte tag);
        payloadType = 0;
        RtpTimestamp taken = _playAt;
        _playAt += length;
        switch (tag)
        {
            case PayloadRing.Silent:
                _ring.Tag(taken, length, PayloadRing.Missing);
                return JitterVerdict.Silence;
            case PayloadRing.Missing:
                return Conceal(length, silent: false);
            default:
                _ring.Read(taken, payload[..length]);
                _ring.Tag(taken, length, PayloadRing.Missing);
                _played += length;
                _inserted += _held;
                _held = 0;
                payloadType = tag;
                return JitterVerdict.Frame;
        }
    }

    private void Leap(int octets)
    {
        KeepWhatIsLeft();
        _dropped += octets;
        Skip(octets);
    }

    /// <summary>Keeps what would be played now, since something else will be.</summary>
    private void KeepWhatIsLeft()
    {
        if (_leapt)
        {
            // What was kept before continues what was played last.
            return;
        }

        int run = _ring.Run(_playAt, LeapOctets, out byte tag);
        bool isPayload = tag is not (PayloadRing.Missing or PayloadRing.Silent);
        _leapt = tag != PayloadRing.Silent;
        _leavingType = isPayload ? tag : (byte)0;
        _leavingLength = isPayload ? run : 0;
        _ring.Read(_playAt, _leaving);
    }

    private long Periods(long octets) => (octets + _period - 1) / _period;

    /// <summary>Passes over octets without playing them.</summary>
    private void Skip(int octets)
    {
        if (octets == 0)
        {
            return;
        }

        _ring.Tag(_playAt, octets, PayloadRing.Missing);
        _playAt += octets;
        _end = _playAt.IsAfter(_end) ? _playAt : _end;
        _held = int.Max(_held - octets, 0);
        Shift(-octets);
    }
}
