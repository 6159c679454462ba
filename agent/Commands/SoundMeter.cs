using System;
using System.Globalization;
using IntercomAgent.Audio;

namespace IntercomAgent.Commands;

/// <summary>
/// A level in a line of text: a bar and a number of the level now, and the peak of the last second; in place of the numbers, a word when
/// something is wrong.
/// </summary>
/// <param name="name">What is measured.</param>
/// <param name="sampleRate">Samples a second.</param>
/// <param name="barLength">Characters of the bar.</param>
/// <param name="isOurs">Whether we make the sound: then nothing about it is wrong.</param>
internal sealed class SoundMeter(string name, int sampleRate, int barLength, bool isOurs)
{
    /// <summary>
    /// The noise of any microphone that is connected is louder: three times the smallest sample. What is quieter comes from nowhere.
    /// </summary>
    private const double Silence = -80;

    /// <summary>A sample is cut off at 0 dBFS; a conversion of the rate makes that a little less.</summary>
    private const double Clipping = -0.2;

    /// <summary>Speech at arm's length lies in the upper half of a bar that begins here.</summary>
    private const double Least = -60;

    /// <summary>The longest of the words.</summary>
    private const int WordLength = 24;

    private readonly LevelMeter _meter = new();
    private double _level = LevelMeter.Floor;
    private double _peak = LevelMeter.Floor;
    private double _held = LevelMeter.Floor;
    private int _heldFor;

    /// <summary>The greatest peak so far, in dBFS.</summary>
    public double Loudest { get; private set; } = LevelMeter.Floor;

    /// <summary>Whether all so far was silence.</summary>
    public bool IsSilent => Loudest < Silence;

    /// <summary>Measures the next period.</summary>
    public void Measure(ReadOnlySpan<short> period)
    {
        _meter.Measure(period);
        _level = double.Max(_level, _meter.Level);
        _peak = double.Max(_peak, _meter.Peak);
        Loudest = double.Max(Loudest, _meter.Peak);
        _heldFor += period.Length;
    }

    /// <summary>Says how loud the loudest period since the last time was.</summary>
    public string Take()
    {
        if (_peak >= _held || _heldFor >= sampleRate)
        {
            _held = _peak;
            _heldFor = 0;
        }

        int filled = (int)double.Clamp(double.Ceiling((_level - Least) / -Least * barLength), 0, barLength);
        string numbers = string.Create(CultureInfo.InvariantCulture, $"{_level,3:F0} dB, peak {_held,3:F0} dB");
        string word = isOurs ? numbers : _held < Silence ? "silence: nothing arrives" : _held > Clipping ? "too loud: clips" : numbers;
        _level = LevelMeter.Floor;
        _peak = LevelMeter.Floor;
        return $"{name} [{new string('#', filled).PadRight(barLength)}] {word.PadRight(WordLength)}";
    }
}
