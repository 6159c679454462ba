using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Decides how long a jitter buffer's delay should be. Its only measure is the margin of each packet: how many octets before its turn
/// it comes; negative if too late. The worst packet of the last ten seconds should have a margin of one frame: with much less the delay
/// grows at once, with a period more it shrinks by that. In between, <see cref="SenderDrift"/> keeps it where it is.
/// </summary>
/// <param name="period">Octets in a period, which is the step of all changes.</param>
internal sealed class DelayControl(int period)
{
    /// <summary>Octets in a millisecond of G.711.</summary>
    public const int OctetsPerMillisecond = 8;

    /// <summary>
    /// The longest delay, 200 ms. ITU-T G.114 finds conversation hampered beyond 400 ms from mouth to ear, and half of that belongs to
    /// the network and the other end.
    /// </summary>
    public const int Maximum = 200 * OctetsPerMillisecond;

    // One frame of 20 ms: what the usual sender's and our own clock's grain add up to, even on a perfect network.
    private const int Reserve = 20 * OctetsPerMillisecond;

    // What is missing of the reserve before the delay grows: as much as a drift takes away before it is made up for.
    private const int Tolerance = 8 * OctetsPerMillisecond;

    // Two frames at the start, when nothing has been measured: enough for a quiet wireless network.
    private const int Initial = 40 * OctetsPerMillisecond;

    // Ten seconds: spikes of wireless networks (scans, power saving) come back within that time.
    private const int Slots = 5;
    private const int SlotMilliseconds = 2000;

    // A change waits for a quiet frame, where nobody hears it. Growing is urgent, since until then packets come too late.
    private const int GrowPatienceMilliseconds = 200;
    private const int ShrinkPatienceMilliseconds = 3000;

    // Between two steps down, so that shrinking is slower than any growing.
    private const int ShrinkPauseMilliseconds = 1000;

    // The gain with which RFC 3550 section 6.4.1 smooths jitter.
    private const double Gain = 1.0 / 16;

    private const int Unknown = int.MaxValue;

    private readonly int[] _minima = new int[Slots];
    private int _slot;
    private int _slotPeriods;
    private int _wantedMore;
    private int _wantedLess;
    private int _shrinkPause;
    private double _mean;

    /// <summary>The margin that the first packet of a talk spurt gets.</summary>
    public int StartMargin { get; private set; } = AtLeast(Initial, period);

    /// <summary>How long payload waits on average.</summary>
    public TimeSpan Delay => TimeSpan.FromTicks((long)(double.Max(_mean, 0) / OctetsPerMillisecond * TimeSpan.TicksPerMillisecond));

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        StartMargin = AtLeast(Initial, period);
        Start(StartMargin);
    }

    /// <summary>Earlier margins mean nothing any more, as when a talk spurt begins: the next packet has the given one.</summary>
    public void Start(int margin)
    {
        Array.Fill(_minima, Unknown);
        _slotPeriods = 0;
        _mean = margin;
        _wantedMore = 0;
        _wantedLess = 0;
        _shrinkPause = Periods(Slots * SlotMilliseconds);
    }

    /// <summary>The talk spurt is over. The next one begins with the delay that would have served this one.</summary>
    public void End()
    {
        int needed = AtLeast((int)(_mean - double.Min(Minimum(), _mean)) + Reserve, period);
        StartMargin = int.Clamp(needed, StartMargin - period, Maximum / period * period);
    }

    /// <summary>A packet has come with a margin.</summary>
    public void Record(int margin)
    {
        // No delay that we allow would have saved a packet later than that, and one stamped further ahead cannot be kept.
        if (margin is >= -Maximum and <= PayloadRing.Capacity)
        {
            _minima[_slot] = int.Min(_minima[_slot], margin);
            _mean += (margin - _mean) * Gain;
        }
    }

    /// <summary>The delay has changed: every margin would have been greater by <paramref name="octets"/>, or less if negative.</summary>
    public void Shift(int octets)
    {
        foreach (ref int minimum in _minima.AsSpan())
        {
            minimum = minimum == Unknown ? Unknown : minimum + octets;
        }

        _mean += octets;
        _shrinkPause = octets < 0 ? int.Max(_shrinkPause, Periods(ShrinkPauseMilliseconds)) : Periods(Slots * SlotMilliseconds);
    }

    /// <summary>A period has passed.</summary>
    public void EndPeriod()
    {
        int minimum = Minimum();
        _shrinkPause = int.Max(_shrinkPause - 1, 0);
        _wantedMore = minimum < Reserve - Tolerance && _mean + period <= Maximum ? _wantedMore + 1 : 0;
        _wantedLess = minimum != Unknown && minimum >= Reserve + period && _shrinkPause == 0 ? _wantedLess + 1 : 0;
        if (++_slotPeriods == Periods(SlotMilliseconds))
        {
            _slotPeriods = 0;
            _slot = (_slot + 1) % Slots;
            _minima[_slot] = Unknown;
        }
    }

    /// <summary>Whether to insert a period now, seeing whether nobody would hear it.</summary>
    public bool WantsMore(bool quiet) => _wantedMore > (quiet ? 0 : Periods(GrowPatienceMilliseconds));

    /// <summary>Whether to leave out a period now, seeing whether nobody would hear it.</summary>
    public bool WantsLess(bool quiet) => _wantedLess > (quiet ? 0 : Periods(ShrinkPatienceMilliseconds));

    private static int AtLeast(int octets, int period) => (octets + period - 1) / period * period;

    private int Periods(int milliseconds) => milliseconds * OctetsPerMillisecond / period;

    private int Minimum()
    {
        int minimum = Unknown;
        foreach (int slot in _minima)
        {
            minimum = int.Min(minimum, slot);
        }

        return minimum;
    }
}
