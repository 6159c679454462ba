using System;
using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>
/// A jitter buffer for G.711 whose delay follows the network.
/// <list type="number">
/// <item>The first packet of a talk spurt fixes when everything after it is played: by its timestamp, a delay later.</item>
/// <item>Each period plays what the ring holds at that place; a hole before later payload is a loss.</item>
/// <item>When the ring runs dry, time stands still: what comes late is then played late, and the delay has grown. If it turns out that
/// nothing comes for that place, the periods already concealed count for the hole.</item>
/// <item>If it stays dry, the talk spurt is over.</item>
/// <item><see cref="DelayControl"/> lengthens or shortens the delay by a period, where possible one that is quiet.</item>
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

    private readonly int _period;
    private readonly PayloadRing _ring = new();
    private readonly DelayControl _delay;
    private SequenceWindow _sequences;
    private JitterCounters _counters;
    private RtpTimestamp _playAt;
    private RtpTimestamp _end;
    private bool _started;
    private int _held;

    /// <summary>An empty buffer.</summary>
    /// <param name="periodOctets">Octets in a period of the audio clock: 80 or 160 for 10 or 20 ms.</param>
    public AdaptiveJitterBuffer(int periodOctets)
    {
        _period = periodOctets;
        _delay = new DelayControl(periodOctets);
        _delay.Reset();
    }

    /// <inheritdoc/>
    public TimeSpan Delay => _delay.Delay;

    /// <inheritdoc/>
    public JitterCounters Counters => _counters;

    /// <inheritdoc/>
    public void Receive(SequenceNumber sequence, RtpTimestamp timestamp, bool marker, byte payloadType, ReadOnlySpan<byte> payload)
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
            StartSpurt(timestamp);
        }

        LimitDelay(timestamp, payload.Length);
        _delay.Record(timestamp - _playAt);
        if (!IsWithin(timestamp, payload.Length, earliest: 1 - payload.Length))
        {
            _counters = _counters with { Late = _counters.Late + 1 };
            return;
        }

        Store(timestamp, follows && marker, payloadType, payload);
    }

    /// <inheritdoc/>
    public JitterVerdict Play(Span<byte> period, out byte payloadType)
    {
        payloadType = 0;
        if (!_started)
        {
            return JitterVerdict.Silence;
        }

        period = period[.._period];
        _delay.EndPeriod();
        SkipWhatNeedsNoTime();
        if (_end - _playAt < _period)
        {
            return Hold();
        }

        JitterVerdict verdict = Peek(period, out payloadType);
        bool quiet = verdict == JitterVerdict.Silence || (verdict == JitterVerdict.Frame && IsQuiet(period, payloadType));
        if (_delay.WantsMore(quiet))
        {
            return Insert(verdict);
        }

        if (_delay.WantsLess(quiet || verdict == JitterVerdict.Missing) && _end - _playAt >= 2 * _period)
        {
            Skip(_period);
            _counters = _counters with { Dropped = _counters.Dropped + 1 };
            verdict = Peek(period, out payloadType);
        }

        Take(verdict);
        return verdict;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _ring.Clear();
        _delay.Reset();
        _sequences = default;
        _started = false;
        _held = 0;
    }

    private static bool IsQuiet(ReadOnlySpan<byte> period, byte payloadType)
    {
        // Both laws keep the magnitude in the low seven bits, inverted in one way or another.
        int inversion = payloadType == Pcmu ? 0x7F : 0x55;
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

    private void StartSpurt(RtpTimestamp timestamp)
    {
        _started = true;
        _held = 0;
        _delay.Start(_delay.StartMargin);
        _playAt = timestamp + -_delay.StartMargin;
        _end = timestamp;
        _ring.Tag(_playAt, _delay.StartMargin, PayloadRing.Silent);
    }

    private void EndSpurt()
    {
        _ring.Clear();
        _delay.End();
        _started = false;
        _held = 0;
    }

    /// <summary>A burst, such as a network lets go after a stall, does not make us lag behind for longer than allowed.</summary>
    private void LimitDelay(RtpTimestamp timestamp, int length)
    {
        int excess = timestamp - _playAt - DelayControl.Maximum;
        if (excess > 0 && IsWithin(timestamp, length, earliest: 0))
        {
            Skip(excess);
            _delay.Start(DelayControl.Maximum);
            _counters = _counters with { Dropped = _counters.Dropped + ((excess + _period - 1) / _period) };
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

    /// <summary>A hole whose time was already spent in holding, and the rest of a pause that is shorter than a period.</summary>
    private void SkipWhatNeedsNoTime()
    {
        int run = _ring.Run(_playAt, _end - _playAt, out byte tag);
        if (tag is PayloadRing.Missing or PayloadRing.Silent)
        {
            Skip(tag == PayloadRing.Silent && run < _period ? run : int.Min(run, _held));
        }
    }

    /// <summary>Nothing to play: wait for it, and let the delay grow by that, unless the sender seems to have stopped.</summary>
    private JitterVerdict Hold()
    {
        if (_held >= LongestHold)
        {
            EndSpurt();
            return JitterVerdict.Silence;
        }

        _held += _period;
        _delay.Shift(_period);
        _counters = _counters with { Concealed = _counters.Concealed + 1 };
        return JitterVerdict.Missing;
    }

    private JitterVerdict Insert(JitterVerdict upcoming)
    {
        _delay.Shift(_period);
        _counters = _counters with { Inserted = _counters.Inserted + 1 };
        if (upcoming == JitterVerdict.Silence)
        {
            return JitterVerdict.Silence;
        }

        _counters = _counters with { Concealed = _counters.Concealed + 1 };
        return JitterVerdict.Missing;
    }

    private JitterVerdict Peek(Span<byte> period, out byte payloadType)
    {
        bool whole = _ring.Run(_playAt, _period, out byte tag) == _period;
        bool frame = whole && tag is not (PayloadRing.Missing or PayloadRing.Silent);
        payloadType = frame ? tag : (byte)0;
        _ring.Read(_playAt, period);
        return frame ? JitterVerdict.Frame : whole && tag == PayloadRing.Silent ? JitterVerdict.Silence : JitterVerdict.Missing;
    }

    private void Take(JitterVerdict verdict)
    {
        _ring.Tag(_playAt, _period, PayloadRing.Missing);
        _playAt += _period;
        switch (verdict)
        {
            case JitterVerdict.Frame:
                _counters = _counters with { Played = _counters.Played + 1, Inserted = _counters.Inserted + (_held / _period) };
                _held = 0;
                break;
            case JitterVerdict.Missing:
                _counters = _counters with { Concealed = _counters.Concealed + 1 };
                break;
            case JitterVerdict.Silence:
                break;
        }
    }

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
        _delay.Shift(-octets);
    }
}
