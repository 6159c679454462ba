using System;
using IntercomAgent.Audio;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent;

/// <summary>
/// A sound device at the rate of the media path, whatever its own is. Captured periods set the pace, so each converts to exactly one; a
/// loudspeaker with a clock of its own, or before which more waits than is wanted, is given a little more or less, until it is what is wanted.
/// </summary>
internal sealed class ConvertedAudioDevice : IAudioDevice
{
    /// <summary>What waits is known to a fraction of a period, so that the control may be quick.</summary>
    private const double Gain = 0.2;

    /// <summary>What waits is read with the grain of the hardware, a period or less; this many readings make it smooth.</summary>
    private const double Readings = 32;

    private readonly IAudioDevice _device;
    private readonly DriftControl _drift = new(Gain, Readings);
    private Resampler? _capture;
    private Resampler? _playback;
    private short[] _captured = [];
    private short[] _played = [];
    private short[] _playedLast = [];
    private bool _hasPlayed;
    private int _deviceRate;

    /// <summary>Converts between a device, which it owns from now on, and this rate.</summary>
    public ConvertedAudioDevice(IAudioDevice device, int sampleRate)
    {
        _device = device;
        UseRate(sampleRate);
    }

    /// <inheritdoc/>
    public int SampleRate { get; private set; }

    /// <inheritdoc/>
    public int PeriodSamples { get; private set; }

    /// <summary>Samples in half a period.</summary>
    public int HalfSamples => PeriodSamples / 2;

    /// <inheritdoc/>
    public bool IsPacedByLoudspeaker => _device.IsPacedByLoudspeaker;

    /// <inheritdoc/>
    public int PlaybackLag => (int)((long)_device.PlaybackLag * SampleRate / _device.SampleRate);

    /// <inheritdoc/>
    public int CapturedSince => (int)((long)_device.CapturedSince * SampleRate / _device.SampleRate);

    /// <inheritdoc/>
    public long WorstLateness => _device.WorstLateness;

    /// <inheritdoc/>
    public long SkippedPeriods => _device.SkippedPeriods;

    /// <inheritdoc/>
    public AudioCounters Counters => _device.Counters;

    /// <summary>By how many millionths the loudspeaker's clock is taken to be slower than the microphone's.</summary>
    public double DriftCorrection => _drift.Correction;

    /// <summary>Converts to and from this rate from now on.</summary>
    public void UseRate(int sampleRate)
    {
        (long period, long rest) = long.DivRem((long)_device.PeriodSamples * sampleRate, _device.SampleRate);
        if (rest != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), "The device's period is no whole number of samples at this rate.");
        }

        SampleRate = sampleRate;
        PeriodSamples = (int)period;
        Follow();
    }

    /// <inheritdoc/>
    public bool TryCapture(Span<short> captured)
    {
        FollowDevice();
        if (_capture is null)
        {
            return _device.TryCapture(captured);
        }

        if (!_device.TryCapture(_captured))
        {
            return false;
        }

        _ = _capture.Convert(_captured, captured);
        return true;
    }

    /// <inheritdoc/>
    public void Play(ReadOnlySpan<short> sound)
    {
        FollowDevice();
        int? waiting = _device.QueuedSamples;
        if (_playback is null && waiting is null)
        {
            _hasPlayed = true;
            sound[^_playedLast.Length..].CopyTo(_playedLast);
            _device.Play(sound);
            return;
        }

        if (_playback is null)
        {
            _playback = NewPlayback();
            if (_hasPlayed)
            {
                _playback.Join(_playedLast.AsSpan(_playedLast.Length - _playback.Past));
            }
        }

        if (waiting is { } queued)
        {
            double excess = (double)(queued - _device.WantedSamples) / _device.SampleRate;
            _drift.Record(excess, (double)sound.Length / SampleRate);
            _playback.Correction = _drift.Correction;
        }
        else
        {
            _drift.Restart();
            _playback.Correction = 0;
        }

        int count = _playback.Convert(sound, _played);
        _device.Play(_played.AsSpan(0, count));
    }

    /// <inheritdoc/>
    public bool TryTakeIncident(out AudioIncident incident) => _device.TryTakeIncident(out incident);

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    /// <summary>Another card may have come into the place of a lost one.</summary>
    private void FollowDevice()
    {
        if (_device.SampleRate != _deviceRate)
        {
            Follow();
        }
    }

    /// <summary>Sets itself up for the rate that the device has now.</summary>
    private void Follow()
    {
        _deviceRate = _device.SampleRate;
        _captured = new short[_device.PeriodSamples];
        _played = new short[2 * _device.PeriodSamples];
        _playedLast = new short[HalfSamples];
        _hasPlayed = false;
        bool isSame = _deviceRate == SampleRate;
        _capture = isSame ? null : new Resampler(_deviceRate, SampleRate, _device.PeriodSamples);
        _playback = isSame ? null : NewPlayback();
    }

    private Resampler NewPlayback() => new(SampleRate, _deviceRate, PeriodSamples);
}
