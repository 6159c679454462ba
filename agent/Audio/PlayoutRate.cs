using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Plays sound a few millionths faster or slower than it was recorded. While it need not, what goes in comes out, bit for bit and at once.
/// When it begins to, the filter is given the samples that were played last, and is ahead of what it plays from then on by half its
/// length, 2.1 ms: it takes that much more once. So the sound goes on at the very sample it was at, and no later. The reserve of the
/// buffer before it has shrunk by that, which its control mends like a drift.
/// </summary>
/// <param name="periodSamples">Samples that are played in each period; at least the filter's length.</param>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class PlayoutRate(int periodSamples, int sampleRate)
{
    private readonly Resampler _resampler = new(sampleRate, sampleRate, 2 * periodSamples);
    private readonly short[] _last = new short[periodSamples];
    private bool _converts;

    /// <summary>Sets by how many millionths faster the next period is played. Returns how many samples that takes, at most two periods.</summary>
    /// <param name="correction">Millionths.</param>
    /// <param name="samples">Samples that are played: a period, or fewer.</param>
    public int Begin(double correction, int samples)
    {
        _resampler.Correction = correction;
        if (!_converts && correction != 0)
        {
            _converts = true;
            _resampler.Join(_last.AsSpan(periodSamples - _resampler.Past));
        }

        return _converts ? _resampler.InputFor(samples) : samples;
    }

    /// <summary>Plays one period from the samples that <see cref="Begin"/> wanted.</summary>
    public void Play(ReadOnlySpan<short> samples, Span<short> period)
    {
        if (_converts)
        {
            _ = _resampler.Convert(samples, period);
            return;
        }

        samples.CopyTo(period);
        _last.AsSpan(samples.Length).CopyTo(_last);
        samples.CopyTo(_last.AsSpan(_last.Length - samples.Length));
    }
}
