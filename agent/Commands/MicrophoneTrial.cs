using System;

namespace IntercomAgent.Commands;

/// <summary>Shows how loud the microphone is, and plays nothing.</summary>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class MicrophoneTrial(int sampleRate) : ISoundTrial
{
    /// <summary>What to say of a microphone that never gave anything.</summary>
    public const string Silent = "the microphone gave nothing but silence: is it the right device, plugged in, its gain up?";

    private readonly SoundMeter _meter = new("microphone", sampleRate, barLength: 30, isOurs: false);

    /// <inheritdoc/>
    public string Invitation => "Speak into the microphone; Ctrl-C ends this.";

    /// <inheritdoc/>
    public string? Fault => _meter.IsSilent ? Silent : null;

    /// <inheritdoc/>
    public void Answer(ReadOnlySpan<short> captured, Span<short> played)
    {
        _meter.Measure(captured);
        played.Clear();
    }

    /// <inheritdoc/>
    public string TakeLevels() => _meter.Take();
}
