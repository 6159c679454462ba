using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>The processor time of the calling thread (clock_gettime(2)): what a busy machine takes away does not count.</summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>What the thread has used so far.</summary>
    public static TimeSpan Now
    {
        get
        {
            long* time = stackalloc long[2];
            _ = Read(ThreadCpuTime, time);
            return TimeSpan.FromTicks((time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick));
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, long* time);
}
