using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>
/// The control interface of sound cards in libasound (alsa/control.h): which there are, and which PCM devices they have. What returns a
/// number returns a negative error number when it fails.
/// </summary>
internal static unsafe partial class AlsaControl
{
    /// <summary>The number of the card after <paramref name="card"/>, which is -1 at first and -1 after the last one.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_card_next")]
    public static partial int NextCard(int* card);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(out ControlHandle control, string name, PcmModes mode);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_close")]
    public static partial int Close(nint control);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_card_info_malloc")]
    public static partial int NewCardInfo(nint* info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_card_info_free")]
    public static partial void FreeCardInfo(nint info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_card_info")]
    public static partial int GetCardInfo(ControlHandle control, nint info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_card_info_get_id")]
    public static partial byte* IdOf(nint info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_card_info_get_name")]
    public static partial byte* NameOf(nint info);

    /// <summary>The number of the PCM device after <paramref name="device"/>, which is -1 at first and -1 after the last one.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_pcm_next_device")]
    public static partial int NextDevice(ControlHandle control, int* device);

    /// <summary>Fills in what is known of the PCM device and direction that the information names.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_ctl_pcm_info")]
    public static partial int GetPcmInfo(ControlHandle control, nint info);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_set_device")]
    public static partial void SetDevice(nint info, uint device);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_set_stream")]
    public static partial void SetDirection(nint info, PcmDirection direction);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_pcm_info_get_name")]
    public static partial byte* PcmNameOf(nint info);

    /// <summary>What the configuration of ALSA names for an interface (<c>pcm</c>): an array that ends with 0.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_device_name_hint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetHints(int card, string kind, nint** hints);

    /// <summary>A part of a hint: NAME or DESC. It is the caller's, who frees it with free(3); 0 when there is none.</summary>
    [LibraryImport(Alsa.Library, EntryPoint = "snd_device_name_get_hint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* PartOf(nint hint, string part);

    [LibraryImport(Alsa.Library, EntryPoint = "snd_device_name_free_hint")]
    public static partial int FreeHints(nint* hints);
}

/// <summary>An open control interface of a card, closed with Dispose.</summary>
internal sealed class ControlHandle : SafeHandle
{
    /// <summary>For the generated bindings, which fill it with what the library returned.</summary>
    public ControlHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => AlsaControl.Close(handle) == 0;
}
