using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Decides how long a jitter buffer's delay should be. Its only measure is the margin of each packet: how many octets before its turn
/// it comes; negative if too late. All but the latest few of a while (<see cref="DelayHistogram"/>), and all of a network that stands
/// still time and again (<see cref="PeakMemory"/>), should be there when the period that plays their first octet begins, and a little
/// before. What is missing of that, or beyond it, is to be made up for little by little; in between, <see cref="SenderDrift"/> keeps the
/// delay where it is.
/// </summary>
/// <param name="period">Octets in a period, which is what is played at once: whose turn is at its end is needed at its beginning.</param>
internal sealed class DelayControl(int period)
{
    /// <summary>Octets in a millisecond of G.711.</summary>
    public const int OctetsPerMillisecond = 8;

    /// <summary>
    /// The longest delay, 200 ms. ITU-T G.114 finds conversation hampered beyond 400 ms from mouth to ear, and half of that belongs to
    /// the network and the other end.
    /// </summary>
    public const int Maximum = 200 * OctetsPerMillisecond;

    /// <summary>The least change that is asked for, 2.5 ms: the period of the highest voice.</summary>
    public const int LeastChange = 5 * OctetsPerMillisecond / 2;

    // What a drift takes away until it is noticed and made up for, 2 ms, and what it costs once to begin with that, 2 ms more.
    private const int Reserve = 4 * OctetsPerMillisecond;

    // What may be missing of the reserve before the delay grows, and be beyond it before it shrinks: an eighth of the jitter more than
    // that is how much the latest packets of one while differ from those of the next.
    private const int GrowTolerance = Reserve;
    private const int ShrinkTolerance = 7 * OctetsPerMillisecond;
    private const int SpreadShare = 8;

    // What shrinking leaves, so that it does not end at the edge of growing.
    private const int Rest = OctetsPerMillisecond;

    // Twenty seconds of packets in which the delay finds its place exactly, so that it then rests in the middle of what is tolerated.
    private const int Settled = 1000;

    // At the start, when nothing has been measured: enough for a quiet wireless network.
    private const int Initial = 20 * OctetsPerMillisecond;

    // A second of packets tells enough to let the delay shrink. It grows with the first that comes late.
    private const int Enough = 50;

    // What is later than its like by so much, 60 ms, and by twice what is usual, is no jitter but a network that stood still.
    private const int PeakHeight = 60 * OctetsPerMillisecond;

    // The gain with which RFC 3550 section 6.4.1 smooths jitter.
    private const double Gain = 1.0 / 16;

    private readonly DelayHistogram _margins = new();
    private readonly PeakMemory _peaks = new(period);
    private int _least;
    private int _spread;
    private double _mean;
    private bool _grows;
    private bool _shrinks;

    /// <summary>The margin that the first packet of a talk spurt gets, if nothing is known of its clock.</summary>
    public int StartMargin => _margins.Count < Enough ? period + Initial : int.Clamp(Needed + _spread, Needed, Maximum);

    /// <summary>How long payload waits on average.</summary>
    public TimeSpan Delay => TimeSpan.FromTicks((long)(double.Max(_mean, 0) / OctetsPerMillisecond * TimeSpan.TicksPerMillisecond));

    /// <summary>By how many octets the delay should be shorter, or longer if negative; 0 while it is about right.</summary>
    public int Excess => _grows ? Surplus : _shrinks ? Surplus - Rest : 0;

    /// <summary>By how many octets it may be shorter, or should be longer, where nobody hears a change.</summary>
    public int Surplus => int.Min(int.Max(_least - Needed, (int)_mean - Maximum), _margins.Count < Enough ? 0 : int.MaxValue);

    private int Needed => period + Reserve;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _margins.Reset();
        _peaks.Reset();
        _mean = StartMargin;
        (_grows, _shrinks) = (false, false);
    }

    /// <summary>A talk spurt begins, the first packet of which has this margin.</summary>
    /// <param name="margin">Octets that it comes before its turn.</param>
    /// <param name="isKnown">
    /// Whether earlier margins mean the same as this one; else the packet is taken to be like any other that came earlier.
    /// </param>
    public void Start(int margin, bool isKnown)
    {
        if (!isKnown && _margins.Count > 0)
        {
            Shift(margin - _margins.Median);
        }

        _mean = margin;
    }

    /// <summary>A packet has come with a margin.</summary>
    public void Record(int margin)
    {
        // No delay that we allow would have saved a packet later than that, and one stamped further ahead cannot be kept.
        if (margin is < -Maximum or > PayloadRing.Capacity)
        {
            return;
        }

        if (_margins.Count >= Enough && _margins.Median - margin > int.Max(PeakHeight, 2 * (_margins.Median - _margins.Low)))
        {
            _peaks.Record(margin);
        }

        _margins.Record(margin);
        _mean += (margin - _mean) * Gain;
        Measure();
    }

    /// <summary>The delay has changed: every margin would have been greater by <paramref name="octets"/>, or less if negative.</summary>
    public void Shift(int octets)
    {
        _margins.Shift(octets);
        _peaks.Shift(octets);
        _mean += octets;
        Measure();
    }

    /// <summary>A period has passed.</summary>
    public void EndPeriod()
    {
        _peaks.EndPeriod();
        Measure();
    }

    private void Measure()
    {
        _least = int.Min(_margins.Low, _peaks.Least);
        _spread = int.Max(_margins.Median - _least, 0);
        int tolerance = _spread / SpreadShare;
        int surplus = Surplus;
        int shrinkTolerance = _margins.Count < Settled ? Rest + LeastChange : ShrinkTolerance + tolerance;
        _grows = surplus < 0 && (_grows || surplus < -GrowTolerance - tolerance);
        _shrinks = surplus >= Rest + LeastChange && (_shrinks || surplus > shrinkTolerance);
    }
}
