using System.Globalization;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Configuration;

/// <summary>By what a server wants to be reached.</summary>
internal enum ServerTransport
{
    /// <summary>As the name system says (RFC 3263 section 4.1); an address without more is reached by UDP.</summary>
    Any,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>TLS.</summary>
    Tls,
}

/// <summary>Where a server is, as a person writes it: an address and port, or a name.</summary>
/// <param name="Address">The address; <c>default</c> when there is but a name.</param>
/// <param name="Host">The name, in small letters and without a dot at its end; empty when there is an address.</param>
/// <param name="Port">The port of the name; 0 when it has none.</param>
/// <param name="Transport">By what it wants to be reached.</param>
internal readonly record struct ServerAddress(NetworkEndpoint Address, string Host, ushort Port, ServerTransport Transport)
{
    /// <summary>The server at an address.</summary>
    public static implicit operator ServerAddress(NetworkEndpoint address) => FromNetworkEndpoint(address);

    /// <summary>The server at an address.</summary>
    public static ServerAddress FromNetworkEndpoint(NetworkEndpoint address) => new(address, "", 0, ServerTransport.Any);

    /// <summary>Whether it is a name, which has to be looked for.</summary>
    public bool IsName => Host is { Length: > 0 };

    /// <inheritdoc/>
    public override string ToString() => !IsName ? Address.ToString()
        : Port == 0 ? Host
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
