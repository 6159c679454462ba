using System;
using System.Globalization;

namespace IntercomAgent.Audio;

/// <summary>Measures how loud one party of a call speaks, period by period. Nothing is allocated.</summary>
internal sealed class SpeakingLevel
{
    /// <summary>What is quieter is a pause, in dBFS: the noise of a quiet room lies below, speech far above.</summary>
    private const double Pause = -50;

    private readonly LevelMeter _meter = new();
    private double _power;
    private long _periods;
    private double _peak = LevelMeter.Floor;

    /// <summary>What has been measured so far.</summary>
    public SpokenLevel Spoken => new(_periods == 0 ? LevelMeter.Floor : 10 * Math.Log10(_power / _periods), _peak);

    /// <summary>Measures the next period.</summary>
    public void Measure(ReadOnlySpan<short> period)
    {
        _meter.Measure(period);
        if (_meter.Level > Pause)
        {
            _power += Math.Pow(10, _meter.Level / 10);
            _periods++;
            _peak = double.Max(_peak, _meter.Peak);
        }
    }
}

/// <summary>How loud a party has spoken. Both are <see cref="LevelMeter.Floor"/> for one that was silent.</summary>
/// <param name="Level">The effective (RMS) level of all periods in which it was no pause, in dBFS.</param>
/// <param name="Peak">The greatest magnitude in them, in dBFS.</param>
internal readonly record struct SpokenLevel(double Level, double Peak)
{
    /// <summary><c>at -23 dBFS, peak -9</c>, or <c>nothing</c>.</summary>
    public override string ToString() => Level <= LevelMeter.Floor
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"at {Level:F0} dBFS, peak {Peak:F0}");
}
