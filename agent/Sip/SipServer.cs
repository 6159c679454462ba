using System.Globalization;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>A server as it is configured: an address, or a name that has to be looked for.</summary>
/// <param name="Address">The way to it; null when there is but a name.</param>
/// <param name="Name">The name, when there is no address.</param>
internal sealed record SipServer(SipHop? Address, TargetName Name)
{
    /// <summary>The server at an address.</summary>
    public static implicit operator SipServer(SipHop address) => FromSipHop(address);

    /// <summary>The server at an address, by UDP.</summary>
    public static implicit operator SipServer(NetworkEndpoint address) => FromNetworkEndpoint(address);

    /// <summary>The server at an address.</summary>
    public static SipServer FromSipHop(SipHop address) => new(address, default);

    /// <summary>The server at an address, by UDP.</summary>
    public static SipServer FromNetworkEndpoint(NetworkEndpoint address) => new(new SipHop(SipTransport.Udp, address), default);

    /// <summary>What a person calls it: its address and port, or its name as the configuration has it.</summary>
    public string Text => Address is { } hop ? hop.Endpoint.ToString() : Host;

    /// <summary>The server as the host of a URI: without the port where that is the usual one.</summary>
    public string Host
    {
        get
        {
            if (Address is not { } hop)
            {
                return Name.Port == 0 ? Name.Host : string.Create(CultureInfo.InvariantCulture, $"{Name.Host}:{Name.Port}");
            }

            NetworkEndpoint endpoint = hop.Endpoint with { ScopeId = 0 };
            string host = endpoint.IsIPv4 ? endpoint.AddressText() : $"[{endpoint.AddressText()}]";
            return endpoint.Port == SipTransports.DefaultPort(hop.Transport)
                ? host
                : string.Create(CultureInfo.InvariantCulture, $"{host}:{endpoint.Port}");
        }
    }
}
