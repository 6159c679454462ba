using System;
using System.Linq;
using IntercomAgent.Tests.Unit.Audio.Quality;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

/// <summary>What came of a scene: what the microphone heard, what of it the visitor said, and what was sent.</summary>
internal sealed class EchoResult(short[] microphone, double[] visitor, short[] sent, int sampleRate)
{
    /// <summary>The echo return loss enhancement: by how many decibels less is sent than the microphone heard, between two seconds.</summary>
    public double Enhancement(double from, double to)
    {
        Range range = (int)(from * sampleRate)..(int)(to * sampleRate);
        return 10 * Math.Log10(Energy(microphone.AsSpan()[range]) / Energy(sent.AsSpan()[range]));
    }

    /// <summary>How well the visitor is understood while both talk, as ESTOI: in what the microphone heard, or in what was sent.</summary>
    public double Understood(bool asSent)
    {
        Range range = ((EchoScene.DoubleTalkSeconds + 1) * sampleRate)..;
        short[] said = [.. visitor[range].Select(sample => (short)sample)];

        // The preprocessor gives its frame out later; no path takes longer than 20 ms.
        return asSent
            ? Enumerable.Range(0, 5).Max(step => new Intelligibility(said, sent.AsSpan()[range][(step * sampleRate / 200)..], sampleRate).Estoi())
            : new Intelligibility(said, microphone.AsSpan()[range], sampleRate).Estoi();
    }

    private static double Energy(ReadOnlySpan<short> samples)
    {
        double sum = 1;
        foreach (short sample in samples)
        {
            sum += (double)sample * sample;
        }

        return sum;
    }
}
