using System.Collections.Generic;

namespace IntercomAgent.Rtp;

/// <summary>
/// Sends key presses as telephone events (RFC 4733 section 2.5.1): one packet in each period while the key is down, then the final
/// packet three times, then a pause so that the same key twice is heard as two.
/// The owner asks <see cref="TryNext"/> in each period; while it gives reports, they take the place of the audio.
/// </summary>
/// <param name="periodTicks">Ticks of the events' clock in a period.</param>
/// <param name="periodsPerSecond">Periods in a second, which turns the lengths below into periods.</param>
internal sealed class TelephoneEventSender(int periodTicks, int periodsPerSecond = 50)
{
    /// <summary>Digits that wait: more than any code has, few enough that nobody waits a minute for the last one.</summary>
    public const int QueueCapacity = 32;

    // ITU-T Q.24 asks receivers to accept 40 ms of tone and of pause; 100 ms is what telephones send and what every gateway accepts.
    private const int ToneMilliseconds = 100;
    private const int PauseMilliseconds = 100;

    // RFC 4733 section 2.5.1.4: the final packet is sent a total of three times.
    private const int FinalPackets = 3;

    // RFC 4733 section 2.3: -10 dBm0 lies well within what receivers must accept.
    private const byte Volume = 10;

    private readonly Queue<DtmfDigit> _waiting = new(QueueCapacity);
    private readonly int _tonePeriods = ToneMilliseconds * periodsPerSecond / 1000;
    private readonly int _pausePeriods = PauseMilliseconds * periodsPerSecond / 1000;
    private DtmfDigit _digit;
    private RtpTimestamp _start;
    private int _period;
    private bool _active;

    /// <summary>Ticks of the events' clock in a period; it changes with the codec.</summary>
    public int PeriodTicks { get; set; } = periodTicks;

    /// <summary>Whether a digit is being sent or waits to be.</summary>
    public bool IsActive => _active || _waiting.Count > 0;

    /// <summary>Queues a digit; false when the queue is full.</summary>
    public bool TryEnqueue(DtmfDigit digit)
    {
        if (_waiting.Count == QueueCapacity)
        {
            return false;
        }

        _waiting.Enqueue(digit);
        return true;
    }

    /// <summary>Forgets what waits and what is being sent, as when the call ends.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _active = false;
    }

    /// <summary>
    /// What to send in the period that begins at <paramref name="now"/>; false when there is nothing, be it that no digit waits or
    /// that the pause after one has not passed. To be asked exactly once in each period.
    /// </summary>
    public bool TryNext(RtpTimestamp now, out TelephoneEventReport report)
    {
        report = default;
        if (!_active && !TryBegin(now))
        {
            return false;
        }

        _period++;
        int final = _period - _tonePeriods;
        if (final < FinalPackets)
        {
            // The duration reaches to the end of this period, as the payload of an audio packet would, and stops growing with the tone.
            ushort duration = (ushort)(int.Min(_period, _tonePeriods) * PeriodTicks);
            report = new TelephoneEventReport(new TelephoneEvent(_digit.Event, final >= 0, Volume, duration), _start, _period == 1);
            return true;
        }

        _active = final < _pausePeriods;
        return false;
    }

    private bool TryBegin(RtpTimestamp now)
    {
        if (!_waiting.TryDequeue(out _digit))
        {
            return false;
        }

        _active = true;
        _start = now;
        _period = 0;
        return true;
    }
}
