using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Hides where sound is missing or leaps, in the way of ITU-T G.711 appendix I: what is lost is made up by playing the voice's last period
/// again, and after 10 ms the last two, then three, so that it does not begin to sound like a machine. From then on it fades, and after
/// 60 ms it is silent. Where the made-up sound begins and ends, and wherever sound goes on elsewhere, one is blended into the other.
/// Unlike the appendix it delays nothing: what is blended at the beginning of a loss is what still waits to be played, or, where nothing
/// does, the step that is left is let go slowly. Sound comes in stretches of any length.
/// </summary>
internal sealed class Concealment
{
    /// <summary>How long sound that leaps is blended: long enough that no click is heard, short enough to spare a plosive.</summary>
    public const int BlendMilliseconds = 5;

    // Appendix I.2.2: voices have from 66 to 200 periods a second. A higher one is repeated two or three periods at a time.
    private const int HighestVoice = 200;
    private const int LongestVoiceMilliseconds = 15;

    // Appendix I.2.2: what is looked for is the last 20 ms.
    private const int CompareMilliseconds = 20;

    // Appendix I.2.7: full loudness for 10 ms, silence from 60 ms on; and no more than three periods.
    private const int StepMilliseconds = 10;
    private const int FadeMilliseconds = 60;
    private const int MostPeriods = 3;

    // Appendix I.2.6: at the end a quarter of a period is blended, and 4 ms for each 10 ms more that were lost, up to 10 ms.
    private const int EndBlendMilliseconds = 4;
    private const int LongestBlendMilliseconds = 10;

    private readonly PitchSearch _search;
    private readonly short[] _voice;
    private readonly short[] _tail;
    private readonly short[] _leaving;
    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _compared;
    private readonly int _step;
    private readonly int _fade;
    private readonly int _blend;
    private int _period;
    private int _quarter;
    private int _periods;
    private int _at;
    private int _bridge;
    private double _offset;
    private int _concealed;
    private int _blended;
    private int _blending;

    /// <summary>A concealment for sound of so many samples a second: 8000 or a multiple.</summary>
    public Concealment(int sampleRate)
    {
        int millisecond = sampleRate / 1000;
        _shortest = sampleRate / HighestVoice;
        _longest = LongestVoiceMilliseconds * millisecond;
        _compared = CompareMilliseconds * millisecond;
        _step = StepMilliseconds * millisecond;
        _fade = FadeMilliseconds * millisecond;
        _blend = BlendMilliseconds * millisecond;
        _search = new PitchSearch(sampleRate, _compared + _longest);
        _voice = new short[PastFor(sampleRate)];
        _tail = new short[_longest / 4];
        _leaving = new short[LongestBlendMilliseconds * millisecond];
    }

    /// <summary>Samples of the past that the longest voice takes: three periods and a quarter.</summary>
    public static int PastFor(int sampleRate) => ((4 * MostPeriods) + 1) * (LongestVoiceMilliseconds * sampleRate / 1000) / 4;

    /// <summary>Takes good sound that goes to the end of the line. After a leap or a loss its beginning is changed to join that.</summary>
    public void Join(Span<short> sound)
    {
        if (_concealed > 0)
        {
            int lost = int.Max(_concealed - _step, 0);
            BlendWith(int.Min(_quarter + (lost * EndBlendMilliseconds / StepMilliseconds), _leaving.Length));
        }

        for (int index = 0; index < sound.Length && _blended < _blending; index++)
        {
            int remainder = _leaving[_blended] * (_blending - _blended);
            sound[index] = (short)((remainder + (sound[index] * _blended)) / _blending);
            _blended++;
        }
    }

    /// <summary>Fills a stretch at the end of a line for which there is nothing to play. Long losses end in silence.</summary>
    public void Conceal(SoundLine line, int samples)
    {
        if (_concealed == 0)
        {
            Begin(line);
        }

        Continue(line.Append(samples));
    }

    /// <summary>What is joined next continues nothing that was played: it is blended with what would have come.</summary>
    /// <param name="line">What was played.</param>
    /// <param name="continuation">What would have come, as far as it is known; the rest is made up.</param>
    public void Leap(SoundLine line, ReadOnlySpan<short> continuation)
    {
        if (_concealed == 0 && continuation.Length >= _blend)
        {
            continuation[.._blend].CopyTo(_leaving);
            (_blended, _blending) = (0, _blend);
            return;
        }

        if (_concealed == 0)
        {
            Begin(line);
        }

        BlendWith(_blend);
    }

    /// <summary>The loss is over: so much of how it would have gone on is blended with what comes.</summary>
    private void BlendWith(int samples)
    {
        Continue(_leaving.AsSpan(0, samples));
        (_blended, _blending) = (0, samples);
        _concealed = 0;
    }

    /// <summary>Finds the voice's last period, and begins to play it again.</summary>
    private void Begin(SoundLine line)
    {
        ReadOnlySpan<short> past = line.All;
        ReadOnlySpan<short> last = past[^_compared..];
        _period = _longest - _search.Find(last, past[^(_compared + _longest)..^_shortest], out _);
        _quarter = _period / 4;
        past[^_voice.Length..].CopyTo(_voice);
        past[^_quarter..].CopyTo(_tail);
        (_periods, _at, _bridge, _offset) = (0, 0, 0, 0);
        Lengthen();

        Span<short> waiting = line.Upcoming;
        if (waiting.Length >= _quarter)
        {
            // The end of what still waits becomes the end of the period before, which its beginning continues.
            _voice.AsSpan(_voice.Length - _quarter).CopyTo(waiting[^_quarter..]);
        }
        else
        {
            _offset = past[^1] - _voice[^1];
        }
    }

    /// <summary>
    /// One period more is played in turn. Where the last one ends and the first begins again, a quarter of a period is blended.
    /// </summary>
    private void Lengthen()
    {
        _periods++;
        int first = _voice.Length - (_periods * _period);
        for (int index = 0; index < _quarter; index++)
        {
            int before = _voice[first - _quarter + index] * (index + 1);
            _voice[_voice.Length - _quarter + index] = (short)((before + (_tail[index] * (_quarter - index - 1))) / _quarter);
        }
    }

    private void Continue(Span<short> stretch)
    {
        for (int index = 0; index < stretch.Length; index++)
        {
            if (_concealed >= _fade)
            {
                stretch[index..].Clear();
                break;
            }

            double gain = double.Min((double)(_fade - _concealed) / (_fade - _step), 1);
            double offset = _offset * int.Max(_quarter - _concealed, 0) / _quarter;
            stretch[index] = (short)double.Clamp(double.Round(gain * (Next() + offset)), short.MinValue, short.MaxValue);
            _concealed++;
        }

        // Past the fade all is silence; but something was lost.
        _concealed = int.Max(_concealed, 1);
    }

    private short Next()
    {
        int length = _periods * _period;
        int place = _voice.Length - length + _at;
        int sample = _voice[place];
        if (_bridge > 0)
        {
            // How it would have gone on with one period less.
            sample = ((_voice[place + _period] * _bridge) + (sample * (_quarter - _bridge))) / _quarter;
            _bridge--;
        }

        _at = (_at + 1) % length;
        if (_at == 0 && _periods < MostPeriods && _concealed >= _step * _periods)
        {
            Lengthen();
            _bridge = _quarter;
        }

        return (short)sample;
    }
}
