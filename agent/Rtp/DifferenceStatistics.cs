using System;

namespace IntercomAgent.Rtp;

/// <summary>The least, the greatest, the mean and the spread of some differences, as a statistics summary states them.</summary>
internal struct DifferenceStatistics
{
    private long _count;
    private double _sum;
    private double _squares;

    /// <summary>The least difference; 0 while there is none.</summary>
    public uint Least { get; private set; }

    /// <summary>The greatest difference.</summary>
    public uint Most { get; private set; }

    /// <summary>The mean, rounded.</summary>
    public readonly uint Mean => _count == 0 ? 0 : (uint)Math.Round(_sum / _count);

    /// <summary>The standard deviation, rounded.</summary>
    public readonly uint Deviation => _count == 0
        ? 0
        : (uint)Math.Round(Math.Sqrt(double.Max((_squares / _count) - (_sum / _count * (_sum / _count)), 0)));

    /// <summary>Takes a difference, of which the sign does not matter.</summary>
    public void Add(long difference)
    {
        uint size = (uint)long.Min(long.Abs(difference), uint.MaxValue);
        Least = _count == 0 ? size : uint.Min(Least, size);
        Most = uint.Max(Most, size);
        _count++;
        _sum += size;
        _squares += (double)size * size;
    }
}
