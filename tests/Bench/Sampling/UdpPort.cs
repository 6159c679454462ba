using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace IntercomAgent.Tests.Bench.Sampling;

/// <summary>Watches for the moment at which a program listens.</summary>
internal static class UdpPort
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Waits until somebody has bound the UDP port of an IPv4 address; bounded.</summary>
    public static void WaitUntilBound(int port)
    {
        string pattern = string.Create(CultureInfo.InvariantCulture, $":{port:X4} ");
        long started = Stopwatch.GetTimestamp();
        while (!File.ReadAllText("/proc/net/udp").Contains(pattern, StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"nobody listens on UDP port {port}");
            }

            Thread.Yield();
        }
    }
}
