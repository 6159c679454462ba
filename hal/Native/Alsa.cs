using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>
/// ALSA's library (libasound2), as the kernel's sound interface is only stable through it. A board without sound need not have it:
/// whoever calls anything of it asks <see cref="IsInstalled"/> first.
/// </summary>
internal static unsafe partial class Alsa
{
    /// <summary>The library's name, as the dynamic linker knows it.</summary>
    public const string Library = "libasound.so.2";

    /// <summary>What to say when it is missing.</summary>
    public const string Missing = "the ALSA library is missing: install libasound2 (libasound2t64 on Debian 13)";

    private static bool _quiet;

    /// <summary>Whether the library is there. It is loaded for good by that.</summary>
    public static bool IsInstalled()
    {
        try
        {
            if (!_quiet)
            {
                // It explains each failure on standard error in its own way. We say it in ours, once.
                _quiet = SetErrorHandler(&Ignore) == 0;
            }

            return true;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    /// <summary>What the library returned: a count is no error, a negative number is one.</summary>
    public static Errno ErrorOf(nint result) => result >= 0 ? Errno.None : (Errno)(-result);

    // The library passes arguments, as many as it likes; by the calling conventions of x64 and ARM a callee may ignore them.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore()
    {
    }

    [LibraryImport(Library, EntryPoint = "snd_lib_error_set_handler")]
    private static partial int SetErrorHandler(delegate* unmanaged[Cdecl]<void> handler);
}
