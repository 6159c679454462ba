using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What a registrar's responses say of where it sees us (RFC 3581), and what the Contact makes of that.</summary>
public sealed class TranslatedContactTests
{
    private const string Own = "<sip:door@192.0.2.1:5060>";
    private const string Seen = "<sip:door@203.0.113.7:40000>";
    private const string Challenge = "WWW-Authenticate: Digest realm=\"house\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n";
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0xC000020A, 5060);

    private readonly SipPair _pair = new(new SipSettings
    {
        DisplayName = "",
        User = "door",
        Accounts = [new SipAccount(Registrar, "door", new Secret("secret"), TimeSpan.FromMinutes(10))],
    });

    private readonly SipScript _registrar;

    public TranslatedContactTests() => _registrar = new SipScript(_pair, Registrar);

    private SipEndpoint Door => _pair.Alice.Endpoint;

    private string Last => _registrar.Received[^1];

    [Fact]
    public void The_repetition_with_credentials_names_the_address_that_the_challenge_came_to()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Assert.Equal([Own], Contacts());
        Respond(401, Challenge, ";received=203.0.113.7;rport=40000");
        Assert.Equal([Seen], Contacts());
        Respond(200, $"Contact: {Seen};expires=300\r\n", ";received=203.0.113.7;rport=40000");
        Assert.Equal(["Registered (192.0.2.10:5060)"], _pair.Alice.Told);
        Assert.Equal(2, _registrar.Received.Count);
    }

    [Fact]
    public void Without_a_challenge_the_first_address_is_taken_back_at_once()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(200, $"Contact: {Own};expires=300\r\n", ";received=203.0.113.7;rport=40000");
        _pair.Wait(0);
        Assert.Equal([Seen, $"{Own};expires=0"], Contacts());
        Respond(200, $"Contact: {Seen};expires=300\r\n", ";received=203.0.113.7;rport=40000");
        _pair.Wait(262);
        Assert.Equal([Seen], Contacts());
        Assert.Equal(["Registered (192.0.2.10:5060)"], _pair.Alice.Told);
    }

    [Fact]
    public void An_address_that_changes_with_every_answer_is_followed_at_each_refresh_and_no_sooner()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        for (int port = 40000; port < 40006; port++)
        {
            string contacts = string.Concat(Contacts().Select(contact => $"Contact: {contact.Replace(";expires=0", "")};expires=300\r\n"));
            Respond(200, contacts, $";received=203.0.113.7;rport={port}");
            _pair.Wait(0);
        }

        Assert.Equal(2, _registrar.Received.Count);
    }

    [Fact]
    public void Calls_by_way_of_the_registrar_name_that_address_and_others_our_own()
    {
        SipScript carol = new(_pair);
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Challenge, ";received=203.0.113.7;rport=40000");
        Respond(200, $"Contact: {Seen};expires=300\r\n", ";received=203.0.113.7;rport=40000");

        _ = _pair.Call("sip:house@example.org");
        _ = _pair.Call("sip:carol@192.0.2.9");

        Assert.Equal([Seen], Contacts());
        Assert.Equal(Own, SipScript.Header(carol.Received[^1], "Contact"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";rport")]
    [InlineData(";received=192.0.2.1;rport=5060")]
    [InlineData(";received=203.0.113.7")]
    [InlineData(";received=203.0.113.7;rport=0")]
    [InlineData(";received=203.0.113.7;rport=70000")]
    [InlineData(";received=nonsense;rport=40000")]
    [InlineData(";received=0.0.0.0;rport=40000")]
    [InlineData(";received=1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111;rport=40000")]
    public void What_says_nothing_new_or_makes_no_sense_changes_nothing(string parameters)
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Challenge, parameters);
        Assert.Equal([Own], Contacts());
    }

    [Fact]
    public void What_was_learned_of_an_address_is_forgotten_with_it()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Challenge, ";received=203.0.113.7;rport=40000");
        Respond(200, $"Contact: {Seen};expires=300\r\n", ";received=203.0.113.7;rport=40000");
        Door.Local = NetworkEndpoint.FromIPv4(0xC000024D, 5060);
        _pair.Drive();
        _pair.Wait(0);
        Assert.Equal(["<sip:door@192.0.2.77:5060>", $"{Seen};expires=0"], Contacts());
    }

    private string[] Contacts() =>
        [.. Last.Split("\r\n").Where(line => line.StartsWith("Contact: ", StringComparison.Ordinal)).Select(line => line[9..])];

    private void Respond(int status, string more, string parameters) => _registrar.SendTo(
        _pair.Alice, SipScript.Response(Last, status, "registrar", more).Replace(";rport\r\n", parameters + "\r\n", StringComparison.Ordinal));
}
