using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Takes out of what a microphone hears what the loudspeaker says, then what is left of it, and steady noise: the adaptive filter and the
/// preprocessor of libspeexdsp. Beside the processing module of WebRTC that Debian has, it keeps far more of a person who talks into the
/// other's words; <c>tests/bench echo</c> prints both. Allocates nothing after it was made.
/// </summary>
internal sealed unsafe class EchoCanceller : IDisposable
{
    /// <summary>What a room answers within: 200 ms.</summary>
    private const int TailsPerSecond = 5;

    /// <summary>Decibels by which what the filter leaves of an echo is lowered while nobody talks here.</summary>
    private const int ResidualSuppression = -50;

    /// <summary>The same while somebody does, where more would eat words.</summary>
    private const int ResidualSuppressionInTalk = -15;

    /// <summary>A voice at arm's length has this share of full scale; what is quieter is raised to it, by no more than 12 dB.</summary>
    private const int GainTarget = 8000;
    private const int GainMaximum = 12;

    private readonly short[] _cleaned;
    private readonly EchoHandle? _echo;
    private readonly PreprocessorHandle _preprocessor;

    /// <summary>A canceller. Only where <see cref="SpeexDsp.IsInstalled"/>.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="frameSamples">Samples that are cleaned at once.</param>
    /// <param name="settings">What is done; without <see cref="EchoControl.Cancel"/> only what the preprocessor does.</param>
    public EchoCanceller(int sampleRate, int frameSamples, VoiceSettings settings)
    {
        _cleaned = new short[frameSamples];
        _preprocessor = SpeexDsp.CreatePreprocessor(frameSamples, sampleRate);
        Set(SpeexDsp.PreprocessSetDenoise, settings.NoiseSuppression > 0 ? 1 : 0);
        Set(SpeexDsp.PreprocessSetNoiseSuppress, -settings.NoiseSuppression);
        Set(SpeexDsp.PreprocessSetAutomaticGain, settings.AutomaticGain ? 1 : 0);
        Set(SpeexDsp.PreprocessSetAutomaticGainTarget, GainTarget);
        Set(SpeexDsp.PreprocessSetAutomaticGainMaximum, GainMaximum);
        Set(SpeexDsp.PreprocessSetEchoSuppress, ResidualSuppression);
        Set(SpeexDsp.PreprocessSetEchoSuppressActive, ResidualSuppressionInTalk);
        if (settings.Echo == EchoControl.Cancel)
        {
            _echo = SpeexDsp.CreateEcho(frameSamples, sampleRate / TailsPerSecond);
            _ = SpeexDsp.ControlEcho(_echo, SpeexDsp.EchoSetSamplingRate, &sampleRate);
            _ = SpeexDsp.ControlPreprocessor(_preprocessor, SpeexDsp.PreprocessSetEchoState, _echo);
        }
    }

    /// <summary>Cleans a frame where it is. The preprocessor gives it out a frame later.</summary>
    /// <param name="captured">What the microphone heard.</param>
    /// <param name="heard">What the loudspeaker said meanwhile.</param>
    public void Clean(Span<short> captured, ReadOnlySpan<short> heard)
    {
        ObjectDisposedException.ThrowIf(_preprocessor.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(captured.Length, _cleaned.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(heard.Length, _cleaned.Length);
        fixed (short* microphone = captured, loudspeaker = heard, cleaned = _cleaned)
        {
            if (_echo is not null)
            {
                SpeexDsp.CancelEcho(_echo, microphone, loudspeaker, cleaned);
                _cleaned.CopyTo(captured);
            }

            _ = SpeexDsp.Preprocess(_preprocessor, microphone);
        }
    }

    /// <summary>Lets the library's states go. May be asked twice.</summary>
    public void Dispose()
    {
        _preprocessor.Dispose();
        _echo?.Dispose();
    }

    private void Set(int request, int value) => _ = SpeexDsp.ControlPreprocessor(_preprocessor, request, &value);
}
