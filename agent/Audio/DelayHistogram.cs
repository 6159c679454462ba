using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Remembers how long before their turn packets came, and says what all but the latest few of them had: a histogram with a bin for each
/// millisecond, in which what is old counts less and less. It knows nothing of when that was: a change of the delay moves all of it.
/// </summary>
internal sealed class DelayHistogram
{
    /// <summary>
    /// Of a hundred packets one may come later than the delay is made for. Most of those the reserve still saves; and what the others cost
    /// is less than a delay that waits for the slowest of them all.
    /// </summary>
    private const double Allowance = 0.01;

    /// <summary>So many packets, 5 s of the usual ones, are half the weight of the histogram from then on, and all of it before.</summary>
    private const int Memory = 250;

    /// <summary>From what no delay could save to what the ring can keep, and as far beyond as a stall moves it before much is dropped.</summary>
    private const int Bins = (DelayControl.Maximum + PayloadRing.Capacity + AdaptiveJitterBuffer.LongestStall) / DelayControl.OctetsPerMillisecond;

    /// <summary>Each packet weighs more than the one before it, which is the same as if all others faded. Before this it is made small again.</summary>
    private const double Heaviest = 1e12;

    private readonly double[] _weights = new double[Bins];
    private double _next;
    private double _total;
    private int _origin;

    /// <summary>An empty histogram.</summary>
    public DelayHistogram() => Reset();

    /// <summary>Packets that were recorded since the last <see cref="Reset"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Octets that all but the latest packets came before their turn; negative if after it. 0 before there was any.</summary>
    public int Low => Quantile(Allowance);

    /// <summary>Octets that half of the packets came before their turn.</summary>
    public int Median => Quantile(0.5);

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_weights);
        (_next, _total, Count, _origin) = (1, 0, 0, -DelayControl.Maximum);
    }

    /// <summary>A packet has come so many octets before its turn, or after it if negative.</summary>
    public void Record(int margin)
    {
        _weights[int.Clamp(FloorDivide(margin - _origin), 0, Bins - 1)] += _next;
        _total += _next;
        Count = int.Min(Count + 1, int.MaxValue - 1);
        if (Count < Memory)
        {
            return;
        }

        _next *= (Memory + 1.0) / Memory;
        if (_next > Heaviest)
        {
            foreach (ref double weight in _weights.AsSpan())
            {
                weight /= Heaviest;
            }

            _total /= Heaviest;
            _next /= Heaviest;
        }
    }

    /// <summary>The delay was changed: every packet would have come so many octets earlier before its turn, or later if negative.</summary>
    public void Shift(int octets)
    {
        _origin += octets;
        int bins = FloorDivide(_origin + DelayControl.Maximum);
        _origin -= bins * DelayControl.OctetsPerMillisecond;
        Move(int.Clamp(bins, -Bins, Bins));
    }

    /// <summary>
    /// Moves the bins. What falls off the upper end stays there; what falls off the lower one is forgotten, since no delay that is allowed
    /// would have saved it.
    /// </summary>
    private void Move(int bins)
    {
        Span<double> weights = _weights;
        int kept = Bins - int.Abs(bins);
        double lost = 0;
        foreach (double weight in bins > 0 ? weights[kept..] : weights[..(Bins - kept)])
        {
            lost += weight;
        }

        if (bins > 0)
        {
            weights[..kept].CopyTo(weights[bins..]);
            weights[..bins].Clear();
            weights[^1] += lost;
        }
        else if (bins < 0)
        {
            weights[-bins..].CopyTo(weights);
            weights[kept..].Clear();
            _total -= lost;
        }

        if (_total < _next / 2)
        {
            Reset();
        }
    }

    private int Quantile(double share)
    {
        double sum = 0;
        double until = share * _total;
        int bin = 0;
        while (bin < Bins - 1 && sum + _weights[bin] <= until)
        {
            sum += _weights[bin++];
        }

        return Count == 0 ? 0 : _origin + (bin * DelayControl.OctetsPerMillisecond);
    }

    private static int FloorDivide(int octets) =>
        (octets - (((octets % DelayControl.OctetsPerMillisecond) + DelayControl.OctetsPerMillisecond) % DelayControl.OctetsPerMillisecond))
            / DelayControl.OctetsPerMillisecond;
}
