using System;

namespace IntercomAgent.Commands;

/// <summary>Plays what the microphone heard a second ago.</summary>
/// <param name="sampleRate">Samples a second.</param>
internal sealed class EchoTrial(int sampleRate) : ISoundTrial
{
    /// <summary>Two of them, with what is said beside them, fit in the 80 columns of a terminal.</summary>
    private const int BarLength = 8;

    private readonly SoundMeter _heard = new("heard", sampleRate, BarLength, isOurs: false);
    private readonly SoundMeter _played = new("played", sampleRate, BarLength, isOurs: true);
    private readonly short[] _lastSecond = new short[sampleRate];
    private int _next;

    /// <inheritdoc/>
    public string Invitation => "Speak: a second later you hear yourself. Ctrl-C ends this.";

    /// <inheritdoc/>
    public string? Fault => _heard.IsSilent ? MicrophoneTrial.Silent : null;

    /// <inheritdoc/>
    public void Answer(ReadOnlySpan<short> captured, Span<short> played)
    {
        for (int index = 0; index < captured.Length; index++)
        {
            played[index] = _lastSecond[_next];
            _lastSecond[_next] = captured[index];
            _next = (_next + 1) % _lastSecond.Length;
        }

        _heard.Measure(captured);
        _played.Measure(played);
    }

    /// <inheritdoc/>
    public string TakeLevels() => $"{_heard.Take()} {_played.Take()}";
}
