using System;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Sampling;

/// <summary>
/// The time that this thread has spent on a processor (clock_gettime(3)). Unlike the time of day it stands still while the machine does
/// something else, and <c>openssl speed</c> counts the same way.
/// </summary>
internal static unsafe partial class ProcessorClock
{
    private const int ThreadProcessorTime = 3;

    public static TimeSpan Now
    {
        get
        {
            Timespec time;
            return clock_gettime(ThreadProcessorTime, &time) == 0
                ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
                : throw new InvalidOperationException("the kernel has no processor clock of threads");
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, Timespec* time);

    // struct timespec of 64-bit Linux
    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
