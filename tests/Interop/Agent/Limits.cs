using System;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>How long tests wait for what ought to happen at once: generous, as the machine may be busy.</summary>
public static class Limits
{
    /// <summary>For an event at either end of a call.</summary>
    public static readonly TimeSpan Event = TimeSpan.FromSeconds(15);

    /// <summary>For the program to end after a signal: a peer that answers lets it go at once, none that does not holds it for longer.</summary>
    public static readonly TimeSpan End = TimeSpan.FromSeconds(3);

    /// <summary>How much speech is exchanged before it is compared.</summary>
    public static readonly TimeSpan Talk = TimeSpan.FromSeconds(4);
}
