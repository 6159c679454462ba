using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>Becoming another program, or the same one again.</summary>
internal static unsafe partial class Execution
{
    /// <summary>Returns only when it failed.</summary>
    /// <param name="path">The program, ended by a zero byte.</param>
    /// <param name="arguments">Pointers to the arguments, each ended by a zero byte; the last pointer is null.</param>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments);

    /// <summary>Sets a variable of the environment that <see cref="Execute"/> hands on; the runtime keeps a copy of its own.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true)]
    public static partial int SetVariable(byte* name, byte* value, int overwrite);
}
