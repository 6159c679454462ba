using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>getrandom(2): the kernel's generator. It sleeps only early in the boot, before the generator has been seeded.</summary>
internal static unsafe partial class RandomBytes
{
    /// <summary>Overwrites the whole destination with random bytes fit for keys.</summary>
    public static void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            fixed (byte* buffer = destination)
            {
                nint count = Get(buffer, (nuint)destination.Length, 0);
                if (count >= 0)
                {
                    destination = destination[(int)count..];
                }
                else if (SystemError.Last != Errno.EINTR)
                {
                    throw SystemError.Exception("cannot get random bytes", SystemError.Last);
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint Get(byte* buffer, nuint length, uint flags);
}
