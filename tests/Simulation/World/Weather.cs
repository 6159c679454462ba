using System;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>What one path of the simulated network does to datagrams. All chances are between 0 and 1.</summary>
/// <param name="Delay">How long every datagram is under way.</param>
/// <param name="Jitter">Up to how much longer a datagram may take, evenly spread: enough of it reorders.</param>
/// <param name="Loss">The chance that a datagram is lost.</param>
/// <param name="Duplication">The chance that a datagram arrives a second time.</param>
/// <param name="Corruption">The chance that one bit of a datagram is flipped.</param>
internal sealed record Weather(TimeSpan Delay, TimeSpan Jitter, double Loss, double Duplication, double Corruption)
{
    /// <summary>One millisecond, and nothing is ever lost.</summary>
    public static Weather Fair { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, 0, 0, 0);

    /// <summary>A bad evening on a wireless network.</summary>
    public static Weather Foul { get; } = new(TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(30), 0.1, 0.05, 0.01);
}
