using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>The kernel's clocks and the descriptor that becomes readable at a moment (timerfd).</summary>
internal static unsafe partial class Clock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads a clock, in nanoseconds.</summary>
    public static long Read(ClockId clock)
    {
        Timespec now;
        return GetTime(clock, &now) == 0
            ? (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds
            : throw SystemError.Exception("cannot read the clock", SystemError.Last);
    }

    /// <summary>Opens a timer; arm it with <see cref="Arm"/>.</summary>
    public static Descriptor OpenTimer() => CreateTimer(ClockId.CLOCK_MONOTONIC, TimerFlags.TFD_CLOEXEC | TimerFlags.TFD_NONBLOCK);

    /// <summary>Lets the timer become readable once at <paramref name="at"/> nanoseconds on the monotonic clock; 0 stops it.</summary>
    public static void Arm(Descriptor timer, long at)
    {
        TimerSpecification once = new()
        {
            Value = new Timespec { Seconds = (nint)(at / NanosecondsPerSecond), Nanoseconds = (nint)(at % NanosecondsPerSecond) },
        };
        if (SetTimer(timer, TimerSettingFlags.TFD_TIMER_ABSTIME, &once, null) != 0)
        {
            throw SystemError.Exception("cannot set the loop's timer", SystemError.Last);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(ClockId clock, Timespec* now);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial Descriptor CreateTimer(ClockId clock, TimerFlags flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static partial int SetTimer(
        Descriptor timer, TimerSettingFlags flags, TimerSpecification* value, TimerSpecification* former);
}

/// <summary>Which clock (bits/time.h).</summary>
internal enum ClockId
{
    CLOCK_REALTIME = 0,
    CLOCK_MONOTONIC = 1,
}

/// <summary>How a timer is opened (sys/timerfd.h).</summary>
[System.Flags]
internal enum TimerFlags
{
    TFD_NONBLOCK = 0x800,
    TFD_CLOEXEC = 0x80000,
}

/// <summary>How a timer is set (sys/timerfd.h).</summary>
[System.Flags]
internal enum TimerSettingFlags
{
    TFD_TIMER_ABSTIME = 1,
}

/// <summary>struct timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timespec
{
    public nint Seconds;
    public nint Nanoseconds;
}

/// <summary>struct itimerspec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpecification
{
    public Timespec Interval;
    public Timespec Value;
}
