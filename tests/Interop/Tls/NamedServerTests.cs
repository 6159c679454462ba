using System;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Kamailio;
using IntercomAgent.Tests.Interop.Names;
using Xunit;

namespace IntercomAgent.Tests.Interop.Tls;

/// <summary>
/// A registrar that is called by name, whose certificate must be for that name (RFC 5922 section 7.2), not for the host that the name system
/// leads to: a kamailio in the domain of a real name server.
/// </summary>
public sealed class NamedServerTests : IDisposable
{
    private readonly CertificateFiles _files = CertificateFiles.Create();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(DnsmasqServer.Domain, "DNS:" + DnsmasqServer.Domain)]
    [InlineData(DnsmasqServer.Domain + ";transport=tls", "DNS:" + DnsmasqServer.Domain)]
    [InlineData(DnsmasqServer.Domain, "URI:sip:" + DnsmasqServer.Domain)]
    [InlineData("one." + DnsmasqServer.Domain + ":PORT;transport=tls", "DNS:one." + DnsmasqServer.Domain)]
    public void Two_agents_register_by_name_and_call_each_other(string registrar, string isFor)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTls("SHA-256", _files.Issue("proxy", isFor: isFor));
        using DnsmasqServer names = Names(proxy);
        AgentOptions usual = Registering(registrar, proxy, names);
        using AgentProgram house = AgentProgram.Start(usual with { User = "house", Speech = Conversation.Indoors });
        string domain = registrar.Replace("PORT", $"{proxy.TlsPort}", StringComparison.Ordinal);
        using AgentProgram door = AgentProgram.Start(usual with { Targets = [$"sip:house@{domain}"], Speech = Conversation.AtDoor });

        Conversation.OfTwoWhoAreRegistered(door, house);
    }

    [Theory]
    [InlineData("DNS:one." + DnsmasqServer.Domain, "its certificate is for one.house.test, not for house.test")]
    [InlineData("IP:127.0.0.1", "not for house.test")]
    [InlineData("DNS:*.test", "not for house.test")]
    public void A_certificate_for_another_name_does_not_count(string isFor, string why)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTls("SHA-256", _files.Issue("proxy", isFor: isFor));
        using DnsmasqServer names = Names(proxy);
        using AgentProgram door = AgentProgram.Start(Registering(DnsmasqServer.Domain + ";transport=tls", proxy, names));

        _ = door.WaitFor(why);
        Assert.Equal(0, door.End());
        Assert.DoesNotContain("<6>registered", door.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registrar_at_an_address_may_have_a_certificate_for_a_name_that_is_configured()
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTls("SHA-256", _files.Issue("proxy", isFor: "DNS:pbx.house.test"));
        AgentOptions options = new() { RegistrarPort = proxy.TlsPort, RegistrarTransport = "tls", Tls = _files.Section() };
        using AgentProgram named = AgentProgram.Start(options with { CertificateName = "pbx.house.test" });
        using AgentProgram other = AgentProgram.Start(options);

        _ = named.WaitFor("<6>registered");
        _ = other.WaitFor("its certificate is for pbx.house.test, not for 127.0.0.1");
        Assert.Equal(0, named.End());
        Assert.Equal(0, other.End());
    }

    private AgentOptions Registering(string registrar, KamailioProxy proxy, DnsmasqServer names) => new()
    {
        RegistrarName = registrar.Replace("PORT", $"{proxy.TlsPort}", StringComparison.Ordinal),
        NameServerPort = names.Port,
        Tls = _files.Section(),
    };

    /// <summary>The domain prefers TLS, at a host of another name.</summary>
    private static DnsmasqServer Names(KamailioProxy proxy) => DnsmasqServer.Start(
        DnsmasqServer.Preference(10, "SIPS+D2T", "_sips._tcp"), DnsmasqServer.Preference(20, "SIP+D2U", "_sip._udp"),
        DnsmasqServer.Service("_sips._tcp", "one", proxy.TlsPort, priority: 1),
        DnsmasqServer.Service("_sip._udp", "one", FreePorts.Next(), priority: 1), DnsmasqServer.Host("one"));
}
