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
/// <item>If it stays dry, the talk spurt is over. Time goes on as it was before the ring ran dry, and tells when the next spurt is played,
/// if its timestamps went on as well; the delay is then made what it should be.</item>
/// <item><see cref="DelayControl"/> says by how much the delay is too long or too short. Where the sender is silent that is made up for at
/// once, else by whoever plays.</item>
/// <item>After comfort noise (RFC 3389) the talk spurt is over at once, and what its sender leaves out is silence and no loss; so is what it
/// sends telephone events for.</item>
/// <item><see cref="SenderDrift"/> holds it where it is, as far as only clocks drift.</item>
/// </list>
/// </summary>
internal sealed class AdaptiveJitterBuffer : IJitterBuffer
{
    /// <summary>What comes as late as that after a pause, a second, has been held up; beyond that the sender has another clock.</summary>
    public const int LongestStall = 1000 * DelayControl.OctetsPerMillisecond;

    // The longest payload, 200 ms: RFC 3551 section 4.2 asks receivers to accept that much.
    private const int LongestPayload = 200 * DelayControl.OctetsPerMillisecond;

    // A sender that is silent for as long as our longest delay has stopped, or is too late for it.
    private const int LongestHold = DelayControl.Maximum;

    // What is faded out where the sound leaps.
    private const int LeapOctets = Concealment.BlendMilliseconds * DelayControl.OctetsPerMillisecond;

    private readonly int _period;
    private readonly PayloadRing _ring = new();
    private readonly DelayControl _delay;
    private readonly SenderDrift _drift;
    private readonly byte[] _leaving = new byte[LeapOctets];
    private SequenceWindow _sequences;
    private JitterCounters _counters;
    private RtpTimestamp _playAt;
    private RtpTimestamp _end;
    private bool _started;
    private bool _hasClock;
    private bool _leapt;
    private bool _endsInNoise;
    private byte _leavingType;
    private RtpTimestamp _leavingAt;
    private int _leavingLength;
    private int _held;
    private int _left;
    private long _played;
    private long _concealed;
    private long _inserted;
    private long _dropped;
    private long _shortened;
    private long _lengthened;

    /// <summary>An empty buffer.</summary>
    /// <param name="periodOctets">Octets that are played at once: 40, 80 or 160 for 5, 10 or 20 ms.</param>
    public AdaptiveJitterBuffer(int periodOctets)
    {
        _period = periodOctets;
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
        Shortened = Periods(_shortened),
        Lengthened = Periods(_lengthened),
    };

    /// <inheritdoc/>
    public double Correction => _drift.Correction;

    /// <inheritdoc/>
    public RtpTimestamp Given { get; private set; }

    /// <inheritdoc/>
    public JitterGap Gap
    {
        get
        {
            int missing = _ring.Run(_playAt, int.Max(_end - _playAt, 0), out byte tag);
            int places = tag == PayloadRing.Missing ? missing : 0;
            RtpTimestamp next = _playAt + places;
            Span<byte> octet = stackalloc byte[1];
            _ring.Read(next, octet);
            return _end.IsAfter(next) && _ring.Run(next, 1, out tag) == 1 && IsPayload(tag)
                ? new JitterGap(true, places, octet[0])
                : default;
        }
    }

    /// <inheritdoc/>
    public int Excess => _started ? _delay.Excess : 0;

    /// <summary>The timestamp of what is played next.</summary>
    public RtpTimestamp Next => _playAt + -_left;

