using System;

namespace IntercomAgent.Rtp;

/// <summary>
/// Turns the packets that report telephone events into key presses, each of which counts once.
/// An event is known by its RTP timestamp alone (RFC 4733 section 2.5.2.2): whichever of its packets arrives first, the digit counts
/// then; the marker and the end bit decide nothing, so that their loss costs nothing.
/// </summary>
internal sealed class TelephoneEventReceiver
{
    // Digits are at least 80 ms apart, so that eight of them reach further back than any network reorders.
    private const int History = 8;

    // What is older than all we remember is a late copy; what is older than a minute is not late but of another clock.
    private const int LateMilliseconds = 60_000;

    // RFC 4733 section 2.5.1.3: an event that lasts longer goes on as a new segment, stamped where this one ended.
    private const ushort LongestSegment = 0xFFFF;

    private readonly Known[] _known = new Known[History];
    private readonly int _lateTicks;
    private int _count;
    private int _next;

    /// <summary>A receiver that has seen no event.</summary>
    /// <param name="clockRate">Ticks of the RTP clock in a second.</param>
    public TelephoneEventReceiver(int clockRate) => _lateTicks = (int)((long)clockRate * LateMilliseconds / 1000);

    /// <summary>Payloads that were too short for an event.</summary>
    public long Malformed { get; private set; }

    /// <summary>
    /// Takes the payload of one packet. True when it begins a key press that has not been counted: <paramref name="digit"/> is the key.
    /// Packets of known events, of events that are no keys, and malformed ones give false.
    /// </summary>
    public bool TryReceive(ReadOnlySpan<byte> payload, RtpTimestamp timestamp, out DtmfDigit digit)
    {
        digit = default;
        if (!TelephoneEvent.TryRead(payload, out TelephoneEvent telephoneEvent))
        {
            Malformed++;
            return false;
        }

        if (IsKnown(telephoneEvent, timestamp) || !DtmfDigit.TryFromEvent(telephoneEvent.Code, out digit) || IsTooLate(timestamp))
        {
            return false;
        }

        bool continues = Continues(telephoneEvent, timestamp);
        Remember(new Known(timestamp, telephoneEvent.Code, telephoneEvent.End));
        return !continues;
    }

    /// <summary>Forgets all events: the stream comes from another source, or starts again.</summary>
    public void Reset()
    {
        _count = 0;
        _next = 0;
    }

    private bool IsKnown(TelephoneEvent telephoneEvent, RtpTimestamp timestamp)
    {
        foreach (ref Known known in _known.AsSpan(0, _count))
        {
            if (known.Timestamp == timestamp)
            {
                known = known with { Ended = known.Ended || telephoneEvent.End };
                return true;
            }
        }

        return false;
    }

    private bool IsTooLate(RtpTimestamp timestamp)
    {
        if (_count < History)
        {
            return false;
        }

        int age = _known[_next].Timestamp - timestamp;
        return age > 0 && age < _lateTicks;
    }

    private bool Continues(TelephoneEvent telephoneEvent, RtpTimestamp timestamp)
    {
        foreach (Known known in _known.AsSpan(0, _count))
        {
            if (known.Code == telephoneEvent.Code && !known.Ended && timestamp - known.Timestamp == LongestSegment)
            {
                return true;
            }
        }

        return false;
    }

    private void Remember(Known known)
    {
        _known[_next] = known;
        _next = (_next + 1) % History;
        _count = int.Min(_count + 1, History);
    }

    private readonly record struct Known(RtpTimestamp Timestamp, byte Code, bool Ended);
}
