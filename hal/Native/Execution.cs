using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>Becoming another program, or the same one again.</summary>
internal static unsafe partial class Execution
{
    /// <summary>linux/prctl.h: PR_SET_NAME.</summary>
    public const int SetName = 15;

    /// <summary>Returns only when it failed.</summary>
    /// <param name="path">The program, ended by a zero byte.</param>
    /// <param name="arguments">Pointers to the arguments, each ended by a zero byte; the last pointer is null.</param>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments);

    /// <summary>Sets a variable of the environment that <see cref="Execute"/> hands on; the runtime keeps a copy of its own.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true)]
    public static partial int SetVariable(byte* name, byte* value, int overwrite);

    /// <summary>Changes how the calling thread is seen by the kernel; <see cref="SetName"/> is the only change that we make.</summary>
    /// <param name="option">What is changed.</param>
    /// <param name="name">A name, ended by a zero byte, of which the kernel keeps 15.</param>
    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, byte* name);
}
