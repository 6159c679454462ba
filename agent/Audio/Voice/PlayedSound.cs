using System;

namespace IntercomAgent.Audio;

/// <summary>
/// What the loudspeaker said while the microphone captured: the played samples of the last while, and where in them that was. The device
/// tells how much of what it was given waits to be heard; nothing is guessed.
/// </summary>
internal sealed class PlayedSound
{
    /// <summary>Whoever cancels needs what was played before it was captured, never after: so it gets 5 ms more than the device says.</summary>
    private const int LeadsPerSecond = 200;

    /// <summary>The device counts in its own grain, up to a period; this many readings make it smooth.</summary>
    private const double Readings = 16;

    private readonly short[] _ring;
    private readonly int _lead;
    private readonly int _tolerance;
    private long _written;
    private double _smoothed = double.NaN;
    private int _lag;

    /// <summary>Keeps a second of what is played.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    public PlayedSound(int sampleRate)
    {
        _ring = new short[sampleRate];
        _lead = sampleRate / LeadsPerSecond;
        _tolerance = _lead / 2;
    }

    /// <summary>Keeps what was given to the loudspeaker.</summary>
    public void Add(ReadOnlySpan<short> played)
    {
        foreach (short sample in played)
        {
            _ring[(int)(_written++ % _ring.Length)] = sample;
        }
    }

    /// <summary>Gives what was heard during a captured period, and some of what was heard just after.</summary>
    /// <param name="lag">Samples that were given to the loudspeaker, and not heard yet when the period ended.</param>
    /// <param name="heard">As long as the captured period.</param>
    public void TakeHeard(int lag, Span<short> heard)
    {
        Follow(lag);
        long first = _written - int.Max(_lag - _lead, 0) - heard.Length;
        for (int index = 0; index < heard.Length; index++)
        {
            long at = first + index;
            heard[index] = at >= 0 && at >= _written - _ring.Length ? _ring[(int)(at % _ring.Length)] : (short)0;
        }
    }

    /// <summary>
    /// A canceller has to learn anew when what it is told shifts: small changes of the reading are left alone, large ones, as when a
    /// device starts anew, are followed at once.
    /// </summary>
    private void Follow(int lag)
    {
        bool isFar = double.IsNaN(_smoothed) || double.Abs(lag - _smoothed) > 4 * _lead;
        _smoothed = isFar ? lag : _smoothed + ((lag - _smoothed) / Readings);
        if (isFar || double.Abs(_smoothed - _lag) > _tolerance)
        {
            _lag = (int)_smoothed;
        }
    }
}
