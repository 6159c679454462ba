using System;

namespace IntercomAgent.Hal.Net;

/// <summary>What has changed in the machine's network.</summary>
public enum NetworkChange
{
    /// <summary>An interface carries again that did not, or may not have.</summary>
    LinkReturned,

    /// <summary>An address or a route has come or gone, or an interface carries no more.</summary>
    Other,
}

/// <summary>
/// Tells when links, addresses and routes of the machine change. What holds now is asked of <see cref="IMachine.FindLocalAddress"/>.
/// </summary>
public interface INetworkWatch : IDisposable
{
    /// <summary>Takes a change; of several of one kind since the last time, one is told. False when there is none.</summary>
    bool TryTake(out NetworkChange change);
}
