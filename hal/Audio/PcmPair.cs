using System;
using System.Globalization;
using System.Linq;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// The two streams of a sound card, or one of them, configured alike. The captured stream is the clock: when it has a period, a period is
/// played. Without it the played stream is, whenever it has room for one. Everything returns an error of the streams as it is; its owner
/// knows what to do about it.
/// </summary>
internal sealed class PcmPair : IDisposable
{
    /// <summary>
    /// Periods that wait to be played just after one was written, on a machine that has been late: the one that was written, and two for a
    /// late loop. More would not help: what a loop comes later than that for is skipped.
    /// </summary>
    public const int MostPlaybackPeriods = PeriodClock.MaximumPeriodsBehind;

    /// <summary>Periods that fit in the buffer where the loudspeaker is the clock: it is always full.</summary>
    private const int FullPeriods = 3;

    /// <summary>
    /// After a minute without an interruption a reserve that was made longer is halved again; after each further one it takes twice as
    /// long, up to an hour, so that a machine that cannot do it is not asked again and again.
    /// </summary>
    private const long FirstCalm = 60_000_000_000;

    private const long LongestCalm = 3_600_000_000_000;

    /// <summary>Room for periods that a late loop has not taken yet; with 10 ms each, 80 ms.</summary>
    private const int CapturePeriods = 8;

    /// <summary>Rates in the order of their cost, after the one that is wished; 44.1 kHz is last, as no whole factor leads to it.</summary>
    private static readonly int[] Rates = [8000, 16_000, 32_000, 48_000, 44_100];

    private readonly IPcm? _capture;
    private readonly IPcm? _playback;
    private readonly bool _linked;
    private readonly CaptureChannel _heard;
    private readonly short[] _frames;
    private readonly int _leastReserve;
    private int _reserve;
    private long _calm = FirstCalm;
    private long _relaxesAt;
    private bool _drains;

    private PcmPair(IPcm? capture, IPcm? playback, CaptureChannel heard, int rate, int period)
    {
        _heard = heard;
        _capture = capture;
        _playback = playback;
        Rate = rate;
        Period = period;
        _linked = capture is not null && playback is not null && capture.TryLink(playback);

        // Half a period for a late loop: with 10 ms it may be late by 5. Where the card itself only looks once in a longer time, that.
        _leastReserve = Math.Max(period / 2, playback?.HardwarePeriod ?? 0);
        _reserve = _leastReserve;

        // Two channels, and as much as one call plays at most.
        _frames = new short[2 * 2 * period];
    }

    /// <summary>Samples a second.</summary>
    public int Rate { get; }

    /// <summary>Frames in a period of the media path.</summary>
    public int Period { get; }

    /// <summary>The stream whose descriptors tell that a period is due.</summary>
    public IPcm Clock => _capture ?? _playback!;

    /// <summary>Whether that is the stream that plays.</summary>
    public bool IsPacedByLoudspeaker => _capture is null;

    /// <summary>The card that plays; negative when it is not known.</summary>
    public int PlaybackCard => _playback?.Card ?? -1;

    /// <summary>The card that captures; negative when it is not known.</summary>
    public int CaptureCard => _capture?.Card ?? -1;

    /// <summary>Whether the played stream needs no watching: it starts with the captured one, and one crystal drives both.</summary>
    public bool SharesClock => _capture is null || _playback is null || (_linked && _capture.Card >= 0 && _capture.Card == _playback.Card);

    /// <summary>Whether what waits has to be brought to what is wanted: by its own clock it gets longer or shorter, or it is too long.</summary>
    public bool NeedsCorrection => !SharesClock || _drains;

    /// <summary>How many frames should wait to be played just before a period, or a half of one, is written.</summary>
    public int Wanted => _playback is null ? 0 : Prefill - Period;

    /// <summary>Frames that wait to be played; 0 when that cannot be told now.</summary>
    public int Queued => _playback is not null && _playback.Available() is >= 0 and nint room ? Math.Max(_playback.BufferFrames - (int)room, 0) : 0;

    /// <summary>Frames that had been captured after the period that was read last, when it was.</summary>
    public int CapturedSince { get; private set; }

    /// <summary>Frames that waited to be played when the captured period ended that was read last.</summary>
    public int PlaybackLag => Queued + CapturedSince;

    /// <summary>Frames for which there was no room.</summary>
    public long Unplayed { get; private set; }

    /// <summary>Silence before the first period, so that the loop may be late.</summary>
    private int Prefill => _capture is null ? _playback!.BufferFrames : Math.Min(Period + _reserve, _playback!.BufferFrames);

