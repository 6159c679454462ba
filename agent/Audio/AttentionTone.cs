using System;

namespace IntercomAgent.Audio;

/// <summary>
/// What is heard at the station when its microphone opens without a hand: two short tones, so that nobody there is listened to unawares.
/// It is computed once, and played into the mix of a call's periods without garbage.
/// </summary>
internal sealed class AttentionTone
{
    private const int SampleRate = 8000;
    private const int BeepSamples = SampleRate / 8;
    private const int PauseSamples = SampleRate / 20;

    /// <summary>The fade at both ends of a tone, which would click without: 5 ms.</summary>
    private const int FadeSamples = SampleRate / 200;

    /// <summary>Half of full scale: above speech, and below what a small loudspeaker distorts.</summary>
    private const double Amplitude = short.MaxValue / 2.0;

    private readonly short[] _samples = Compute();
    private int _next;

    /// <summary>A tone that waits to be started.</summary>
    public AttentionTone() => _next = _samples.Length;

    /// <summary>Plays it from its beginning.</summary>
    public void Start() => _next = 0;

    /// <summary>Adds its next piece to a mix.</summary>
    public void AddTo(Span<short> mix)
    {
        int length = Math.Min(mix.Length, _samples.Length - _next);
        Mixer.Add(_samples.AsSpan(_next, length), mix[..length]);
        _next += length;
    }

    private static short[] Compute()
    {
        short[] samples = new short[(2 * BeepSamples) + PauseSamples];
        Beep(samples.AsSpan(0, BeepSamples), 660);
        Beep(samples.AsSpan(BeepSamples + PauseSamples), 880);
        return samples;
    }

    private static void Beep(Span<short> samples, int hertz)
    {
        for (int index = 0; index < samples.Length; index++)
        {
            double fade = Math.Min(1, Math.Min(index, samples.Length - 1 - index) / (double)FadeSamples);
            samples[index] = (short)(Amplitude * fade * Math.Sin(2 * Math.PI * hertz * index / SampleRate));
        }
    }
}
