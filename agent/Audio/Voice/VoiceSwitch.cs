using System;

namespace IntercomAgent.Audio;

/// <summary>
/// The half-duplex way against echo: while the loudspeaker speaks the microphone is turned down, unless what it hears is louder than the
/// loudspeaker's echo can be. How loud that is it learns from what comes back.
/// </summary>
internal sealed class VoiceSwitch
{
    /// <summary>By how much the microphone is turned down: 36 dB.</summary>
    private const float Lowered = 1 / 64f;

    /// <summary>The least level of the loudspeaker, as a root mean square, that is heard in the microphone at all.</summary>
    private const float Threshold = 100;

    /// <summary>By how much somebody who talks into the other's words must be louder than the echo: 6 dB.</summary>
    private const float BreakIn = 2;

    /// <summary>In how many seconds the echo of a room is taken to fall by 60 dB: as long as in a staircase.</summary>
    private const float Reverberation = 0.8f;

    /// <summary>How many seconds a microphone stays up after a word.</summary>
    private const float Hangover = 0.2f;

    /// <summary>A box in which the microphone hears its loudspeaker 20 dB louder than a visitor is where learning begins.</summary>
    private const float FirstCoupling = 10;

    /// <summary>In which time the coupling that is believed doubles, where all that comes back is louder.</summary>
    private const float DoublingSeconds = 0.25f;

    /// <summary>How much longer it takes to halve. Both together make it the level below which nine tenths of what comes back are.</summary>
    private const float Patience = 9;

    private readonly float _release;
    private readonly float _doubling;
    private readonly float _halving;
    private readonly int _hangoverFrames;
    private float _echo;
    private float _coupling = FirstCoupling;
    private int _openFrames;
    private float _gain = 1;

    /// <summary>A switch for frames of this length.</summary>
    public VoiceSwitch(int sampleRate, int frameSamples)
    {
        float seconds = (float)frameSamples / sampleRate;

        _release = MathF.Pow(0.001f, seconds / Reverberation);
        _doubling = MathF.Pow(2, seconds / DoublingSeconds);
        _halving = MathF.Pow(0.5f, seconds / (DoublingSeconds * Patience));
        _hangoverFrames = (int)MathF.Ceiling(Hangover / seconds);
    }

    /// <summary>Turns a captured frame down, or leaves it; where that changes, within the frame.</summary>
    /// <param name="captured">What the microphone heard.</param>
    /// <param name="heard">What the loudspeaker said meanwhile.</param>
    public void Clean(Span<short> captured, ReadOnlySpan<short> heard)
    {
        float loudspeaker = Level(heard);
        float microphone = Level(captured);
        _echo = MathF.Max(loudspeaker, _echo * _release);
        float wanted = 1;
        if (_echo > Threshold)
        {
            float coupling = microphone / _echo;
            bool breaksIn = microphone > Threshold && coupling > BreakIn * _coupling;
            _openFrames = breaksIn ? _hangoverFrames : int.Max(_openFrames - 1, 0);
            wanted = _openFrames > 0 ? 1 : Lowered;

            // Only from what is louder than before: what lingers is quieter than it. Somebody who breaks in is no echo.
            if (loudspeaker >= _echo && !breaksIn)
            {
                _coupling *= coupling > _coupling ? _doubling : _halving;
            }
        }

        Fade(captured, wanted);
    }

    private static float Level(ReadOnlySpan<short> samples)
    {
        long sum = 0;
        foreach (short sample in samples)
        {
            sum += sample * sample;
        }

        return MathF.Sqrt((float)sum / samples.Length);
    }

    private void Fade(Span<short> samples, float wanted)
    {
        if (_gain == 1 && wanted == 1)
        {
            return;
        }

        float step = (wanted - _gain) / samples.Length;
        for (int index = 0; index < samples.Length; index++)
        {
            _gain += step;
            samples[index] = (short)(samples[index] * _gain);
        }

        _gain = wanted;
    }
}
