using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Plays sound faster or slower without changing its pitch: it leaves out a piece, or plays one again, that is as long as the voice's own
/// period, where the sound before and after it is so much alike that one can be faded into the other (WSOLA; Verhelst and Roelands 1993).
/// Where it is not, nothing is done but in need. In quiet sound and steady noise, which has no period, any piece will do.
/// </summary>
internal sealed class TimeStretcher
{
    /// <summary>The longest piece, 15 ms: the period of the lowest voice.</summary>
    public const int LongestPieceMilliseconds = 15;

    // The shortest piece: 1/400 of a second, the period of the highest voice.
    private const int HighestVoice = 400;

    // What is compared, and faded: long enough to tell one period from the next, short enough to be there in time.
    private const int FadeMilliseconds = 8;

    // How alike the two ends must be: of their energy, no more than a tenth of each does not belong to the other.
    private const double Alike = 0.9;

    // The same in need, where sound that is late or lost would be worse.
    private const double AlikeInNeed = 0.5;

    // Beyond 40 ms too long, or 20 ms too short, it is in need.
    private const int LateMilliseconds = 40;
    private const int EarlyMilliseconds = 20;

    // The level of less than that tells where in a voice's period it was taken, not how quiet it is.
    private const int LevelMilliseconds = 10;

    // Below -45 dBFS lie pauses and breath; noise is what is no louder than twice the quietest of the last seconds, and unlike itself.
    private const int QuietLevel = 184;
    private const double NoiseShare = 2;
    private const double Unlike = 0.7;

    // Speech is played faster or slower by a fifth, in need by half: what waits after a change is so many times as long.
    private const int Pause = 4;
    private const int PauseInNeed = 1;

    private readonly PitchSearch _search;
    private readonly double[] _fade;
    private readonly short[] _before;
    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _late;
    private readonly int _early;
    private readonly int _levelSamples;
    private readonly double _rise;
    private double _floor = QuietLevel;
    private double _energy;
    private int _measured;
    private int _pause;

    /// <summary>A stretcher for sound of so many samples a second: 8000 or a multiple.</summary>
    public TimeStretcher(int sampleRate)
    {
        _shortest = sampleRate / HighestVoice;
        _longest = sampleRate * LongestPieceMilliseconds / 1000;
        _late = sampleRate * LateMilliseconds / 1000;
        _early = sampleRate * EarlyMilliseconds / 1000;
        _levelSamples = sampleRate * LevelMilliseconds / 1000;
        Fade = sampleRate * FadeMilliseconds / 1000;
        _before = new short[Fade];
        _search = new PitchSearch(sampleRate, _longest + Fade);
        _fade = new double[Fade];
        for (int index = 0; index < Fade; index++)
        {
            // A raised cosine: what is faded begins and ends without a bend.
            _fade[index] = 0.5 - (0.5 * Math.Cos(Math.PI * (index + 0.5) / Fade));
        }

        // The floor of the noise follows what is quieter at once, and what is louder by 3 dB a second.
        _rise = Math.Pow(2, 0.5 / sampleRate);
    }

    /// <summary>Samples of what waits that are needed besides the piece itself.</summary>
    public int Fade { get; }

    /// <summary>Samples that must wait, so that <see cref="Shorten"/> can look for all that <paramref name="excess"/> allows.</summary>
    public int NeededFor(int excess) => Fade + int.Min(excess, _longest);

    /// <summary>So many samples of what waits are played: it was listened to, and time has passed.</summary>
    public void Pass(ReadOnlySpan<short> sound)
    {
        _pause = int.Max(_pause - sound.Length, 0);
        _energy += Energy(sound);
        _measured += sound.Length;
        if (_measured >= _levelSamples)
        {
            _floor = double.Min(_floor * Math.Pow(_rise, _measured), double.Max(Math.Sqrt(_energy / _measured), 1));
            (_energy, _measured) = (0, 0);
        }
    }

    /// <summary>Whether a change may be tried now: not, when the last one was only just heard.</summary>
    public bool IsReady(int excess) => _pause == 0 && (excess >= _shortest || -excess >= _shortest);

    /// <summary>Leaves out a piece of what waits; returns how many samples that was, 0 if the sound allows none.</summary>
    /// <param name="line">Sound.</param>
    /// <param name="excess">By how many samples its delay is too long.</param>
    public int Shorten(SoundLine line, int excess)
    {
        int longest = int.Min(int.Min(excess, _longest), line.Waiting - Fade);
        if (longest < _shortest)
        {
            return 0;
        }

        ReadOnlySpan<short> field = line.At(_shortest, longest - _shortest + Fade);
        int piece = _shortest + _search.Find(line.At(0, Fade), field, out double likeness);
        return Allows(line, line.At(0, Fade + piece), piece, likeness, excess > _late) ? Change(line, piece, likeness) : 0;
    }

    /// <summary>Plays a piece of what was played last again; returns how many samples that was, 0 if the sound allows none.</summary>
    /// <param name="line">Sound.</param>
    /// <param name="lack">By how many samples its delay is too short.</param>
    public int Lengthen(SoundLine line, int lack)
    {
        if (line.Waiting < Fade)
        {
            return 0;
        }

        ReadOnlySpan<short> field = line.At(-_longest, _longest - _shortest + Fade);
        int piece = _longest - _search.Find(line.At(0, Fade), field, out double likeness);
        return Allows(line, line.At(-piece, piece + Fade), piece, likeness, lack > _early) ? -Change(line, -piece, likeness) : 0;
    }

    private static double Level(ReadOnlySpan<short> sound) => Math.Sqrt(Energy(sound) / sound.Length);

    private static double Energy(ReadOnlySpan<short> sound)
    {
        double sum = 0;
        foreach (short sample in sound)
        {
            sum += sample * sample;
        }

        return sum;
    }

    private bool Allows(SoundLine line, ReadOnlySpan<short> sound, int piece, double likeness, bool isInNeed)
    {
        bool isAlike = likeness >= (isInNeed ? AlikeInNeed : Alike);
        double level = Level(sound);
        bool isQuiet = level < QuietLevel || (!isAlike && level < NoiseShare * _floor && IsUnlikeItself(line));
        _pause = isQuiet ? 0 : (isInNeed ? PauseInNeed : Pause) * piece;
        return isQuiet || isAlike;
    }

    /// <summary>Whether what waits resembles nothing that was played before it, as it would if it had a pitch.</summary>
    private bool IsUnlikeItself(SoundLine line)
    {
        _ = _search.Find(line.At(0, Fade), line.At(-_longest, _longest - _shortest + Fade), out double likeness);
        return likeness < Unlike;
    }

    private int Change(SoundLine line, int skipped, double likeness)
    {
        line.At(0, Fade).CopyTo(_before);
        line.Skip(skipped);
        Span<short> after = line.Upcoming[..Fade];
        double common = 2 * double.Clamp(likeness, 0, 1);
        for (int index = 0; index < Fade; index++)
        {
            // Two sounds with little in common lose loudness when they are mixed, which is given back.
            double share = _fade[index];
            double rest = 1 - share;
            double gain = 1 / Math.Sqrt((share * share) + (rest * rest) + (common * share * rest));
            after[index] = (short)double.Clamp(
                double.Round(gain * ((share * after[index]) + (rest * _before[index]))), short.MinValue, short.MaxValue);
        }

        return skipped;
    }
}
