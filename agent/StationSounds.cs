using System;
using IntercomAgent.Audio;
using IntercomAgent.Configuration;
using IntercomAgent.Station;

namespace IntercomAgent;

/// <summary>What a visitor hears of the station itself: that the button was taken, that it rings, that nobody came, that the door opens.</summary>
internal sealed class StationSounds
{
    private readonly SoundPlayer _player;
    private readonly short[] _pressed;
    private readonly short[] _ringing;
    private readonly short[] _unanswered;
    private readonly short[] _opened;
    private StationState _state;

    /// <summary>The sounds of a configuration.</summary>
    /// <param name="configuration">Which.</param>
    /// <param name="sampleRate">Samples a second.</param>
    public StationSounds(SoundsConfiguration configuration, int sampleRate)
    {
        _player = new SoundPlayer(sampleRate);
        _pressed = Load(configuration.Pressed, StandardSounds.Pressed, sampleRate);
        _ringing = Load(configuration.Ringing, StandardSounds.Ringing, sampleRate);
        _unanswered = Load(configuration.Unanswered, StandardSounds.Unanswered, sampleRate);
        _opened = Load(configuration.Opened, StandardSounds.Opened, sampleRate);
    }

    /// <summary>Lets what the station decides be heard.</summary>
    public void Obey(in StationOutput output)
    {
        if (output.Kind == StationOutputKind.OpenStrike)
        {
            _player.Play(_opened);
        }
        else if (output is { Kind: StationOutputKind.Note, Fact: StationFact.NobodyAnswered or StationFact.NobodyReachable })
        {
            _player.Play(_unanswered);
        }
    }

    /// <summary>Follows what the station is busy with.</summary>
    /// <param name="state">That.</param>
    /// <param name="isToneHeard">Whether a telephone that rings is heard itself, so that ours is one too many.</param>
    public void Follow(StationState state, bool isToneHeard)
    {
        bool isRinging = state == StationState.Ringing;

        // It also begins to ring when whoever talked has sent the visitor on, and hung up: that was no button.
        if (isRinging && _state == StationState.Quiet)
        {
            _player.Play(_pressed);
        }

        _state = state;
        _player.Repeat(isRinging && !isToneHeard ? _ringing : null);
    }

    /// <summary>Adds the next piece to what is played.</summary>
    public void AddTo(Span<short> mix) => _player.AddTo(mix);

    private static short[] Load(SoundChoice choice, Func<int, short[]> standard, int sampleRate)
    {
        if (choice.Samples is not { } samples)
        {
            return choice == SoundChoice.Off ? [] : standard(sampleRate);
        }

        if (choice.SampleRate == sampleRate)
        {
            return samples;
        }

        Resampler resampler = new(choice.SampleRate, sampleRate, samples.Length);
        short[] converted = new short[(int)((long)samples.Length * sampleRate / choice.SampleRate) + 1];
        return converted[..resampler.Convert(samples, converted)];
    }
}
