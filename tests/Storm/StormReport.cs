using System.Collections.Generic;

namespace IntercomAgent.Tests.Storm;

/// <summary>What a whole storm came to, as <c>--json</c> prints it.</summary>
internal sealed record StormReport
{
    public required int Seed { get; init; }

    public required string Peer { get; init; }

    public required int Calls { get; init; }

    public required int AtOnce { get; init; }

    /// <summary>From the first call of the storm to the end of the last.</summary>
    public required double Seconds { get; init; }

    public required double CallsPerSecond { get; init; }

    /// <summary>Calls a second whose handshake came to its end.</summary>
    public required double SecuredPerSecond { get; init; }

    /// <summary>The handshakes that the callee says are done.</summary>
    public required int SecuredAtCallee { get; init; }

    public required SideReport? Caller { get; init; }

    /// <summary>Null for a peer, whom nobody can ask.</summary>
    public required SideReport? Callee { get; init; }

    public required ProcessReport CallerProcess { get; init; }

    public required ProcessReport CalleeProcess { get; init; }

    /// <summary>What must not be, in words; empty when all is well.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
