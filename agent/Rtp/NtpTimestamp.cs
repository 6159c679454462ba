using System;

namespace IntercomAgent.Rtp;

/// <summary>A moment of wall-clock time as sender reports state it: seconds since 1900 and a fraction (RFC 3550 section 4).</summary>
/// <param name="Value">The seconds, modulo 2^32, in the upper half; the fraction in the lower.</param>
internal readonly record struct NtpTimestamp(ulong Value)
{
    // From 1 January 1900 to 1 January 1970: 70 years, 17 of them leap years.
    private const long UnixEpoch = ((70 * 365L) + 17) * 86_400;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The middle 32 bits, by which reports refer to a sender report: its unit is 1/65536 s.</summary>
    public uint Middle => (uint)(Value >> 16);

    /// <summary>The timestamp of a moment given in nanoseconds since 1970.</summary>
    public static NtpTimestamp FromUnixTime(long nanoseconds)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        ulong fraction = ((ulong)rest << 32) / NanosecondsPerSecond;
        return new NtpTimestamp(((ulong)(uint)(seconds + UnixEpoch) << 32) | fraction);
    }
}
