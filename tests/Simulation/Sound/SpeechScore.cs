using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Tests.Interop;
using IntercomAgent.Tests.Unit.Audio.Quality;

namespace IntercomAgent.Tests.Simulation.Sound;

/// <summary>
/// What came of speech on its way: how well it is understood, in the band of a telephone, and how late it is heard. The measures want both
/// recordings in step, and a jitter buffer changes the delay now and then; so each frame of 20 ms is looked for where it is. That a delay
/// changes is thus not held against it, but what is made up or missing is.
/// </summary>
internal sealed class SpeechScore
{
    private const int Rate = 8000;
    private const int Frame = SpeechAlignment.Frame;

    private readonly int _sampleRate;
    private readonly short[] _said;
    private readonly short[] _heard;
    private readonly int?[] _delays;

    /// <summary>Compares.</summary>
    /// <param name="said">The speech as it was said.</param>
    /// <param name="heard">What was heard, from about then on.</param>
    /// <param name="sampleRate">Samples a second of both.</param>
    /// <param name="slip">How far the delay may move either way, in milliseconds.</param>
    public SpeechScore(short[] said, short[] heard, int sampleRate, int slip)
    {
        _sampleRate = sampleRate;
        _said = Convert(said, sampleRate);
        short[] received = Convert(heard, sampleRate);
        _delays = SpeechAlignment.Place(_said, received, slip * Rate / 1000);
        _heard = InStep(received);
    }

    /// <summary>How many milliseconds after the first sample was said the first of what was heard was.</summary>
    public double HeardLater { get; init; }

    /// <summary>By how many millionths the speaker's clock is faster than the listener's.</summary>
    public double DriftPpm { get; init; }

    /// <summary>How long packets waited in the jitter buffer, in milliseconds, on average.</summary>
    public double Waited { get; init; }

    /// <summary>The first samples of the packets of the speech that never came.</summary>
    public IReadOnlyList<int> Lost { get; init; } = [];

    /// <summary>From mouth to ear, in milliseconds, on average, without what a sound card adds.</summary>
    public double Delay => HeardLater + (1000.0 / Rate * Enumerable.Range(0, _delays.Length)
        .Where(frame => _delays[frame] is not null)
        .Average(frame => _delays[frame]!.Value + (frame * Frame * DriftPpm / 1e6)));

    /// <summary>How well what was heard is understood.</summary>
    public Intelligibility Understood => new(_said, _heard, Rate);

    /// <summary>How well it would be understood with silence about where the lost packets were, instead of what was made up.</summary>
    public Intelligibility UnderstoodWithoutLost()
    {
        short[] heard = [.. _heard];
        foreach (int packet in Lost)
        {
            int at = (int)((long)packet * Rate / _sampleRate);
            heard.AsSpan(at, int.Min(Frame, heard.Length - at)).Clear();
        }

        return new Intelligibility(_said, heard, Rate);
    }

    private static short[] Convert(short[] samples, int sampleRate)
    {
        if (sampleRate == Rate)
        {
            return samples;
        }

        short[] converted = new short[((long)samples.Length * Rate / sampleRate) + 1];
        return converted[..new Resampler(sampleRate, Rate, samples.Length).Convert(samples, converted)];
    }

    /// <summary>What was received, each frame where it was said; a frame of silence has the delay of the one before it.</summary>
    private short[] InStep(short[] received)
    {
        short[] heard = new short[_said.Length];
        int delay = _delays.FirstOrDefault(known => known is not null) ?? 0;
        for (int frame = 0; frame < _delays.Length; frame++)
        {
            delay = _delays[frame] ?? delay;
            for (int index = frame * Frame; index < (frame + 1) * Frame; index++)
            {
                heard[index] = index + delay >= 0 && index + delay < received.Length ? received[index + delay] : (short)0;
            }
        }

        return heard;
    }
}
