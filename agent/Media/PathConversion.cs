using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Media;

/// <summary>The crypto room knows no network: to it an endpoint is a path that can only be compared.</summary>
internal static class PathConversion
{
    /// <summary>The endpoint as a path.</summary>
    public static TransportPath ToPath(this NetworkEndpoint endpoint) => new(endpoint.Address, endpoint.Port, endpoint.ScopeId);

    /// <summary>The endpoint that the path was made of.</summary>
    public static NetworkEndpoint ToEndpoint(this TransportPath path) => new(path.Address, path.Port, path.ScopeId);
}
