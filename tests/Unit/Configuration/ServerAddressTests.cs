using IntercomAgent.Configuration;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

/// <summary>How the address of a registrar or a proxy is written.</summary>
public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10:5060", false)]
    [InlineData("192.0.2.10:5070;transport=tcp", "192.0.2.10:5070", true)]
    [InlineData("[2001:db8::1];transport=TCP", "[2001:db8::1]:5060", true)]
    [InlineData("192.0.2.10;transport=udp", "192.0.2.10:5060", false)]
    public void A_server_has_an_address_and_perhaps_a_transport(string text, string expected, bool byTcp)
    {
        Assert.True(SipAddress.TryParseServer(text, out NetworkEndpoint endpoint, out bool isByTcp));
        Assert.Equal((expected, byTcp), (endpoint.ToString(), isByTcp));
    }

    [Theory]
    [InlineData("192.0.2.10;transport=sctp")]
    [InlineData("192.0.2.10;transport=tls")]
    [InlineData("192.0.2.10;transport=")]
    [InlineData(";transport=tcp")]
    [InlineData("192.0.2.10;tcp")]
    public void Anything_else_is_none(string text) => Assert.False(SipAddress.TryParseServer(text, out _, out _));
}