    /// <inheritdoc/>
    public int Depth => _started ? int.Max(_end - Next, 0) : 0;

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
            _hasClock = false;
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
        Store(timestamp, follows && (marker || _endsInNoise), payloadType, payload);
    }

    /// <inheritdoc/>
    public void ReceivePause(SequenceNumber sequence, RtpTimestamp timestamp, int length)
    {
        if (!_sequences.TryAdd(sequence) || !_started)
        {
            return;
        }

        RtpTimestamp end = timestamp + length;
        int ahead = end - _playAt;
        if (end.IsAfter(_end) && ahead is > 0 and <= DelayControl.Maximum + LongestPayload)
        {
            // What was not received before the pause is missing all the same.
            RtpTimestamp begin = timestamp.IsAfter(_end) ? timestamp : _end;
            _ring.Tag(begin, end - begin, PayloadRing.Silent);
            _end = end;
        }
    }

    /// <inheritdoc/>
    public void Begin()
    {
        if (_started)
        {
            _delay.EndPeriod();
            _drift.EndPeriod();
        }
    }

    /// <inheritdoc/>
    public int Ready(int limit)
    {
        if (!_started || _leapt)
        {
            return 0;
        }

        SkipWhatNeedsNoTime();
        int run = _ring.Run(_playAt, limit, out byte tag);
        return IsPayload(tag) ? run : 0;
    }

    /// <inheritdoc/>
    public JitterVerdict Play(Span<byte> payload, out byte payloadType, out int length)
    {
        payloadType = 0;
        if (_leapt)
        {
            _leapt = false;
            payloadType = _leavingType;
            Given = _leavingAt;
            length = int.Min(_leavingLength, payload.Length);
            _leaving.AsSpan(0, length).CopyTo(payload);
            return JitterVerdict.Leap;
        }

        length = payload.Length;
        if (!_started)
        {
            _playAt += length;
            return JitterVerdict.Silence;
        }

        SkipWhatNeedsNoTime();
        AdaptInSilence(payload.Length, out int inserted);
        if (inserted > 0)
        {
            length = inserted;
            return JitterVerdict.Silence;
        }

        length = int.Min(length, int.Max(_end - _playAt, 0));
        if (length > 0)
        {
            return Take(payload, ref length, out payloadType);
        }

        length = payload.Length;
        return Hold(length);
    }

    /// <inheritdoc/>
    public void Shorten(int octets)
    {
        _shortened += int.Max(octets, 0);
        _lengthened += int.Max(-octets, 0);
        Shift(-octets);
    }

    /// <inheritdoc/>
    public void End(int left) => _left = left;

    /// <inheritdoc/>
    public void Reset()
    {
        EndSpurt();
        _hasClock = false;
        _delay.Reset();
        _drift.Reset();
        _sequences = default;
    }

    private static bool IsPayload(byte tag) => tag is not (PayloadRing.Missing or PayloadRing.Silent);

    /// <summary>Whether a payload begins no earlier than <paramref name="earliest"/> after the moment being played, and fits.</summary>
    private bool IsWithin(RtpTimestamp timestamp, int length, int earliest)
    {
        int margin = timestamp - _playAt;
        return margin >= earliest && margin <= PayloadRing.Capacity - length;
    }

    /// <summary>
    /// How many octets of time are left until a payload's turn comes, with what is left of the period that has begun and of what was taken.
    /// </summary>
    private int Margin(RtpTimestamp timestamp, int elapsed) => timestamp - _playAt + _left + _period - elapsed;

    private void Shift(int octets)
    {
        _delay.Shift(octets);
        _drift.Shift(octets);
    }

    private void StartSpurt(RtpTimestamp timestamp, int elapsed)
    {
        _started = true;
        if (_hasClock && Margin(timestamp, elapsed) is >= -LongestStall and <= DelayControl.Maximum)
        {
            // Nobody hears how long a pause is; but what would already be too late is not given up.
            int shift = int.Max(-_delay.Surplus, _playAt - timestamp);
            _playAt += -shift;
            Shift(shift);
            _delay.Start(Margin(timestamp, elapsed), isKnown: true);
        }
        else
        {
            _playAt = timestamp + -_delay.StartMargin;
            _delay.Start(Margin(timestamp, elapsed), isKnown: false);
            _drift.Restart();
        }

        _hasClock = true;
        _end = timestamp;
        _ring.Tag(_playAt, timestamp - _playAt, PayloadRing.Silent);
    }

    private void EndSpurt()
    {
        if (_started)
        {
            KeepWhatIsLeft();
        }

        _ring.Clear();
        _started = false;
        _endsInNoise = false;
        _held = 0;
    }

    /// <summary>A burst, such as a network lets go after a stall, does not make us lag behind for longer than allowed.</summary>
    private void LimitDelay(RtpTimestamp timestamp, int length, int elapsed)
    {
        int excess = timestamp - _playAt - DelayControl.Maximum;
        if (excess > 0 && IsWithin(timestamp, length, earliest: 0))
        {
            Leap(excess);
            _delay.Start(Margin(timestamp, elapsed), isKnown: true);
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
        if (end.IsAfter(_end))
        {
            _end = end;
            _endsInNoise = payloadType == ComfortNoise.PayloadType;
        }
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
        if (_held >= LongestHold || (_endsInNoise && _held == 0))
        {
            // It was no delay, but the end.
            Shift(-_held);
            _playAt += _held + octets;
            EndSpurt();
            return JitterVerdict.Silence;
        }

        _held += octets;
        Shift(octets);
        return Conceal(octets);
    }

    /// <summary>Where the sender sent nothing because nobody spoke, the delay becomes what it should be, unheard.</summary>
    /// <param name="limit">Octets that are lacking.</param>
    /// <param name="inserted">Octets of silence that are played although there is no place for them.</param>
    private void AdaptInSilence(int limit, out int inserted)
    {
        inserted = 0;
        int surplus = _delay.Surplus;
        int run = _ring.Run(_playAt, int.Min(int.Max(_end - _playAt, 0), int.Max(surplus, 1)), out byte tag);
        if (tag != PayloadRing.Silent || run == 0)
        {
            return;
        }

        if (surplus > 0)
        {
            _shortened += run;
            Skip(run);
        }
        else if (surplus < 0)
        {
            inserted = int.Min(limit, -surplus);
            _lengthened += inserted;
            Shift(inserted);
        }
    }

    private JitterVerdict Conceal(int octets)
    {
        _concealed += octets;
        return JitterVerdict.Missing;
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
                return Conceal(length);
            default:
                _ring.Read(taken, payload[..length]);
                _ring.Tag(taken, length, PayloadRing.Missing);
                _played += length;
                Given = taken;
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
        if (_leapt || _endsInNoise)
        {
            // What was kept before continues what was played last; and noise continues noise.
            return;
        }

        int run = _ring.Run(_playAt, LeapOctets, out byte tag);
        bool isPayload = IsPayload(tag);
        _leapt = tag != PayloadRing.Silent;
        _leavingType = isPayload ? tag : (byte)0;
        _leavingAt = _playAt;
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
