using System.Linq;
using IntercomAgent.Configuration;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

/// <summary>How the address of a registrar, a proxy or a target is written.</summary>
public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10:5060", "Any")]
    [InlineData("192.0.2.10:5070;transport=tcp", "192.0.2.10:5070", "Tcp")]
    [InlineData("[2001:db8::1];transport=TCP", "[2001:db8::1]:5060", "Tcp")]
    [InlineData("192.0.2.10;transport=udp", "192.0.2.10:5060", "Udp")]
    [InlineData("pbx.example.org", "pbx.example.org", "Any")]
    [InlineData("PBX.example.org.:05070;transport=tcp", "pbx.example.org:5070", "Tcp")]
    [InlineData("pbx.local", "pbx.local", "Any")]
    [InlineData("192.0.2.10;transport=tls", "192.0.2.10:5061", "Tls")]
    [InlineData("192.0.2.10:5060;transport=TLS", "192.0.2.10:5060", "Tls")]
    [InlineData("2001:db8::1;transport=tls", "[2001:db8::1]:5061", "Tls")]
    [InlineData("pbx.example.org;transport=tls", "pbx.example.org", "Tls")]
    public void A_server_has_an_address_or_a_name_and_perhaps_a_transport(string text, string expected, string transport)
    {
        Assert.Null(SipAddress.FindServerFault(text, out ServerAddress server));
        Assert.Equal((expected, transport), (server.ToString(), server.Transport.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.10;transport=sctp", "asks for a transport that is not spoken here")]
    [InlineData("192.0.2.10;transport=", "asks for a transport that is not spoken here")]
    [InlineData(";transport=tcp", "has no host")]
    [InlineData("192.0.2.10;tcp", "names a host with a ';' in it")]
    [InlineData("pbx..example.org", "names a host that cannot exist")]
    [InlineData("pbx.example.org:0", "has no port behind the colon of its host")]
    public void Anything_else_is_none(string text, string fault) => Assert.Equal(fault, SipAddress.FindServerFault(text, out _));

    [Theory]
    [InlineData("sip:house@example.org")]
    [InlineData("sip:house@example.org:5070;transport=tcp")]
    [InlineData("sip:kitchen@kitchen.local")]
    [InlineData("sip:kitchen")]
    [InlineData("sip:house@_x.example.org.")]
    [InlineData("sip:house@2001.example.org?subject=door")]
    public void A_target_may_have_a_name(string uri) => Assert.Null(SipAddress.FindFault(uri));

    [Theory]
    [InlineData("sip:house@127.1", "has no host")]
    [InlineData("sip:house@", "has no host")]
    [InlineData("sip:house@example.5", "has no host")]
    [InlineData("sip:house@exam/ple.org", "names a host with a '/' in it")]
    [InlineData("sip:house@example..org", "names a host that cannot exist")]
    [InlineData("sip:house@-x.example.org", "names a host that cannot exist")]
    [InlineData("sip:house@a23456789a123456789a123456789a123456789a123456789a123456789a1234.org", "names a host that cannot exist")]
    [InlineData("sip:house@example.org:", "has no port behind the colon of its host")]
    [InlineData("sip:house@example.org:0", "has no port behind the colon of its host")]
    [InlineData("sip:house@example.org:70000", "has no port behind the colon of its host")]
    public void A_name_that_cannot_be_is_refused_with_the_reason(string uri, string fault) =>
        Assert.Equal($"\"{uri}\" {fault}; expected \"sip:user@192.0.2.1\" or \"sip:user@example.org\"", SipAddress.FindFault(uri));

    [Fact]
    public void Name_servers_are_addresses_with_the_port_of_the_name_system()
    {
        AgentConfiguration configuration = ConfigurationDouble.Read("[dns]\nservers = [\"192.0.2.53\", \"[2001:db8::53]:5300\"]");
        Assert.Equal(["192.0.2.53:53", "[2001:db8::53]:5300"], configuration.NameServers.Select(server => server.ToString()));

        Assert.Equal(
            ["test.toml:2: dns.servers: \"ns.example.org\" is no address; expected \"192.0.2.53\" or \"192.0.2.53:53\""],
            ConfigurationDouble.Problems("[dns]\nservers = [\"ns.example.org\"]"));
    }
}
