using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// The Opus codec's reference implementation (libopus, RFC 6716). A board need not have it: whoever calls anything of it asks
/// <see cref="IsInstalled"/> first. It knows no thread, no file and no clock. What returns a number returns a negative one when it fails.
/// </summary>
internal static unsafe partial class OpusLibrary
{
    /// <summary>The library's name, as the dynamic linker knows it.</summary>
    public const string Name = "libopus.so.0";

    /// <summary>What to say when it is missing.</summary>
    public const string Missing = "the Opus library is missing: install libopus0";

    private static bool? _isInstalled;

    /// <summary>Whether the library is there. It is loaded for good by that; that it is not is found out once.</summary>
    public static bool IsInstalled() => _isInstalled ??= TryLoad();

    /// <summary>Makes an encoder; the handle is invalid, and the error negative, when there is none.</summary>
    [LibraryImport(Name, EntryPoint = "opus_encoder_create")]
    public static partial OpusEncoderHandle NewEncoder(int sampleRate, int channels, OpusApplication application, out int error);

    [LibraryImport(Name, EntryPoint = "opus_encoder_destroy")]
    public static partial void FreeEncoder(nint encoder);

    /// <summary>
    /// Sets something. It takes any number of arguments: by the calling conventions of Linux on x64 and ARM64 these few are passed as those
    /// of any other function.
    /// </summary>
    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    public static partial int Set(OpusEncoderHandle encoder, OpusRequest request, int value);

    /// <summary>Encodes one frame; returns the bytes of its packet. Up to two of them need not be sent.</summary>
    [LibraryImport(Name, EntryPoint = "opus_encode")]
    public static partial int Encode(OpusEncoderHandle encoder, short* samples, int count, byte* packet, int room);

    /// <summary>Makes a decoder; the handle is invalid, and the error negative, when there is none.</summary>
    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    public static partial OpusDecoderHandle NewDecoder(int sampleRate, int channels, out int error);

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    public static partial void FreeDecoder(nint decoder);

    /// <summary>
    /// Decodes a packet; returns its samples. Without a packet it makes up as many as there is room for; with
    /// <paramref name="forward"/> 1 it decodes what the packet says about the time before it.
    /// </summary>
    [LibraryImport(Name, EntryPoint = "opus_decode")]
    public static partial int Decode(OpusDecoderHandle decoder, byte* packet, int length, short* samples, int room, int forward);

    /// <summary>How many samples a packet holds.</summary>
    [LibraryImport(Name, EntryPoint = "opus_packet_get_nb_samples")]
    public static partial int CountSamples(byte* packet, int length, int sampleRate);

    [LibraryImport(Name, EntryPoint = "opus_get_version_string")]
    private static partial nint GetVersion();

    private static bool TryLoad()
    {
        try
        {
            return GetVersion() != 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }
}

/// <summary>An encoder of libopus, freed with Dispose.</summary>
internal sealed class OpusEncoderHandle : SafeHandle
{
    /// <summary>For the generated bindings, which fill it with what the library returned.</summary>
    public OpusEncoderHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        OpusLibrary.FreeEncoder(handle);
        return true;
    }
}

/// <summary>A decoder of libopus, freed with Dispose.</summary>
internal sealed class OpusDecoderHandle : SafeHandle
{
    /// <summary>For the generated bindings, which fill it with what the library returned.</summary>
    public OpusDecoderHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        OpusLibrary.FreeDecoder(handle);
        return true;
    }
}

/// <summary>What an encoder is tuned for (opus_defines.h).</summary>
internal enum OpusApplication
{
    OPUS_APPLICATION_VOIP = 2048,
}

/// <summary>What can be set of an encoder (opus_defines.h).</summary>
internal enum OpusRequest
{
    /// <summary>Bits a second.</summary>
    OPUS_SET_BITRATE = 4002,

    /// <summary>An <see cref="OpusBandwidth"/>.</summary>
    OPUS_SET_MAX_BANDWIDTH = 4004,

    /// <summary>0 for packets of one size.</summary>
    OPUS_SET_VBR = 4006,

    /// <summary>0 to 10.</summary>
    OPUS_SET_COMPLEXITY = 4010,

    /// <summary>1 lets packets repeat the one before, where losses are expected.</summary>
    OPUS_SET_INBAND_FEC = 4012,

    /// <summary>How many packets of a hundred are expected to be lost.</summary>
    OPUS_SET_PACKET_LOSS_PERC = 4014,

    /// <summary>1 lets packets be left out while nobody speaks.</summary>
    OPUS_SET_DTX = 4016,

    /// <summary>3001 for voice.</summary>
    OPUS_SET_SIGNAL = 4024,
}

/// <summary>The audio bandwidth of a packet (opus_defines.h, RFC 6716 section 2).</summary>
internal enum OpusBandwidth
{
    /// <summary>4 kHz, for a sample rate of 8 kHz.</summary>
    OPUS_BANDWIDTH_NARROWBAND = 1101,

    /// <summary>6 kHz, for 12 kHz.</summary>
    OPUS_BANDWIDTH_MEDIUMBAND = 1102,

    /// <summary>8 kHz, for 16 kHz.</summary>
    OPUS_BANDWIDTH_WIDEBAND = 1103,

    /// <summary>12 kHz, for 24 kHz.</summary>
    OPUS_BANDWIDTH_SUPERWIDEBAND = 1104,

    /// <summary>20 kHz, for 48 kHz.</summary>
    OPUS_BANDWIDTH_FULLBAND = 1105,
}
