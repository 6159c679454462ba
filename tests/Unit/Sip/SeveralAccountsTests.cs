using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>A door with two accounts: both are registered, and calls take the first that holds (RFC 5626 section 4.2.1).</summary>
public sealed class SeveralAccountsTests
{
    private const string Contact = "Contact: <sip:door@192.0.2.1:5060>;expires=";
    private static readonly NetworkEndpoint First = NetworkEndpoint.FromIPv4(0xC000020A, 5060);
    private static readonly NetworkEndpoint Second = NetworkEndpoint.FromIPv4(0xC000020B, 5070);

    private readonly SipPair _pair = new(new SipSettings
    {
        DisplayName = "",
        User = "door",
        Accounts =
        [
            new SipAccount(First, "door", new Secret("one"), TimeSpan.FromMinutes(10)),
            new SipAccount(Second, "4711", new Secret("two"), TimeSpan.FromMinutes(10)) { AddressOfRecord = "4711@example.org" },
        ],
    });

    private readonly SipScript _first;
    private readonly SipScript _second;

    public SeveralAccountsTests()
    {
        _first = new SipScript(_pair, First);
        _second = new SipScript(_pair, Second);
        _pair.Do(() => Door.Register(_pair.Now));
    }

    private SipEndpoint Door => _pair.Alice.Endpoint;

    [Fact]
    public void Both_are_registered_each_under_its_own_name_and_taken_back_at_the_end()
    {
        Assert.Contains("REGISTER sip:192.0.2.10 ", _first.Received[^1]);
        Assert.Equal("<sip:door@192.0.2.10>", SipScript.Header(_first.Received[^1], "To"));
        Assert.Contains("REGISTER sip:example.org ", _second.Received[^1]);
        Assert.Equal("<sip:4711@example.org>", SipScript.Header(_second.Received[^1], "To"));
        Respond(_first, 200);
        Respond(_second, 200);
        Assert.Equal(["Registered (192.0.2.10:5060)", "Registered (192.0.2.11:5070)"], _pair.Alice.Told);
        _pair.Do(() => Door.Close(_pair.Now));
        Respond(_first, 200);
        Assert.False(Door.IsClosed);
        Respond(_second, 200);
        Assert.True(Door.IsClosed);
        Assert.All([_first, _second], registrar => Assert.Contains("\r\nExpires: 0\r\n", registrar.Received[^1]));
    }

    [Fact]
    public void Calls_take_the_first_that_holds_and_the_preferred_one_again_once_it_is_registered()
    {
        Respond(_second, 200);
        Respond(_first, 503);
        Assert.Equal("sip:4711@example.org", CallerOf(_second));

        // Another account holds: 90 s, doubled once, and of that between half and the whole.
        int tried = _first.Received.Count;
        _pair.Wait(89);
        Assert.Equal(tried, _first.Received.Count);
        for (double waited = 0; waited < 92 && tried == _first.Received.Count; waited += 0.1)
        {
            _pair.Wait(0.1);
        }

        Assert.Contains("REGISTER", _first.Received[^1]);
        Assert.Equal("sip:4711@example.org", CallerOf(_second));
        Respond(_first, 200);
        Assert.Equal("sip:door@192.0.2.10", CallerOf(_first));
    }

    [Fact]
    public void Where_no_account_holds_each_is_tried_again_soon_and_calls_try_the_preferred_one()
    {
        Respond(_first, 403);
        Respond(_second, 403);
        Assert.Equal("sip:door@192.0.2.10", CallerOf(_first));
        _pair.Wait(61);
        Assert.All([_first, _second], registrar => Assert.Contains("CSeq: 2 REGISTER", registrar.Received[^1]));
    }

    [Fact]
    public void Each_is_given_its_own_password()
    {
        const string challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256\r\n";
        Respond(_first, 401, challenge);
        Respond(_second, 401, challenge);
        Assert.Contains("username=\"door\"", _first.Received[^1]);
        Assert.Contains("username=\"4711\"", _second.Received[^1]);
    }

    [Fact]
    public void A_server_that_lets_a_call_go_unanswered_is_asked_at_once_and_calls_take_the_other()
    {
        Respond(_first, 200);
        Respond(_second, 200);
        _ = _pair.Call("sip:house@example.org");
        _pair.Wait(32.1);
        Assert.Contains("CSeq: 2 REGISTER", _first.Received[^1]);
        Assert.Equal("sip:4711@example.org", CallerOf(_second));

        Respond(_first, 200);
        Assert.Equal("sip:door@192.0.2.10", CallerOf(_first));
    }

    [Fact]
    public void Either_may_say_who_calls()
    {
        const string asserted = "P-Asserted-Identity: <sip:desk@example.org>\r\n";
        _second.SendTo(_pair.Alice, SipScript.Invite(more: asserted, uri: "sip:door@192.0.2.1"));
        Assert.Equal(["Incoming 1 sip:desk@example.org (desk) [offer]"], _pair.Alice.Told);
    }

    /// <summary>Calls by name; the address in From of the INVITE that must go there.</summary>
    private string CallerOf(SipScript server)
    {
        SipCall call = _pair.Call("sip:house@example.org");
        string invite = server.Received[^1];
        Assert.StartsWith("INVITE", invite);
        server.SendTo(_pair.Alice, SipScript.Response(invite, 486, "house"));
        _pair.Do(() => Door.End(call, SipEndCause.HungUp, _pair.Now));
        return SipScript.Header(invite, "From").Split('<', '>')[1];
    }

    private void Respond(SipScript registrar, int status, string more = "")
    {
        string contact = status == 200 ? Contact + "600\r\n" : "";
        string register = registrar.Received.FindLast(message => message.StartsWith("REGISTER", StringComparison.Ordinal))!;
        registrar.SendTo(_pair.Alice, SipScript.Response(register, status, "registrar", contact + more));
    }
}
