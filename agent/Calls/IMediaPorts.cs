using IntercomAgent.Hal.Net;

namespace IntercomAgent.Calls;

/// <summary>Where a call gets its media port from.</summary>
internal interface IMediaPorts
{
    /// <summary>
    /// Opens a media port on the local address that leads to <paramref name="peer"/>. What arrives is reported under
    /// <paramref name="line"/>. The caller owns the socket. Failure gives null and a sentence for a person.
    /// </summary>
    IDatagramSocket? Open(NetworkEndpoint peer, int line, out string? problem);

    /// <summary>The local address that leads to <paramref name="peer"/> now; null when none does.</summary>
    NetworkEndpoint? FindLocal(NetworkEndpoint peer);
}
