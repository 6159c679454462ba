using System;
using System.Globalization;

namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// A moment on the monotonic clock, in nanoseconds since an origin that only its reader knows.
/// Engines are told the time; none of them reads a clock.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since the clock's origin, never negative.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    private const long NanosecondsPerTick = 1_000_000_000L / TimeSpan.TicksPerSecond;

    /// <summary>The clock's origin.</summary>
    public static Instant Zero => default;

    /// <summary>A moment that never comes: what an engine without a running timer waits for.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>The earlier of two moments.</summary>
    public static Instant Soonest(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds ? left : right;

    /// <summary>The moment that lies <paramref name="delay"/> after <paramref name="start"/>; <see cref="Never"/> stays never.</summary>
    public static Instant operator +(Instant start, TimeSpan delay) =>
        start == Never ? Never : new(checked(start.Nanoseconds + (delay.Ticks * NanosecondsPerTick)));

    /// <summary>The time from <paramref name="start"/> to <paramref name="end"/>, cut to 100 ns.</summary>
    public static TimeSpan operator -(Instant end, Instant start) => new((end.Nanoseconds - start.Nanoseconds) / NanosecondsPerTick);

    /// <summary>Whether the left moment comes before the right one.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether the left moment comes after the right one.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether the left moment comes no later than the right one.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether the left moment comes no earlier than the right one.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds with microseconds, for logs: <c>12.345678</c>; <c>never</c> for <see cref="Never"/>.</summary>
    public override string ToString() =>
        this == Never ? "never" : (Nanoseconds / 1e9).ToString("F6", CultureInfo.InvariantCulture);
}
