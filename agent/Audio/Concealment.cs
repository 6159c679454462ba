using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Hides lost periods: plays the last good one again, backwards and forwards in turn, so that the sound goes on without a step, and
/// fades it out, as nobody's voice stands still. The first good period after that is blended in.
/// </summary>
/// <param name="periodSamples">Samples in each period.</param>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class Concealment(int periodSamples, int sampleRate)
{
    // ITU-T G.711 appendix I fades to silence within 60 ms too: longer repetitions begin to sound like a machine.
    private const int FadeMilliseconds = 60;

    // Long enough that no click is heard, short enough to spare a plosive.
    private const int BlendMilliseconds = 5;

    private readonly short[] _last = new short[periodSamples];
    private readonly int _fadeSamples = sampleRate * FadeMilliseconds / 1000;
    private readonly int _blendSamples = int.Min(sampleRate * BlendMilliseconds / 1000, periodSamples);
    private int _concealed;

    /// <summary>Takes a good period that is about to be played. After concealed ones its beginning is changed to join them.</summary>
    public void Join(Span<short> period)
    {
        for (int index = 0; _concealed > 0 && index < _blendSamples; index++)
        {
            int remainder = Continue(_concealed + index) * (_blendSamples - index);
            period[index] = (short)((remainder + (period[index] * index)) / _blendSamples);
        }

        period.CopyTo(_last);
        _concealed = 0;
    }

    /// <summary>Fills a period for which there is nothing to play. Long losses end in silence.</summary>
    public void Conceal(Span<short> period)
    {
        for (int index = 0; index < period.Length; index++)
        {
            period[index] = Continue(_concealed + index);
        }

        // Past the fade all is silence; counting on would one day overflow.
        _concealed = int.Min(_concealed + period.Length, _fadeSamples / periodSamples * periodSamples + periodSamples);
    }

    /// <summary>Forgets the last period: what follows is another talk spurt or another speaker.</summary>
    public void Reset()
    {
        Array.Clear(_last);
        _concealed = 0;
    }

    private short Continue(int sample)
    {
        (int repetition, int offset) = int.DivRem(sample, periodSamples);
        short repeated = _last[repetition % 2 == 0 ? periodSamples - 1 - offset : offset];
        return (short)(repeated * int.Max(_fadeSamples - sample, 0) / _fadeSamples);
    }
}
