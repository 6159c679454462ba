using System;

namespace IntercomAgent.Audio;

/// <summary>
/// What is heard at the station when its microphone opens without a hand: two short tones, so that nobody there is listened to unawares.
/// It is computed once, and played into the mix of a call's periods without garbage.
/// </summary>
internal sealed class AttentionTone
{
    /// <summary>Parts of a second.</summary>
    private const int Beep = 8;
    private const int Pause = 20;

    /// <summary>The fade at both ends of a tone, which would click without: 5 ms.</summary>
    private const int Fade = 200;

    /// <summary>Half of full scale: above speech, and below what a small loudspeaker distorts.</summary>
    private const double Amplitude = short.MaxValue / 2.0;

    private int _sampleRate;
    private short[] _samples;
    private int _next;

    /// <summary>A tone that waits to be started.</summary>
    /// <param name="sampleRate">Samples a second of the mix.</param>
    public AttentionTone(int sampleRate)
    {
        _sampleRate = sampleRate;
        _samples = Compute(sampleRate);
        _next = _samples.Length;
    }

    /// <summary>The mix has another rate from now on; a tone that is heard goes on where it was.</summary>
    public void UseRate(int sampleRate)
    {
        _next = (int)((long)_next * sampleRate / _sampleRate);
        _sampleRate = sampleRate;
        _samples = Compute(sampleRate);
    }

    /// <summary>Plays it from its beginning.</summary>
    public void Start() => _next = 0;

    /// <summary>Adds its next piece to a mix.</summary>
    public void AddTo(Span<short> mix)
    {
        int length = Math.Min(mix.Length, _samples.Length - _next);
        Mixer.Add(_samples.AsSpan(_next, length), mix[..length]);
        _next += length;
    }

    private static short[] Compute(int sampleRate)
    {
        int beep = sampleRate / Beep;
        int pause = sampleRate / Pause;
        short[] samples = new short[(2 * beep) + pause];
        WriteBeep(samples.AsSpan(0, beep), 660, sampleRate);
        WriteBeep(samples.AsSpan(beep + pause), 880, sampleRate);
        return samples;
    }

    private static void WriteBeep(Span<short> samples, int hertz, int sampleRate)
    {
        double fadeSamples = sampleRate / Fade;
        for (int index = 0; index < samples.Length; index++)
        {
            double fade = Math.Min(1, Math.Min(index, samples.Length - 1 - index) / fadeSamples);
            samples[index] = (short)(Amplitude * fade * Math.Sin(2 * Math.PI * hertz * index / sampleRate));
        }
    }
}