    /// <summary>Opens and configures the streams. Failure gives null and a sentence, and leaves nothing open.</summary>
    /// <param name="library">Where streams come from.</param>
    /// <param name="settings">Which ones, and what is best.</param>
    /// <param name="isAbsent">Whether one could not even be opened: that may be otherwise in a while.</param>
    /// <param name="problem">What is wrong.</param>
    public static PcmPair? Open(IPcmLibrary library, AlsaAudioSettings settings, out bool isAbsent, out string? problem)
    {
        IPcm? capture = OpenStream(library, settings.CaptureDevice, PcmDirection.Capture, out problem);
        IPcm? playback = problem is not null ? null : OpenStream(library, settings.PlaybackDevice, PcmDirection.Playback, out problem);
        isAbsent = problem is not null;
        int? rate = problem is not null ? null : ChooseRate(capture, playback, settings, out problem);
        if (rate is not null)
        {
            int period = (int)((long)settings.PeriodSamples * rate.Value / settings.SampleRate);

            // The played stream follows the captured one, and needs no waking; a card that looks twice as often needs less in advance.
            (int wake, int periods) = capture is null ? (period, FullPeriods) : (period / 2, MostPlaybackPeriods + 1);
            problem = Configure(capture, settings.CaptureDevice, rate.Value, period, CapturePeriods * period)
                ?? Configure(playback, settings.PlaybackDevice, rate.Value, wake, periods * period);
            if (problem is null)
            {
                return new PcmPair(capture, playback, settings.CaptureChannel, rate.Value, period);
            }
        }

        capture?.Dispose();
        playback?.Dispose();
        return null;
    }

    /// <summary>
    /// From the next start on twice as much waits for a late loop, up to the most that helps: a longer delay is less of an evil than sound
    /// that is interrupted again and again. Until it has been calm for long enough (<see cref="Relax"/>).
    /// </summary>
    public void Deepen(long now)
    {
        _reserve = Math.Max(Math.Min(2 * _reserve, (MostPlaybackPeriods - 1) * Period), _leastReserve);
        _relaxesAt = now + _calm;
        _calm = Math.Min(2 * _calm, LongestCalm);
    }

    /// <summary>Once it has been calm for long enough half as much is wanted; what waits beyond that is to be played.</summary>
    public void Relax(long now)
    {
        if (_reserve > _leastReserve && now >= _relaxesAt)
        {
            _reserve = Math.Max(_reserve / 2, _leastReserve);
            _relaxesAt = now + _calm;
            _drains = true;
        }
    }

    /// <summary>Starts both streams from anew, whatever state they are in.</summary>
    public Errno Start()
    {
        _drains = false;
        _capture?.Stop();
        _playback?.Stop();
        Errno error = _capture?.Prepare() ?? Errno.None;

        // A linked stream was prepared with the other one, and needs it no more than it minds.
        error = error != Errno.None || _playback is null ? error : _playback.Prepare();
        error = error != Errno.None || _playback is null ? error : FillWithSilence();
        error = error != Errno.None || _capture is null ? error : _capture.Start();
        return error != Errno.None || _playback is null || (_linked && _capture is not null) ? error : _playback.Start();
    }

    /// <summary>Wakes the streams after a sleep; <see cref="Errno.EAGAIN"/> means not yet.</summary>
    public Errno Resume() => Clock.Resume() == Errno.EAGAIN ? Errno.EAGAIN : Start();

    /// <summary>Reads one period if there is one.</summary>
    /// <param name="captured">Where it goes, in one channel; silence without a microphone.</param>
    /// <param name="taken">Whether there was one.</param>
    /// <param name="behind">Periods that waited, this one included.</param>
    /// <param name="skipsOld">Whether what is older than a few periods is left out.</param>
    public Errno Read(Span<short> captured, out bool taken, out int behind, bool skipsOld = true)
    {
        nint available = Clock.Available();
        behind = available < 0 ? 0 : (int)available / Period;
        taken = false;
        if (behind == 0)
        {
            return Alsa.ErrorOf(available);
        }

        if (_capture is null)
        {
            captured.Clear();
            taken = true;
            return Errno.None;
        }

        // What is too old is read and thrown away; its answers are not played. A plug-in that captures from a file leaves the frames as they
        // are when it is at the end.
        Errno error = Errno.None;
        Span<short> frames = _frames.AsSpan(0, Period * _capture.Channels);
        frames.Clear();
        int periods = skipsOld ? Math.Max(behind - PeriodClock.MaximumPeriodsBehind, 0) + 1 : 1;
        CapturedSince = (int)available - (periods * Period);
        for (int reads = periods; reads > 0 && error == Errno.None; reads--)
        {
            error = Alsa.ErrorOf(_capture.Read(frames));
        }

        taken = error == Errno.None;
        TakeChannel(captured);
        return error == Errno.EAGAIN ? Errno.None : error;
    }

