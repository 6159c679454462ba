using System;
using IntercomAgent.Media;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>Listens to a call: for clicks, and in a tone of <see cref="Hertz"/> for the delay that it has on its way.</summary>
internal sealed class ToneEar(DriftingCall call)
{
    /// <summary>The tone: 4.4 turns in 10 ms, so that what is left out or put in is heard.</summary>
    public const int Hertz = 440;

    /// <summary>How far the tone turns in a sample, in radians.</summary>
    public const double PerSample = Math.Tau * Hertz / AudioStream.SampleRate;

    // The tone makes whole turns in 100 ms; no other part of them disturbs the measurement.
    private const int MeasuredSamples = AudioStream.SampleRate / 10;

    private int _samples;
    private int _heard;
    private int _before;
    private int _last;
    private double _inPhase;
    private double _quadrature;
    private double _phase;

    /// <summary>The greatest second difference so far, which a click makes great.</summary>
    public double GreatestBend { get; set; }

    /// <summary>From the sender's microphone to our loudspeaker, in milliseconds; it is only known up to a turn of the tone.</summary>
    public double Delay => _phase / PerSample * 1000 / AudioStream.SampleRate;

    public double LeastDelay { get; set; }

    public double GreatestDelay { get; set; }

    public void Listen(int periods)
    {
        for (int period = 0; period < periods; period++)
        {
            call.Next();
            ListenForClicks();
            MeasureDelay();
        }
    }

    private void ListenForClicks()
    {
        foreach (short sample in call.Heard)
        {
            // The beginning of the call is none; that of a tone is a click by itself.
            GreatestBend = _heard > AudioStream.SampleRate ? Math.Max(GreatestBend, Math.Abs(sample - (2 * _last) + _before)) : 0;
            (_before, _last) = (_last, sample);
            _heard = Math.Min(_heard + 1, AudioStream.SampleRate + 1);
        }
    }

    private void MeasureDelay()
    {
        _samples += call.Heard.Length;
        if (_samples > AudioStream.SampleRate - MeasuredSamples)
        {
            for (int index = 0; index < call.Heard.Length; index++)
            {
                double turn = PerSample * (call.HeardAt + (index * call.SenderPace));
                _inPhase += call.Heard[index] * Math.Sin(turn);
                _quadrature += call.Heard[index] * Math.Cos(turn);
            }
        }

        if (_samples == AudioStream.SampleRate)
        {
            _phase += Math.IEEERemainder(Math.Atan2(-_quadrature, _inPhase) - _phase, Math.Tau);
            LeastDelay = Math.Min(LeastDelay, Delay);
            GreatestDelay = Math.Max(GreatestDelay, Delay);
            (_samples, _inPhase, _quadrature) = (0, 0, 0);
        }
    }
}
