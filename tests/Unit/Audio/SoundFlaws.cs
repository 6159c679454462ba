using System;

namespace IntercomAgent.Tests.Unit.Audio;

/// <summary>
/// Listens to a tone that has been through something, and counts what a person would hear: clicks, gaps, and leaps of its phase, which are
/// steps of the pitch or missing pieces.
/// </summary>
/// <param name="sampleRate">Samples a second.</param>
/// <param name="hertz">The tone's; a multiple of 40, so that it makes whole turns in a window.</param>
/// <param name="amplitude">The tone's.</param>
internal sealed class SoundFlaws(int sampleRate, int hertz, double amplitude)
{
    // Half a sample is what a stretcher may be off, three tenths of a radian are nearly a whole one at 440 Hz and 8 kHz.
    private const double PhaseTolerance = 0.3;

    // What mu-law's rounding adds to a second difference: it is 128 at most at such amplitudes, and counts four times.
    private const double Rounding = 4 * 128;

    private readonly double _perSample = Math.Tau * hertz / sampleRate;
    private readonly int _window = sampleRate / 40;
    private readonly int _block = sampleRate / 400;

    // A w^2, and what fading over N samples adds: 2A / N at its ends, and 4Aw / N within.
    private readonly double _greatestBend = Rounding + (amplitude * Math.Pow(Math.Tau * hertz / sampleRate, 2))
        + (amplitude * (2 + (4 * Math.Tau * hertz / sampleRate)) / (sampleRate / 200.0));

    private long _heard;
    private int _last;
    private int _before;
    private double _energy;
    private double _inPhase;
    private double _quadrature;
    private double _phase = double.NaN;
    private bool _wasGap;

    /// <summary>Samples at which the sound bends more than the tone does where it is faded in or out within 5 ms.</summary>
    public int Clicks { get; private set; }

    /// <summary>Times that the sound was quieter than half the tone for 2.5 ms or more.</summary>
    public int Gaps { get; private set; }

    /// <summary>Windows of 25 ms after which the tone does not go on where it should.</summary>
    public int Leaps { get; private set; }

    public void Listen(ReadOnlySpan<short> sound)
    {
        foreach (short sample in sound)
        {
            double turn = _perSample * (_heard % sampleRate);
            _inPhase += sample * Math.Sin(turn);
            _quadrature += sample * Math.Cos(turn);
            _energy += (double)sample * sample;
            double bend = Math.Abs(sample - (2.0 * _last) + _before);
            Clicks += _heard > 1 && bend > _greatestBend ? 1 : 0;
            (_before, _last) = (_last, sample);
            _heard++;
            if (_heard % _block == 0)
            {
                EndBlock();
            }

            if (_heard % _window == 0)
            {
                EndWindow();
            }
        }
    }

    private void EndBlock()
    {
        bool isGap = _energy / _block < amplitude * amplitude / 8;
        Gaps += isGap && !_wasGap ? 1 : 0;
        (_wasGap, _energy) = (isGap, 0);
    }

    private void EndWindow()
    {
        double phase = Math.Atan2(_quadrature, _inPhase);
        Leaps += Math.Abs(Math.IEEERemainder(phase - _phase, Math.Tau)) > PhaseTolerance ? 1 : 0;
        (_phase, _inPhase, _quadrature) = (phase, 0, 0);
    }
}
