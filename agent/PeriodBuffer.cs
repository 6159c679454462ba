using System;

namespace IntercomAgent;

/// <summary>
/// Fits the periods of a sound device to those of the media path, when the device's are a whole fraction of them: captured samples are
/// collected until they fill a period, and its answer is played piece by piece.
/// </summary>
/// <param name="samples">Samples in a period of the media path.</param>
internal sealed class PeriodBuffer(int samples)
{
    private readonly short[] _captured = new short[samples];
    private readonly short[] _played = new short[samples];
    private int _filled;
    private int _unplayed;

    /// <summary>Where the device's next period is captured to: <paramref name="length"/> samples, which divide the whole period.</summary>
    public Span<short> NextCapture(int length) => _captured.AsSpan(_filled, length);

    /// <summary>The device has captured; true when that completes a period, which is then in <see cref="Captured"/>.</summary>
    public bool Complete(int length)
    {
        _filled = (_filled + length) % samples;
        if (_filled == 0)
        {
            _unplayed = 0;
        }

        return _filled == 0;
    }

    /// <summary>The completed period.</summary>
    public ReadOnlySpan<short> Captured => _captured;

    /// <summary>Where its answer goes.</summary>
    public Span<short> Played => _played;

    /// <summary>What the device plays in its next period.</summary>
    public ReadOnlySpan<short> NextPlay(int length)
    {
        ReadOnlySpan<short> next = _played.AsSpan(_unplayed, length);
        _unplayed = (_unplayed + length) % samples;
        return next;
    }
}
