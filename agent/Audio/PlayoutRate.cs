using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Plays sound at another rate than it was recorded at: a few millionths faster or slower, and with another number of samples a second
/// where those of the call and of the listener differ. While it need not, what goes in comes out, bit for bit and at once.
/// When it begins to, the filter is given the samples that were played last, and is ahead of what it plays from then on by half its
/// length, 2.1 ms: it takes that much more once. So the sound goes on at the very sample it was at, and no later. The reserve of the
/// buffer before it has shrunk by that, which its control mends like a drift.
/// </summary>
/// <param name="periodSamples">Samples that are played in each period; at least the filter's length.</param>
/// <param name="inputRate">Samples a second that go in.</param>
/// <param name="outputRate">Samples a second that are played.</param>
internal sealed class PlayoutRate(int periodSamples, int inputRate, int outputRate)
{
    private readonly Resampler _resampler = new(inputRate, outputRate, 2 * (int)((long)periodSamples * inputRate / outputRate));
    private readonly short[] _last = new short[periodSamples];
    private bool _converts = inputRate != outputRate;

    /// <summary>Sets by how many millionths faster the next period is played. Returns how many samples that takes, at most two periods.</summary>
    public int Begin(double correction)
    {
        _resampler.Correction = correction;
        if (!_converts && correction != 0)
        {
            _converts = true;
            _resampler.Join(_last.AsSpan(periodSamples - _resampler.Past));
        }

        return _converts ? _resampler.InputFor(periodSamples) : periodSamples;
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
        samples.CopyTo(_last);
    }
}