    /// <summary>Plays samples of one channel, on all channels. What there is no room for is counted and lost.</summary>
    public Errno Write(ReadOnlySpan<short> samples)
    {
        if (_playback is null)
        {
            return Errno.None;
        }

        int channels = _playback.Channels;
        ReadOnlySpan<short> frames = samples;
        if (channels > 1)
        {
            for (int index = 0; index < samples.Length; index++)
            {
                _frames.AsSpan(index * channels, channels).Fill(samples[index]);
            }

            frames = _frames.AsSpan(0, samples.Length * channels);
        }

        nint written = _playback.Write(frames);
        Errno error = Alsa.ErrorOf(written);
        if (error is Errno.None or Errno.EAGAIN)
        {
            Unplayed += samples.Length - Math.Max((int)written, 0);
            return Errno.None;
        }

        return error;
    }

    /// <summary>Closes the streams. May be asked twice.</summary>
    public void Dispose()
    {
        _capture?.Dispose();
        _playback?.Dispose();
    }

    private static IPcm? OpenStream(IPcmLibrary library, string? name, PcmDirection direction, out string? problem)
    {
        problem = null;
        if (name is null)
        {
            return null;
        }

        IPcm? stream = library.Open(name, direction, out Errno error);
        string verb = direction == PcmDirection.Capture ? "capture from" : "play to";
        problem = stream is null ? SystemError.Sentence($"cannot {verb} the sound device {name}", error) : null;
        return stream;
    }

    /// <summary>
    /// The wished rate if both streams offer it, else the next one above, else the highest below. A rate that only a plug-in would make is
    /// the last resort: our own resampler is better.
    /// </summary>
    private static int? ChooseRate(IPcm? capture, IPcm? playback, AlsaAudioSettings settings, out string? problem)
    {
        int[] wanted = settings.OnlyRate is { } only
            ? [only]
            : [.. Rates.Where(rate => rate >= settings.SampleRate), .. Rates.Where(rate => rate < settings.SampleRate).OrderDescending()];
        foreach (bool converted in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (int rate in wanted)
            {
                if (capture?.Offers(rate, converted) != false && playback?.Offers(rate, converted) != false)
                {
                    problem = null;
                    return rate;
                }
            }
        }

        problem = settings.OnlyRate is null
            ? $"{Names(settings)} has no rate of 8, 16, 32, 44.1 or 48 kHz in 16 bit with one or two channels; with plughw: in place of "
                + "hw: ALSA converts"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Names(settings)} cannot do {settings.OnlyRate} samples a second in 16 bit, with one or two channels");
        return null;
    }

    private static string Names(AlsaAudioSettings settings) =>
        settings.CaptureDevice == settings.PlaybackDevice || settings.CaptureDevice is null || settings.PlaybackDevice is null
            ? $"the sound device {settings.CaptureDevice ?? settings.PlaybackDevice}"
            : $"the pair of sound devices {settings.CaptureDevice} and {settings.PlaybackDevice}";

    private static string? Configure(IPcm? stream, string? name, int rate, int period, int buffer) =>
        stream is null || stream.Configure(rate, period, buffer) is not (not Errno.None and Errno error)
            ? null
            : SystemError.Sentence(
                string.Create(CultureInfo.InvariantCulture, $"cannot use the sound device {name} at {rate} Hz with periods of {period}"), error);

    private Errno FillWithSilence()
    {
        Array.Clear(_frames);
        for (int left = Prefill; left > 0;)
        {
            int frames = Math.Min(left, Period);
            nint written = _playback!.Write(_frames.AsSpan(0, frames * _playback.Channels));
            if (written <= 0)
            {
                // A buffer that is smaller than it said is full: it is filled as well as it can be.
                return Alsa.ErrorOf(written) is not Errno.EAGAIN and Errno error ? error : Errno.None;
            }

            left -= (int)written;
        }

        return Errno.None;
    }

    private void TakeChannel(Span<short> captured)
    {
        if (_capture!.Channels == 1)
        {
            _frames.AsSpan(0, captured.Length).CopyTo(captured);
            return;
        }

        (int first, int second) = _heard switch
        {
            CaptureChannel.Both => (0, 1),
            CaptureChannel.Left => (0, 0),
            CaptureChannel.Right => (1, 1),
        };
        for (int index = 0; index < captured.Length; index++)
        {
            captured[index] = (short)((_frames[(2 * index) + first] + _frames[(2 * index) + second]) / 2);
        }
    }
}
