using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>
/// PCM streams of libasound (alsa/pcm.h). A frame has one sample of each channel. What returns a number returns a negative error
/// number when it fails.
/// </summary>
internal static unsafe partial class AlsaPcm
{
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(out PcmHandle pcm, string name, PcmDirection direction, PcmModes mode);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_close")]
    public static partial int Close(nint pcm);

    /// <summary>Lets two streams start, stop and prepare together.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_link")]
    public static partial int Link(PcmHandle first, PcmHandle second);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_prepare")]
    public static partial int Prepare(PcmHandle pcm);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_start")]
    public static partial int Start(PcmHandle pcm);

    /// <summary>Stops at once; what was not played is lost.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_drop")]
    public static partial int Drop(PcmHandle pcm);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_resume")]
    public static partial int Resume(PcmHandle pcm);

    /// <summary>Frames that can be read or written now.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_avail_update")]
    public static partial nint Available(PcmHandle pcm);

    /// <summary>Asks the hardware where it is: it fails when there is none any more.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hwsync")]
    public static partial int Synchronize(PcmHandle pcm);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_readi")]
    public static partial nint Read(PcmHandle pcm, void* frames, nuint count);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_writei")]
    public static partial nint Write(PcmHandle pcm, void* frames, nuint count);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_poll_descriptors_count")]
    public static partial int CountDescriptors(PcmHandle pcm);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_poll_descriptors")]
    public static partial int GetDescriptors(PcmHandle pcm, PollDescriptor* descriptors, uint room);

    /// <summary>Says what the descriptors' events mean for the stream, and clears those of timers that stand for it.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_poll_descriptors_revents")]
    public static partial int Translate(PcmHandle pcm, PollDescriptor* descriptors, uint count, ushort* events);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_malloc")]
    public static partial int NewInfo(nint* info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_free")]
    public static partial void FreeInfo(nint info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info")]
    public static partial int GetInfo(PcmHandle pcm, nint info);

    /// <summary>The card's number; negative when the stream is on none.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_get_card")]
    public static partial int CardOf(nint info);
}

/// <summary>The hardware parameters of a stream: a space of possibilities that each call makes smaller (alsa/pcm.h).</summary>
internal static unsafe partial class AlsaHardware
{
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_malloc")]
    public static partial int New(nint* parameters);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_free")]
    public static partial void Free(nint parameters);

    /// <summary>Fills in all that the stream can do.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_any")]
    public static partial int All(PcmHandle pcm, nint parameters);

    /// <summary>Whether plug-ins may convert the rate: 0 leaves only what the hardware can do.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_rate_resample")]
    public static partial int SetResampling(PcmHandle pcm, nint parameters, uint allowed);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_access")]
    public static partial int SetAccess(PcmHandle pcm, nint parameters, PcmAccess access);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_format")]
    public static partial int SetFormat(PcmHandle pcm, nint parameters, PcmFormat format);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_test_format")]
    public static partial int TestFormat(PcmHandle pcm, nint parameters, PcmFormat format);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_get_channels_min")]
    public static partial int LeastChannels(nint parameters, uint* channels);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_get_channels_max")]
    public static partial int MostChannels(nint parameters, uint* channels);

    /// <summary>In microseconds.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_get_period_time_min")]
    public static partial int ShortestPeriod(nint parameters, uint* time, int* direction);

    /// <summary>In microseconds.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_get_period_time_max")]
    public static partial int LongestPeriod(nint parameters, uint* time, int* direction);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_test_rate")]
    public static partial int TestRate(PcmHandle pcm, nint parameters, uint rate, int direction);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_test_channels")]
    public static partial int TestChannels(PcmHandle pcm, nint parameters, uint channels);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_rate")]
    public static partial int SetRate(PcmHandle pcm, nint parameters, uint rate, int direction);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_channels")]
    public static partial int SetChannels(PcmHandle pcm, nint parameters, uint channels);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_period_size_near")]
    public static partial int SetPeriod(PcmHandle pcm, nint parameters, nuint* frames, int* direction);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params_set_buffer_size_near")]
    public static partial int SetBuffer(PcmHandle pcm, nint parameters, nuint* frames);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_hw_params")]
    public static partial int Install(PcmHandle pcm, nint parameters);
}

/// <summary>The software parameters of a stream: when it wakes and starts (alsa/pcm.h).</summary>
internal static unsafe partial class AlsaSoftware
{
    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params_malloc")]
    public static partial int New(nint* parameters);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params_free")]
    public static partial void Free(nint parameters);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params_current")]
    public static partial int Current(PcmHandle pcm, nint parameters);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params_set_avail_min")]
    public static partial int SetWakeAt(PcmHandle pcm, nint parameters, nuint frames);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params_set_start_threshold")]
    public static partial int SetStartAt(PcmHandle pcm, nint parameters, nuint frames);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_sw_params")]
    public static partial int Install(PcmHandle pcm, nint parameters);
}

/// <summary>An open PCM stream, closed with Dispose.</summary>
internal sealed class PcmHandle : SafeHandle
{
    /// <summary>For the generated bindings, which fill it with what the library returned.</summary>
    public PcmHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => AlsaPcm.Close(handle) == 0;
}

/// <summary>snd_pcm_stream_t.</summary>
internal enum PcmDirection
{
    Playback = 0,
    Capture = 1,
}

/// <summary>How a stream is opened (alsa/pcm.h).</summary>
[System.Flags]
internal enum PcmModes
{
    SND_PCM_NONBLOCK = 1,
}

/// <summary>snd_pcm_access_t.</summary>
internal enum PcmAccess
{
    SND_PCM_ACCESS_RW_INTERLEAVED = 3,
}

/// <summary>snd_pcm_format_t: the ones that sound cards have.</summary>
internal enum PcmFormat
{
    SND_PCM_FORMAT_U8 = 1,
    SND_PCM_FORMAT_S16_LE = 2,
    SND_PCM_FORMAT_S24_LE = 6,
    SND_PCM_FORMAT_S32_LE = 10,
    SND_PCM_FORMAT_FLOAT_LE = 14,
    SND_PCM_FORMAT_IEC958_SUBFRAME_LE = 18,
    SND_PCM_FORMAT_S24_3LE = 32,
}
