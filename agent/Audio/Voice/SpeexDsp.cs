using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Audio;

/// <summary>
/// The library of the Speex project for sound processing (libspeexdsp), which starts no thread and allocates only when a state is made. A
/// board without it can do without: whoever calls anything of it asks <see cref="IsInstalled"/> first.
/// </summary>
internal static unsafe partial class SpeexDsp
{
    /// <summary>What to say when it is missing.</summary>
    public const string Missing = "the library that cancels echo is missing: install libspeexdsp1";

    // From speex_echo.h and speex_preprocess.h.
    public const int EchoSetSamplingRate = 24;
    public const int PreprocessSetDenoise = 0;
    public const int PreprocessSetAutomaticGain = 2;
    public const int PreprocessSetNoiseSuppress = 18;
    public const int PreprocessSetEchoSuppress = 20;
    public const int PreprocessSetEchoSuppressActive = 22;
    public const int PreprocessSetEchoState = 24;
    public const int PreprocessSetAutomaticGainMaximum = 30;
    public const int PreprocessSetAutomaticGainTarget = 46;

    private const string Library = "libspeexdsp.so.1";

    /// <summary>Whether the library is there. It is loaded for good by that.</summary>
    public static bool IsInstalled()
    {
        try
        {
            CreateEcho(1, 1).Dispose();
            return true;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport(Library, EntryPoint = "speex_echo_state_init")]
    public static partial EchoHandle CreateEcho(int frameSamples, int filterSamples);

    [LibraryImport(Library, EntryPoint = "speex_echo_state_destroy")]
    public static partial void DestroyEcho(nint state);

    [LibraryImport(Library, EntryPoint = "speex_echo_cancellation")]
    public static partial void CancelEcho(EchoHandle state, short* captured, short* played, short* cleaned);

    [LibraryImport(Library, EntryPoint = "speex_echo_ctl")]
    public static partial int ControlEcho(EchoHandle state, int request, int* value);

    [LibraryImport(Library, EntryPoint = "speex_preprocess_state_init")]
    public static partial PreprocessorHandle CreatePreprocessor(int frameSamples, int sampleRate);

    [LibraryImport(Library, EntryPoint = "speex_preprocess_state_destroy")]
    public static partial void DestroyPreprocessor(nint state);

    [LibraryImport(Library, EntryPoint = "speex_preprocess_run")]
    public static partial int Preprocess(PreprocessorHandle state, short* frame);

    [LibraryImport(Library, EntryPoint = "speex_preprocess_ctl")]
    public static partial int ControlPreprocessor(PreprocessorHandle state, int request, int* value);

    /// <summary>Tells the preprocessor whose residual echo it lowers; the canceller has to outlive it.</summary>
    [LibraryImport(Library, EntryPoint = "speex_preprocess_ctl")]
    public static partial int ControlPreprocessor(PreprocessorHandle state, int request, EchoHandle echo);
}

/// <summary>An echo canceller of the library.</summary>
internal sealed class EchoHandle() : SafeHandle(0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        SpeexDsp.DestroyEcho(handle);
        return true;
    }
}

/// <summary>A preprocessor of the library.</summary>
internal sealed class PreprocessorHandle() : SafeHandle(0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        SpeexDsp.DestroyPreprocessor(handle);
        return true;
    }
}
