using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Hides where sound is missing or leaps. What is lost is made up from the last good period, played again backwards and forwards in turn,
/// so that the sound goes on without a step, and faded out, as nobody's voice stands still. Wherever the sound then goes on elsewhere, its
/// beginning is blended in. Sound comes in stretches of any length up to a period.
/// </summary>
/// <param name="periodSamples">Samples in a period.</param>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class Concealment(int periodSamples, int sampleRate)
{
    /// <summary>How long two sounds are blended: long enough that no click is heard, short enough to spare a plosive.</summary>
    public const int BlendMilliseconds = 5;

    // ITU-T G.711 appendix I fades to silence within 60 ms too: longer repetitions begin to sound like a machine.
    private const int FadeMilliseconds = 60;

    private readonly short[] _last = new short[periodSamples];
    private readonly short[] _leaving = new short[sampleRate * BlendMilliseconds / 1000];
    private readonly int _fadeSamples = sampleRate * FadeMilliseconds / 1000;
    private int _blended = int.MaxValue;
    private int _concealed;

    /// <summary>Takes good sound that is about to be played. After a leap or what was made up its beginning is changed to join that.</summary>
    public void Join(Span<short> sound)
    {
        if (_concealed > 0)
        {
            Leap([]);
        }

        for (int index = 0; index < sound.Length && _blended < _leaving.Length; index++)
        {
            int remainder = _leaving[_blended] * (_leaving.Length - _blended);
            sound[index] = (short)((remainder + (sound[index] * _blended)) / _leaving.Length);
            _blended++;
        }

        Remember(sound);
    }

    /// <summary>Fills a stretch for which there is nothing to play. Long losses end in silence.</summary>
    public void Conceal(Span<short> stretch)
    {
        for (int index = 0; index < stretch.Length; index++)
        {
            stretch[index] = Continue(_concealed + index);
        }

        // Past the fade all is silence; counting on would one day overflow.
        _concealed = int.Min(_concealed + stretch.Length, _fadeSamples + periodSamples);
        _blended = _leaving.Length;
    }

    /// <summary>What is joined next continues nothing that was played: it is blended with what would have come.</summary>
    /// <param name="continuation">What would have come, as far as it is known; the rest is made up.</param>
    public void Leap(ReadOnlySpan<short> continuation)
    {
        bool isKnown = _concealed == 0 && continuation.Length >= _leaving.Length;
        for (int index = 0; index < _leaving.Length; index++)
        {
            _leaving[index] = isKnown ? continuation[index] : Continue(_concealed + index);
        }

        _blended = 0;
        _concealed = 0;
    }

    private void Remember(ReadOnlySpan<short> sound)
    {
        ReadOnlySpan<short> newest = sound[int.Max(sound.Length - periodSamples, 0)..];
        _last.AsSpan(newest.Length).CopyTo(_last);
        newest.CopyTo(_last.AsSpan(periodSamples - newest.Length));
    }

    private short Continue(int sample)
    {
        (int repetition, int offset) = int.DivRem(sample, periodSamples);
        short repeated = _last[repetition % 2 == 0 ? periodSamples - 1 - offset : offset];
        return (short)(repeated * int.Max(_fadeSamples - sample, 0) / _fadeSamples);
    }
}
