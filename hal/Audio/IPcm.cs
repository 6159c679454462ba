using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>Opens PCM streams: libasound, or what a test puts in its place.</summary>
internal interface IPcmLibrary
{
    /// <summary>Opens a stream without waiting for it; failure gives null and the reason.</summary>
    IPcm? Open(string name, PcmDirection direction, out Errno error);
}

/// <summary>
/// One PCM stream of 16-bit samples. Every call returns at once. A count below zero is a negated <see cref="Errno"/>.
/// </summary>
internal interface IPcm : IDisposable
{
    /// <summary>The number of the card that it is on; negative when it is on none, or on one that is not known.</summary>
    int Card { get; }

    /// <summary>Samples in a frame, 1 or 2; known when configured.</summary>
    int Channels { get; }

    /// <summary>Frames between the hardware's wake-ups; known when configured.</summary>
    int HardwarePeriod { get; }

    /// <summary>Frames that the stream can hold; known when configured.</summary>
    int BufferFrames { get; }

    /// <summary>
    /// Whether the stream offers a rate, in 16 bit and with one or two channels: by itself, or when <paramref name="converted"/> with the
    /// help of a plug-in that converts the rate.
    /// </summary>
    bool Offers(int rate, bool converted);

    /// <summary>Chooses rate and sizes: the nearest to what is wished. It wakes when <paramref name="period"/> frames wait.</summary>
    Errno Configure(int rate, int period, int buffer);

    /// <summary>Whether the streams start and stop together from now on.</summary>
    bool TryLink(IPcm other);

    /// <summary>Makes it ready to be started.</summary>
    Errno Prepare();

    /// <summary>Starts it.</summary>
    Errno Start();

    /// <summary>Stops it at once.</summary>
    void Stop();

    /// <summary>Goes on after the machine slept; <see cref="Errno.EAGAIN"/> means not yet.</summary>
    Errno Resume();

    /// <summary>Frames that can be read or written now. A card that was pulled out may go on to say the same for ever.</summary>
    nint Available();

    /// <summary>Asks the card itself whether the stream is still there.</summary>
    Errno Check();

    /// <summary>Reads whole frames, interleaved; returns how many.</summary>
    nint Read(Span<short> samples);

    /// <summary>Writes whole frames, interleaved; returns how many were taken.</summary>
    nint Write(ReadOnlySpan<short> samples);

    /// <summary>The descriptors to wait for, and for which events.</summary>
    ReadOnlySpan<PollDescriptor> Descriptors { get; }

    /// <summary>Asks the descriptors now and says what their events mean for the stream.</summary>
    PollEvents LookAndTranslate();
}
