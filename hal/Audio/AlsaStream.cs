using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>libasound's streams.</summary>
internal sealed class AlsaLibrary : IPcmLibrary
{
    /// <inheritdoc/>
    public IPcm? Open(string name, PcmDirection direction, out Errno error)
    {
        error = Alsa.ErrorOf(AlsaPcm.Open(out PcmHandle handle, name, direction, PcmModes.SND_PCM_NONBLOCK));
        if (error != Errno.None)
        {
            // Nothing was opened, whatever the library left behind.
            handle.SetHandleAsInvalid();
            handle.Dispose();
            return null;
        }

        return new AlsaStream(handle);
    }
}

/// <summary>One stream of libasound.</summary>
internal sealed unsafe class AlsaStream : IPcm
{
    private readonly PcmHandle _pcm;
    private PollDescriptor[] _descriptors = [];

    /// <summary>Takes over an open handle.</summary>
    public AlsaStream(PcmHandle pcm)
    {
        _pcm = pcm;
        nint info;
        Card = AlsaPcm.NewInfo(&info) < 0 ? -1 : ReadCard(info);
    }

    /// <inheritdoc/>
    public int Card { get; }

    /// <inheritdoc/>
    public int Channels { get; private set; }

    /// <inheritdoc/>
    public int HardwarePeriod { get; private set; }

    /// <inheritdoc/>
    public int BufferFrames { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<PollDescriptor> Descriptors => _descriptors;

    /// <inheritdoc/>
    public bool Offers(int rate, bool converted)
    {
        nint parameters = NewHardware();
        try
        {
            return Begin(parameters, rate, converted, out _) == Errno.None;
        }
        finally
        {
            AlsaHardware.Free(parameters);
        }
    }

    /// <inheritdoc/>
    public Errno Configure(int rate, int period, int buffer)
    {
        nint parameters = NewHardware();
        try
        {
            nuint periodFrames = (nuint)period;
            nuint bufferFrames = (nuint)buffer;
            int direction = 0;
            Errno error = Begin(parameters, rate, converted: false, out int channels);
            error = error == Errno.None ? error : Begin(parameters, rate, converted: true, out channels);
            error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetRate(_pcm, parameters, (uint)rate, 0));
            error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetChannels(_pcm, parameters, (uint)channels));
            error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetPeriod(_pcm, parameters, &periodFrames, &direction));
            error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetBuffer(_pcm, parameters, &bufferFrames));
            error = Then(error, error != Errno.None ? 0 : AlsaHardware.Install(_pcm, parameters));
            Channels = channels;
            HardwarePeriod = (int)periodFrames;
            BufferFrames = (int)bufferFrames;
            return error != Errno.None ? error : ConfigureWaking(period);
        }
        finally
        {
            AlsaHardware.Free(parameters);
        }
    }

    /// <inheritdoc/>
    public bool TryLink(IPcm other) => other is AlsaStream stream && AlsaPcm.Link(_pcm, stream._pcm) == 0;

    /// <inheritdoc/>
    public Errno Prepare() => Alsa.ErrorOf(AlsaPcm.Prepare(_pcm));

    /// <inheritdoc/>
    public Errno Start() => Alsa.ErrorOf(AlsaPcm.Start(_pcm));

    /// <inheritdoc/>
    public void Stop()
    {
        // A stream that does not run, or has gone, is stopped already.
        _ = AlsaPcm.Drop(_pcm);
    }

    /// <inheritdoc/>
    public Errno Resume() => Alsa.ErrorOf(AlsaPcm.Resume(_pcm));

    /// <inheritdoc/>
    public nint Available() => AlsaPcm.Available(_pcm);

    /// <inheritdoc/>
    public Errno Check() => Alsa.ErrorOf(AlsaPcm.Synchronize(_pcm));

    /// <inheritdoc/>
    public nint Read(Span<short> samples)
    {
        fixed (short* start = samples)
        {
            return AlsaPcm.Read(_pcm, start, (nuint)(samples.Length / Channels));
        }
    }

    /// <inheritdoc/>
    public nint Write(ReadOnlySpan<short> samples)
    {
        fixed (short* start = samples)
        {
            return AlsaPcm.Write(_pcm, start, (nuint)(samples.Length / Channels));
        }
    }

    /// <inheritdoc/>
    public PollEvents LookAndTranslate()
    {
        fixed (PollDescriptor* first = _descriptors)
        {
            ushort events = 0;
            return FileDescriptors.Poll(first, (nuint)_descriptors.Length, 0) >= 0
                && AlsaPcm.Translate(_pcm, first, (uint)_descriptors.Length, &events) >= 0 ? (PollEvents)events : PollEvents.POLLERR;
        }
    }

    /// <summary>Closes the stream. May be asked twice.</summary>
    public void Dispose() => _pcm.Dispose();

    private static Errno Then(Errno error, int result) => error != Errno.None ? error : Alsa.ErrorOf(result);

    private static nint NewHardware()
    {
        nint parameters;
        return AlsaHardware.New(&parameters) == 0 ? parameters : throw SystemError.Exception("cannot configure a stream", Errno.ENOMEM);
    }

    private int ReadCard(nint info)
    {
        int card = AlsaPcm.GetInfo(_pcm, info) < 0 ? -1 : AlsaPcm.CardOf(info);
        AlsaPcm.FreeInfo(info);
        return card;
    }

    /// <summary>What every configuration begins with.</summary>
    private Errno Begin(nint parameters, int rate, bool converted, out int channels)
    {
        channels = 1;
        Errno error = Alsa.ErrorOf(AlsaHardware.All(_pcm, parameters));
        error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetResampling(_pcm, parameters, converted ? 1u : 0));
        error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetAccess(_pcm, parameters, PcmAccess.SND_PCM_ACCESS_RW_INTERLEAVED));
        error = Then(error, error != Errno.None ? 0 : AlsaHardware.SetFormat(_pcm, parameters, PcmFormat.SND_PCM_FORMAT_S16_LE));
        error = Then(error, error != Errno.None ? 0 : AlsaHardware.TestRate(_pcm, parameters, (uint)rate, 0));
        if (error == Errno.None && AlsaHardware.TestChannels(_pcm, parameters, 1) < 0)
        {
            channels = 2;
            error = Alsa.ErrorOf(AlsaHardware.TestChannels(_pcm, parameters, 2));
        }

        return error;
    }

    private Errno ConfigureWaking(int period)
    {
        nint parameters;
        if (AlsaSoftware.New(&parameters) < 0)
        {
            return Errno.ENOMEM;
        }

        // It starts when it is told to, not with the first frame that is read or written.
        Errno error = Alsa.ErrorOf(AlsaSoftware.Current(_pcm, parameters));
        error = Then(error, AlsaSoftware.SetWakeAt(_pcm, parameters, (nuint)period));
        error = Then(error, AlsaSoftware.SetStartAt(_pcm, parameters, int.MaxValue));
        error = Then(error, AlsaSoftware.Install(_pcm, parameters));
        AlsaSoftware.Free(parameters);
        return error == Errno.None ? ReadDescriptors() : error;
    }

    private Errno ReadDescriptors()
    {
        int count = AlsaPcm.CountDescriptors(_pcm);
        _descriptors = new PollDescriptor[Math.Max(count, 0)];
        fixed (PollDescriptor* first = _descriptors)
        {
            return count < 0 || AlsaPcm.GetDescriptors(_pcm, first, (uint)count) != count ? Errno.EINVAL : Errno.None;
        }
    }
}
