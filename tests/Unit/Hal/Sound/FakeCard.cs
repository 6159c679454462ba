using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

/// <summary>A sound card in memory. What it captures counts upwards; what it plays is kept.</summary>
internal sealed class FakeCard : IPcmLibrary
{
    public List<int> Rates { get; } = [8000, 16_000, 48_000];

    /// <summary>Rates that a plug-in makes of them.</summary>
    public List<int> ConvertedRates { get; } = [];

    public int LeastChannels { get; set; } = 1;

    /// <summary>Frames between its own looks at its streams, at least.</summary>
    public int LeastPeriod { get; set; }

    /// <summary>What the first channel captures, when it does not count.</summary>
    public short? First { get; set; }

    /// <summary>What the second of two channels captures.</summary>
    public short Second { get; set; } = -1;

    public bool CanLink { get; set; } = true;

    /// <summary>Whether there is always a period, and always room, as with ALSA's null plug-in.</summary>
    public bool HasNoClock { get; set; }

    /// <summary>Why opening fails.</summary>
    public Errno Refusal { get; set; }

    public int Opened { get; private set; }

    public int Closed { get; set; }

    public FakePcm? Capture { get; private set; }

    public FakePcm? Playback { get; private set; }

    public IPcm? Open(string name, PcmDirection direction, out Errno error)
    {
        error = Refusal;
        if (error != Errno.None)
        {
            return null;
        }

        Opened++;
        FakePcm pcm = new(this, direction);
        Capture = direction == PcmDirection.Capture ? pcm : Capture;
        Playback = direction == PcmDirection.Playback ? pcm : Playback;
        return pcm;
    }

    /// <summary>So many frames of time pass.</summary>
    public void Pass(int frames)
    {
        Capture?.Pass(frames);
        Playback?.Pass(frames);
    }

    /// <summary>It is pulled out as a real one is: what waits stays as it was, and only who asks the card learns of it.</summary>
    public void PullOut()
    {
        Capture?.IsGone = true;
        Playback?.IsGone = true;
    }

    /// <summary>From now on every call fails, until it is prepared or resumed or, where these fail too, opened anew.</summary>
    public void Fail(Errno error)
    {
        Capture?.Failure = error;
        Playback?.Failure = error;
    }
}

/// <summary>A stream of the card.</summary>
internal sealed class FakePcm(FakeCard card, PcmDirection direction) : IPcm
{
    private readonly PollDescriptor[] _descriptors =
        [new() { Descriptor = 1000 + (int)direction, Events = direction == PcmDirection.Capture ? PollEvents.POLLIN : PollEvents.POLLOUT }];

    private bool _running;
    private FakePcm? _linked;
    private short _next;

    public Errno Failure { get; set; }

    /// <summary>Whether preparing does not help against the failure.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether the card was pulled out.</summary>
    public bool IsGone { get; set; }

    /// <summary>What resuming says; by default the card cannot resume and is prepared instead.</summary>
    public Errno ResumeAnswer { get; set; } = Errno.ENOSYS;

    /// <summary>What the descriptors seem to say when no period waits.</summary>
    public PollEvents IdleEvents { get; set; }

    /// <summary>Frames that are captured and not read, or to be played.</summary>
    public int Waiting { get; private set; }

    public int Rate { get; private set; }

    public int Period { get; private set; }

    public int Starts { get; private set; }

    public int Looks { get; private set; }

    public List<short> Played { get; } = [];

    public int Card => 0;

    public int Channels => card.LeastChannels;

    public int HardwarePeriod => Period;

    public int BufferFrames { get; private set; }

    public ReadOnlySpan<PollDescriptor> Descriptors => _descriptors;

    public bool Offers(int rate, bool converted) => (converted ? card.ConvertedRates : card.Rates).Contains(rate);

    public Errno Configure(int rate, int period, int buffer)
    {
        (Rate, Period, BufferFrames) = (rate, Math.Max(period, card.LeastPeriod), buffer);
        Played.EnsureCapacity(100_000);
        return Errno.None;
    }

    public bool TryLink(IPcm other)
    {
        if (card.CanLink)
        {
            _linked = (FakePcm)other;
            _linked._linked = this;
        }

        return card.CanLink;
    }

    public Errno Prepare()
    {
        if (IsBroken || Failure is not (Errno.None or Errno.EPIPE or Errno.ESTRPIPE))
        {
            return Failure;
        }

        Failure = Errno.None;
        Waiting = 0;
        _running = false;
        return Errno.None;
    }

    public Errno Start()
    {
        if (Failure != Errno.None || _running)
        {
            return _running ? Errno.EBADFD : Failure;
        }

        Starts++;
        _running = true;
        return _linked is { _running: false } ? _linked.Start() : Errno.None;
    }

    public void Stop() => _running = false;

    public Errno Resume() => ResumeAnswer;

    public nint Available() => Failure != Errno.None ? -(nint)Failure
        : card.HasNoClock ? BufferFrames
        : direction == PcmDirection.Capture ? Waiting : BufferFrames - Waiting;

    public Errno Check() => IsGone ? Errno.ENODEV : Failure;

    public nint Read(Span<short> samples)
    {
        int frames = Math.Min(samples.Length / Channels, (int)Available());
        for (int index = 0; index < frames * Channels; index++)
        {
            samples[index] = index % Channels == 0 ? card.First ?? _next++ : card.Second;
        }

        Waiting -= card.HasNoClock ? 0 : frames;
        return Failure != Errno.None ? -(nint)Failure : frames == 0 ? -(nint)Errno.EAGAIN : frames;
    }

    public nint Write(ReadOnlySpan<short> samples)
    {
        if (Failure != Errno.None)
        {
            return -(nint)Failure;
        }

        int frames = Math.Min(samples.Length / Channels, (int)Available());
        Waiting += card.HasNoClock ? 0 : frames;
        foreach (short sample in samples[..(frames * Channels)])
        {
            Played.Add(sample);
        }

        return frames == 0 ? -(nint)Errno.EAGAIN : frames;
    }

    public PollEvents LookAndTranslate()
    {
        Looks++;
        return Failure != Errno.None || IsGone ? PollEvents.POLLERR : IsDue ? _descriptors[0].Events : IdleEvents;
    }

    public void Pass(int frames)
    {
        if (!_running || IsGone || Failure != Errno.None)
        {
            return;
        }

        Waiting += direction == PcmDirection.Capture ? frames : -frames;
        if (Waiting < 0 || Waiting > BufferFrames)
        {
            Failure = Errno.EPIPE;
            _linked?.Failure = Errno.EPIPE;
        }
    }

    public void Dispose() => card.Closed++;

    private bool IsDue => Available() >= Period;
}
