using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>open(2), fsync(2) and rename(2): what brings a file to the disk.</summary>
internal static partial class DiskFile
{
    /// <summary>Opens a file; the descriptor is invalid when that failed.</summary>
    public static Descriptor Open(string path, OpenFlags flags, int mode) => new(OpenNumber(path, flags, mode), owned: true);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(Descriptor file);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    // An int, not a Descriptor: the C library's open leaves the upper half of the register undefined, and -1 would not be seen as such.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNumber(string path, OpenFlags flags, int mode);
}

/// <summary>How a file is opened: those that are the same on x86-64 and on ARM (asm-generic/fcntl.h), which O_DIRECTORY is not.</summary>
[Flags]
internal enum OpenFlags
{
    O_RDONLY = 0,
    O_WRONLY = 1,
    O_CREAT = 0x40,
    O_TRUNC = 0x200,
    O_CLOEXEC = 0x80000,
}
