namespace IntercomAgent.Hal.Net;

/// <summary>What all TCP connections of the agent have in common.</summary>
internal static class StreamSettings
{
    /// <summary>
    /// Bytes that a connection queues beyond what the kernel takes: a peer that leaves so many unread while the kernel's own buffer is
    /// full too is dead or hostile.
    /// </summary>
    public const int QueueBytes = 65_536;

    /// <summary>Connections that wait to be accepted: more than a house has telephones, and the kernel makes others try again.</summary>
    public const int Backlog = 32;

    /// <summary>Seconds without traffic after which the kernel asks whether the peer still lives (tcp(7), TCP_KEEPIDLE).</summary>
    public const int KeepAliveIdle = 60;

    /// <summary>Seconds between such questions.</summary>
    public const int KeepAliveInterval = 10;

    /// <summary>Questions without an answer after which the connection is dead.</summary>
    public const int KeepAliveCount = 3;

    /// <summary>
    /// Milliseconds that sent bytes may stay unacknowledged (TCP_USER_TIMEOUT): as long as a SIP transaction waits, 64*T1, after which
    /// nobody is interested in them.
    /// </summary>
    public const int UserTimeout = 32_000;
}
