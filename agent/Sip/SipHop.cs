using System;
using System.Text;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>Where a message goes next, or came from: the transport and the address.</summary>
/// <param name="Transport">How it travels.</param>
/// <param name="Endpoint">The address and port at the other end.</param>
/// <param name="Domain">
/// Over TLS, whom the certificate at the other end must name: the host of the URI that led there (RFC 5922 section 7.2). Null for the
/// address itself.
/// </param>
/// <param name="Connection">
/// Of a message that came over a connection, the connection's number, for what answers it goes back the same way (RFC 3261 section
/// 18.2.2). Else 0: any connection to there will do, or a new one.
/// </param>
internal readonly record struct SipHop(SipTransport Transport, NetworkEndpoint Endpoint, string? Domain = null, int Connection = 0)
{
    /// <summary>Whether the transport repeats what is lost itself, so that a transaction must not.</summary>
    public bool IsReliable => Transport != SipTransport.Udp;

    /// <summary>An address alone means UDP, as a URI without a transport does.</summary>
    public static implicit operator SipHop(NetworkEndpoint endpoint) => FromNetworkEndpoint(endpoint);

    /// <summary>The way to an address by UDP.</summary>
    public static SipHop FromNetworkEndpoint(NetworkEndpoint endpoint) => new(SipTransport.Udp, endpoint);

    /// <summary>Whether the other one leads to the same address by the same transport.</summary>
    public bool IsSamePlace(SipHop other) => Transport == other.Transport && Endpoint == other.Endpoint;

    /// <summary>The same way to another port.</summary>
    public SipHop WithPort(ushort port) => this with { Endpoint = Endpoint.WithPort(port) };

    /// <summary>
    /// Reads the way that a URI with a literal address names (RFC 3263 section 4). False for a name, and for a transport that we do not
    /// speak. With maddr the certificate still has to name the host (RFC 5922 section 7.1).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SipHop hop)
    {
        hop = default;
        if (!SipUri.TryRead(text, out SipUri uri) || uri.FindTransport() is not { } transport)
        {
            return false;
        }

        ushort port = uri.Port == 0 ? SipTransports.DefaultPort(transport) : (ushort)uri.Port;
        bool isAddress = NetworkEndpoint.TryParseAddress(Encoding.Latin1.GetString(uri.Target), port, out NetworkEndpoint endpoint);
        bool isOther = transport == SipTransport.Tls && !uri.Target.SequenceEqual(uri.Host);
        hop = new SipHop(transport, endpoint, isOther ? Encoding.Latin1.GetString(uri.Host) : null);
        return isAddress;
    }
}
