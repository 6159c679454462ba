using IntercomAgent.Configuration;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

/// <summary>How the address of a registrar or a proxy is written.</summary>
public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10:5060", nameof(ServerTransport.Udp))]
    [InlineData("192.0.2.10:5070;transport=tcp", "192.0.2.10:5070", nameof(ServerTransport.Tcp))]
    [InlineData("[2001:db8::1];transport=TCP", "[2001:db8::1]:5060", nameof(ServerTransport.Tcp))]
    [InlineData("192.0.2.10;transport=udp", "192.0.2.10:5060", nameof(ServerTransport.Udp))]
    [InlineData("192.0.2.10;transport=tls", "192.0.2.10:5061", nameof(ServerTransport.Tls))]
    [InlineData("192.0.2.10:5060;transport=TLS", "192.0.2.10:5060", nameof(ServerTransport.Tls))]
    [InlineData("2001:db8::1;transport=tls", "[2001:db8::1]:5061", nameof(ServerTransport.Tls))]
    [InlineData("[2001:db8::1];transport=tls", "[2001:db8::1]:5061", nameof(ServerTransport.Tls))]
    public void A_server_has_an_address_and_perhaps_a_transport(string text, string expected, string transport)
    {
        Assert.True(SipAddress.TryParseServer(text, out NetworkEndpoint endpoint, out ServerTransport found));
        Assert.Equal((expected, transport), (endpoint.ToString(), found.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.10;transport=sctp")]
    [InlineData("192.0.2.10;transport=")]
    [InlineData(";transport=tcp")]
    [InlineData("192.0.2.10;tcp")]
    public void Anything_else_is_none(string text) => Assert.False(SipAddress.TryParseServer(text, out _, out _));
}
