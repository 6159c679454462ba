using System;

namespace IntercomAgent.Audio;

/// <summary>
/// Plays a station's own sounds into what it plays otherwise, which is turned down meanwhile. One at a time: what is played once goes before
/// what is repeated, and whatever takes another's place fades in after that has faded out. Allocates nothing.
/// </summary>
internal sealed class SoundPlayer
{
    /// <summary>What others say while a sound plays: 12 dB less.</summary>
    private const float Ducked = 0.25f;

    private float _fadeStep;
    private float _duckStep;
    private short[]? _once;
    private short[]? _repeated;
    private short[]? _playing;
    private bool _startsAnew;
    private int _next;
    private float _volume = 1;
    private float _othersVolume = 1;

    /// <summary>A player that is silent.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    public SoundPlayer(int sampleRate) => UseRate(sampleRate, static sound => sound);

    /// <summary>The mix has another rate from now on; what is heard goes on where it was.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="atRate">Gives a sound that is played at that rate.</param>
    public void UseRate(int sampleRate, Func<short[], short[]> atRate)
    {
        short[]? playing = At(_playing);
        _next = playing is null ? 0 : (int)((long)_next * playing.Length / _playing!.Length);
        _playing = playing;
        _once = At(_once);
        _repeated = At(_repeated);

        // 5 ms keep a fade from clicking; over 50 ms nobody hears how others are turned down.
        _fadeStep = 200f / sampleRate;
        _duckStep = (1 - Ducked) * 20f / sampleRate;

        short[]? At(short[]? sound) => sound is null ? null : atRate(sound);
    }

    /// <summary>Whether anything is to be heard of it.</summary>
    public bool IsSilent => _playing is null && _once is null && _repeated is null && _othersVolume == 1;

    /// <summary>Plays a sound once, now.</summary>
    public void Play(short[] sound)
    {
        if (sound.Length > 0)
        {
            _once = sound;
            _startsAnew = _playing == sound;
        }
    }

    /// <summary>Plays a sound again and again while nothing else does, or none.</summary>
    public void Repeat(short[]? sound) => _repeated = sound is { Length: > 0 } ? sound : null;

    /// <summary>Turns down what is there where a sound plays, and adds that.</summary>
    public void AddTo(Span<short> mix)
    {
        if (IsSilent)
        {
            return;
        }

        for (int index = 0; index < mix.Length; index++)
        {
            short own = Next(out bool isHeard);
            float wanted = isHeard ? Ducked : 1;
            _othersVolume = float.Clamp(wanted, _othersVolume - _duckStep, _othersVolume + _duckStep);
            mix[index] = (short)float.Clamp((mix[index] * _othersVolume) + own, short.MinValue, short.MaxValue);
        }
    }

    private short Next(out bool isHeard)
    {
        short[]? wanted = _once ?? _repeated;
        if (_playing != wanted || _startsAnew)
        {
            _volume = _playing is null ? 0 : float.Max(_volume - _fadeStep, 0);
            if (_volume == 0)
            {
                _playing = wanted;
                _startsAnew = false;
                _next = 0;
                _volume = 1;
            }
        }

        isHeard = _playing is not null;
        if (_playing is null)
        {
            return 0;
        }

        short sample = (short)(_playing[_next++] * _volume);
        if (_next == _playing.Length)
        {
            _startsAnew = false;
            _once = _playing == _once ? null : _once;
            _next = 0;
            _playing = _playing == _repeated ? _playing : null;
        }

        return sample;
    }
}
