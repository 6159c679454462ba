using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>Simple mixer elements of libasound (alsa/mixer.h). Elements belong to their mixer and end with it.</summary>
internal static unsafe partial class AlsaMixer
{
    /// <summary>A value that the control has not becomes the next one below.</summary>
    public const int NearestBelow = -1;

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_open")]
    public static partial int Open(out MixerHandle mixer, int mode);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_close")]
    public static partial int Close(nint mixer);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_attach", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Attach(MixerHandle mixer, string card);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_register")]
    public static partial int Register(MixerHandle mixer, nint options, nint* elementClass);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_load")]
    public static partial int Load(MixerHandle mixer);

    /// <summary>The first element; 0 when there is none.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_first_elem")]
    public static partial nint First(MixerHandle mixer);

    /// <summary>The element after this one; 0 when it is the last.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_elem_next")]
    public static partial nint Next(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_get_name")]
    public static partial byte* NameOf(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_has_playback_volume")]
    public static partial int HasPlaybackVolume(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_has_capture_volume")]
    public static partial int HasCaptureVolume(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_get_playback_volume_range")]
    public static partial int GetPlaybackRange(nint element, CLong* least, CLong* most);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_get_capture_volume_range")]
    public static partial int GetCaptureRange(nint element, CLong* least, CLong* most);

    /// <summary>The range in hundredths of a decibel; negative when the control says nothing of them.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_get_playback_dB_range")]
    public static partial int GetPlaybackDecibels(nint element, CLong* least, CLong* most);

    /// <summary>The range in hundredths of a decibel; negative when the control says nothing of them.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_get_capture_dB_range")]
    public static partial int GetCaptureDecibels(nint element, CLong* least, CLong* most);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_playback_dB_all")]
    public static partial int SetPlaybackDecibels(nint element, CLong hundredths, int rounding);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_capture_dB_all")]
    public static partial int SetCaptureDecibels(nint element, CLong hundredths, int rounding);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_playback_volume_all")]
    public static partial int SetPlaybackVolume(nint element, CLong value);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_capture_volume_all")]
    public static partial int SetCaptureVolume(nint element, CLong value);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_has_playback_switch")]
    public static partial int HasPlaybackSwitch(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_has_capture_switch")]
    public static partial int HasCaptureSwitch(nint element);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_playback_switch_all")]
    public static partial int SetPlaybackSwitch(nint element, int on);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_mixer_selem_set_capture_switch_all")]
    public static partial int SetCaptureSwitch(nint element, int on);
}

/// <summary>An open mixer, closed with Dispose.</summary>
internal sealed class MixerHandle : SafeHandle
{
    /// <summary>For the generated bindings, which fill it with what the library returned.</summary>
    public MixerHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => AlsaMixer.Close(handle) == 0;
}
