using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
using IntercomAgent.Media;
using IntercomAgent.Station;

namespace IntercomAgent;

/// <summary>What a visitor hears of the station itself: that the button was taken, that it rings, that nobody came, that the door opens.</summary>
internal sealed class StationSounds
{
    private readonly SoundsConfiguration _configuration;
    private readonly SoundPlayer _player = new(AudioStream.SampleRate);

    /// <summary>All sounds at each rate, since there is no time to make them when the rate changes.</summary>
    private readonly Dictionary<int, Sounds> _atRates = [];
    private Sounds _sounds;
    private StationState _state;

    /// <summary>The sounds of a configuration.</summary>
    /// <param name="configuration">Which.</param>
    /// <param name="bestRate">Samples a second of the best codec: they may be mixed at any rate up to that.</param>
    public StationSounds(SoundsConfiguration configuration, int bestRate)
    {
        _configuration = configuration;
        _sounds = At(AudioStream.SampleRate);
        Prepare(bestRate);
    }

    /// <summary>From now on they may be mixed at any rate up to this.</summary>
    public void Prepare(int bestRate)
    {
        foreach (int rate in CodecFacts.SampleRates)
        {
            if (rate <= bestRate)
            {
                _ = At(rate);
            }
        }
    }

    /// <summary>They are mixed at this rate from now on.</summary>
    public void UseRate(int sampleRate)
    {
        Sounds former = _sounds;
        _sounds = At(sampleRate);
        _player.UseRate(sampleRate, sound => _sounds.Like(sound, former));
    }

    /// <summary>Lets what the station decides be heard.</summary>
    public void Obey(in StationOutput output)
    {
        if (output.Kind == StationOutputKind.OpenStrike)
        {
            _player.Play(_sounds.Opened);
        }
        else if (output is { Kind: StationOutputKind.Note, Fact: StationFact.NobodyAnswered or StationFact.NobodyReachable })
        {
            _player.Play(_sounds.Unanswered);
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
            _player.Play(_sounds.Pressed);
        }

        _state = state;
        _player.Repeat(isRinging && !isToneHeard ? _sounds.Ringing : null);
    }

    /// <summary>Adds the next piece to what is played.</summary>
    public void AddTo(Span<short> mix) => _player.AddTo(mix);

    private Sounds At(int rate)
    {
        if (!_atRates.TryGetValue(rate, out Sounds? sounds))
        {
            sounds = new Sounds(
                Load(_configuration.Pressed, StandardSounds.Pressed, rate),
                Load(_configuration.Ringing, StandardSounds.Ringing, rate),
                Load(_configuration.Unanswered, StandardSounds.Unanswered, rate),
                Load(_configuration.Opened, StandardSounds.Opened, rate));
            _atRates.Add(rate, sounds);
        }

        return sounds;
    }

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

    private sealed record Sounds(short[] Pressed, short[] Ringing, short[] Unanswered, short[] Opened)
    {
        /// <summary>The sound that is here what that one is there.</summary>
        public short[] Like(short[] sound, Sounds there) => sound == there.Pressed ? Pressed
            : sound == there.Ringing ? Ringing
            : sound == there.Unanswered ? Unanswered
            : Opened;
    }
}
