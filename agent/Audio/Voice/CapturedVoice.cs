using System;

namespace IntercomAgent.Audio;

/// <summary>What happens to the sound of a microphone between the device and the calls, frame by frame.</summary>
internal sealed class CapturedVoice : IDisposable
{
    /// <summary>The lowest voices begin here, in hertz; wind lies below.</summary>
    private const double WindCutOff = 100;

    private readonly PlayedSound _played;
    private readonly short[] _heard;
    private readonly HighPass? _wind;
    private readonly EchoCanceller? _canceller;
    private readonly VoiceSwitch? _switch;

    /// <summary>The path of a microphone.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="frameSamples">Samples in a period of the device.</param>
    /// <param name="settings">What is done.</param>
    /// <param name="hasLibrary">Whether libspeexdsp is there: without it echo is switched, and noise stays.</param>
    public CapturedVoice(int sampleRate, int frameSamples, VoiceSettings settings, bool hasLibrary)
    {
        _played = new PlayedSound(sampleRate);
        _heard = new short[frameSamples];
        bool switches = settings.Echo == EchoControl.Switch || (settings.Echo == EchoControl.Cancel && !hasLibrary);
        _wind = settings.WindFilter ? new HighPass(WindCutOff, sampleRate) : null;
        _canceller = settings.NeedsLibrary && hasLibrary ? new EchoCanceller(sampleRate, frameSamples, settings) : null;
        _switch = switches ? new VoiceSwitch(sampleRate, frameSamples) : null;
    }

    /// <summary>Takes note of what the loudspeaker said while a frame was captured, before it is given more.</summary>
    /// <param name="lag">Samples that were given to the loudspeaker, and not heard yet when the frame ended.</param>
    public void Listen(int lag) => _played.TakeHeard(lag, _heard);

    /// <summary>Cleans a captured frame where it is, of what was listened to.</summary>
    public void Clean(Span<short> captured)
    {
        _wind?.Filter(captured);
        _canceller?.Clean(captured, _heard);

        // Last: an estimate of the noise must not hear it come and go.
        _switch?.Clean(captured, _heard);
    }

    /// <summary>Takes note of what was given to the loudspeaker.</summary>
    public void Played(ReadOnlySpan<short> played) => _played.Add(played);

    /// <inheritdoc/>
    public void Dispose() => _canceller?.Dispose();
}
