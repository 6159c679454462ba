using System;
using System.Collections.Generic;

namespace IntercomAgent.Tests.Storm;

/// <summary>Many measurements of one thing.</summary>
/// <param name="expected">How many there will be; room for them is made now, so that it is no growth later.</param>
internal sealed class Measurements(int expected)
{
    private readonly List<double> _values = new(expected);

    public void Add(double value) => _values.Add(value);

    /// <summary>The spread of all measurements.</summary>
    public Spread Spread()
    {
        _values.Sort();
        return new Spread(_values.Count, At(0.5), At(0.99), At(1));
    }

    private double At(double share) => _values.Count == 0 ? 0 : _values[(int)Math.Round((_values.Count - 1) * share)];
}

/// <summary>How measurements are spread.</summary>
internal sealed record Spread(int Count, double P50, double P99, double Worst);
