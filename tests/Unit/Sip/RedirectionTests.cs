using System;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Where a target that has moved says it is (RFC 3261 section 8.1.3.4), and where a URI with maddr leads (section 19.1.1).</summary>
public sealed class RedirectionTests
{
    [Theory]
    [InlineData("Contact: <sip:a@b>\r\n", "sip:a@b")]
    [InlineData("Contact: <sip:low@b>;q=0.1, <sip:best@b>, <sip:high@b>;q=0.75\r\n", "sip:best@b sip:high@b sip:low@b")]
    [InlineData("Contact: <sip:a@b>;q=0.5\r\nm: <sip:c@d>;expires=60;q=0.501\r\nContact: <sip:e@f>;q=0.5\r\n", "sip:c@d sip:a@b sip:e@f")]
    [InlineData("Contact: <mailto:a@b>, sip:c@d;q=0.2, nonsense, <tel:12>;q=0\r\n", "sip:c@d tel:12")]
    [InlineData("Contact: *\r\n", "")]
    [InlineData("", "")]
    public void The_best_comes_first_and_of_the_equally_good_the_first(string lines, string moved) =>
        Assert.Equal(moved, Moved(302, lines));

    [Theory]
    [InlineData(301, "sip:a@b")]
    [InlineData(302, "sip:a@b")]
    [InlineData(300, "")]
    [InlineData(305, "")]
    [InlineData(480, "")]
    public void Only_who_has_moved_is_somewhere_else(int status, string moved) =>
        Assert.Equal(moved, Moved(status, "Contact: <sip:a@b>\r\n"));

    [Fact]
    public void A_few_of_very_many_places_are_looked_at()
    {
        string lines = string.Concat(Enumerable.Range(0, 40).Select(index => $"Contact: <sip:a{index}@b>\r\n"));
        Assert.Equal(8, Moved(302, lines).Split(' ').Length);
    }

    [Theory]
    [InlineData("", 1000)]
    [InlineData("1", 1000)]
    [InlineData("1.000", 1000)]
    [InlineData("0", 0)]
    [InlineData("0.", 0)]
    [InlineData("0.7", 700)]
    [InlineData("0.25", 250)]
    [InlineData("0.001", 1)]
    [InlineData("0.0001", 1000)]
    [InlineData("0,5", 1000)]
    [InlineData("0.x", 1000)]
    [InlineData("00", 1000)]
    [InlineData("-1", 1000)]
    [InlineData("\"0.5\"", 1000)]
    public void A_qvalue_has_three_digits_at_most(string value, int thousandths) =>
        Assert.Equal(thousandths, SipGrammar.ReadQuality(Encoding.ASCII.GetBytes(value)));

    [Theory]
    [InlineData("sip:a@example.org;maddr=192.0.2.9", "Udp 192.0.2.9:5060")]
    [InlineData("sip:a@192.0.2.1:5070;maddr=192.0.2.9;transport=tcp", "Tcp 192.0.2.9:5070")]
    [InlineData("sip:a@192.0.2.1;maddr=[2001:db8::9]", "Udp [2001:db8::9]:5060")]
    [InlineData("sips:a@example.org;maddr=192.0.2.9", "Tls 192.0.2.9:5061 example.org")]
    [InlineData("sips:a@192.0.2.9", "Tls 192.0.2.9:5061")]
    [InlineData("sip:a@192.0.2.1;maddr=pbx.example.org", "none")]
    [InlineData("sip:a@192.0.2.1;maddr", "none")]
    [InlineData("sip:a@192.0.2.1;maddr=", "none")]
    [InlineData("sip:a@192.0.2.1;maddr=1/2", "none")]
    public void With_maddr_it_leads_there_and_without_sense_nowhere(string uri, string hop) =>
        Assert.Equal(hop, SipHop.TryRead(Encoding.ASCII.GetBytes(uri), out SipHop found)
            ? $"{found.Transport} {found.Endpoint} {found.Domain}".TrimEnd()
            : "none");

    [Theory]
    [InlineData("sip:a@192.0.2.1;maddr=pbx.example.org", "pbx.example.org")]
    [InlineData("sip:a@example.org:5070;maddr=pbx.example.org", "pbx.example.org:5070")]
    [InlineData("sip:a@example.org;maddr=1/2", "none")]
    [InlineData("sip:a@example.org;maddr=192.0.2.9", "none")]
    public void A_name_in_maddr_is_looked_for_instead_of_the_host(string uri, string name) =>
        Assert.Equal(name, new ServerLocator(new DnsWorld(), [SipTransport.Udp], new SeededRandom(1)).TryReadName(uri, out TargetName found)
            ? $"{found.Host}{(found.Port == 0 ? "" : $":{found.Port}")}"
            : "none");

    [Fact]
    public void A_call_to_a_URI_with_maddr_goes_there_and_names_the_URI()
    {
        SipPair pair = new();
        SipScript carol = new(pair);
        _ = pair.Call("sip:bob@example.org;maddr=192.0.2.9");
        Assert.StartsWith("INVITE sip:bob@example.org;maddr=192.0.2.9 SIP/2.0\r\n", carol.Received[^1]);
    }

    [Fact]
    public void A_named_server_on_the_registrars_route_is_given_the_route_and_proof_of_the_password()
    {
        NetworkEndpoint registrarAt = NetworkEndpoint.FromIPv4(0xC000020A, 5060);
        DnsWorld names = new();
        names.Resolver.Hosts = HostsFile.Read("192.0.2.12 edge.example.org");
        SipSettings settings = new()
        {
            DisplayName = "",
            User = "door",
            Accounts = [new SipAccount(registrarAt, "door", new Secret("secret"), TimeSpan.FromMinutes(10))],
        };
        SipPair pair = new(settings, names: names);
        SipScript registrar = new(pair, registrarAt);
        SipScript edge = new(pair, NetworkEndpoint.FromIPv4(0xC000020C, 5060));
        pair.Do(() => pair.Alice.Endpoint.Register(pair.Now));
        const string route = "<sip:edge.example.org;lr>";
        string contact = SipScript.Header(registrar.Received[^1], "Contact");
        string granted = $"Contact: {contact};expires=600\r\nService-Route: {route}\r\n";
        registrar.SendTo(pair.Alice, SipScript.Response(registrar.Received[^1], 200, "r", granted));

        // A number says nothing of where it leads: it takes the account's route.
        SipCall call = pair.Alice.Endpoint.Locate("tel:123", pair.Now);
        pair.Drive();
        Assert.Equal("Located 1", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, SipPair.OfferBytes, pair.Now));
        Assert.Equal(route, SipScript.Header(edge.Received[^1], "Route"));
        Assert.DoesNotContain("Authorization", edge.Received[^1]);

        edge.SendTo(pair.Alice, SipScript.Response(
            edge.Received[^1], 407, "edge", "Proxy-Authenticate: Digest realm=\"house\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n"));
        Assert.StartsWith("INVITE", edge.Received[^1]);
        Assert.Contains("\r\nProxy-Authorization: Digest ", edge.Received[^1]);
        Assert.Equal(route, SipScript.Header(edge.Received[^1], "Route"));
    }

    private static string Moved(int status, string lines)
    {
        SipPair pair = new();
        SipScript carol = new(pair);
        _ = pair.Call("sip:carol@192.0.2.9");
        carol.SendTo(pair.Alice, SipScript.Response(carol.Received[^1], status, "carol", lines));
        Assert.StartsWith($"Ended 1 {status}", pair.Alice.Told[^1]);
        return string.Join(' ', pair.Alice.MovedTo);
    }
}
