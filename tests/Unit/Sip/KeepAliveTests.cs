using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>
/// The way to a registrar that does not send us all by it is kept open where a translator is in between, or where the registrar asks for it
/// (RFC 6223).
/// </summary>
public sealed class KeepAliveTests
{
    private const string Own = "<sip:door@192.0.2.1:5060>";
    private const string Seen = "<sip:door@203.0.113.7:40000>";
    private const string Translated = ";received=203.0.113.7;rport=40000";
    private const string Empty = "\r\n\r\n";
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0xC000020A, 5060);

    private readonly SipPair _pair;
    private readonly SipScript _registrar;

    public KeepAliveTests()
    {
        _pair = Pair(25);
        _registrar = new SipScript(_pair, Registrar);
    }

    [Fact]
    public void A_REGISTER_offers_it_and_no_other_request_does()
    {
        _pair.Do(() => _pair.Alice.Endpoint.Register(_pair.Now));
        Assert.Matches(";keep;rport$", SipScript.Header(_registrar.Received[^1], "Via"));
        _ = _pair.Call("sip:house@example.org");
        Assert.DoesNotContain(";keep", SipScript.Header(_registrar.Received[^1], "Via"));
    }

    [Fact]
    public void Where_a_translator_is_in_between_an_empty_datagram_goes_out_before_it_forgets()
    {
        Register(_registrar, _pair, Translated);
        int before = _registrar.Received.Count;
        _pair.Wait(100);
        string[] sent = [.. _registrar.Received.Skip(before)];
        Assert.All(sent, message => Assert.Equal(Empty, message));
        Assert.InRange(sent.Length, 4, 5);
    }

    [Fact]
    public void Where_none_is_in_between_nothing_is_sent()
    {
        Register(_registrar, _pair, ";received=192.0.2.1;rport=5060");
        int before = _registrar.Received.Count;
        _pair.Wait(200);
        Assert.Equal(before, _registrar.Received.Count);
    }

    [Fact]
    public void Nor_where_the_configuration_says_so()
    {
        SipPair pair = Pair(0);
        SipScript registrar = new(pair, Registrar);
        Register(registrar, pair, Translated);
        int before = registrar.Received.Count;
        pair.Wait(200);
        Assert.Equal(before, registrar.Received.Count);
    }

    [Fact]
    public void It_ends_with_the_registration()
    {
        Register(_registrar, _pair, Translated);
        _pair.Do(() => _pair.Alice.Endpoint.Close(_pair.Now));
        Respond(_registrar, _pair, $"Contact: {Seen};expires=0\r\n", Translated);
        int before = _registrar.Received.Count;
        _pair.Wait(200);
        Assert.Equal(before, _registrar.Received.Count);
    }

    [Theory]
    [InlineData("30", 24, 30)]
    [InlineData("0", 23.2, 29)]
    public void A_registrar_that_asks_for_it_is_asked_by_STUN_in_turn_and_one_that_keeps_silent_then_is_gone(
        string asked, double earliest, double latest)
    {
        Register(_registrar, _pair, ";received=192.0.2.1;rport=5060", asked);
        int before = _registrar.Received.Count;
        _pair.Wait(earliest - 0.1);
        Assert.Equal(before, _registrar.Received.Count);
        _pair.Wait(latest - earliest + 0.2);
        Assert.Equal(before + 1, _registrar.Received.Count);
        Assert.Equal(StunBinding.RequestLength, _pair.LastStun.Length);

        // RFC 8489 section 6.2.1: 39.5 s of silence.
        _pair.Wait(40);
        Assert.StartsWith("REGISTER ", _registrar.Received.Last(message => message.Length > StunBinding.RequestLength));
        Assert.True(_registrar.Received.Count(message => message.StartsWith("REGISTER", StringComparison.Ordinal)) > 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void A_registrar_that_says_nothing_of_it_is_not_asked(string value)
    {
        Register(_registrar, _pair, ";received=192.0.2.1;rport=5060", value);
        int before = _registrar.Received.Count;
        _pair.Wait(100);
        Assert.Equal(before, _registrar.Received.Count);
    }

    private static SipPair Pair(int seconds) => new(new SipSettings
    {
        DisplayName = "",
        User = "door",
        Accounts =
        [
            new SipAccount(Registrar, "door", new Secret("secret"), TimeSpan.FromMinutes(10)) { KeepAlive = TimeSpan.FromSeconds(seconds) },
        ],
    });

    private static void Register(SipScript registrar, SipPair pair, string parameters, string keep = "")
    {
        pair.Do(() => pair.Alice.Endpoint.Register(pair.Now));
        Respond(registrar, pair, $"Contact: {Own};expires=600\r\n", parameters, keep);
        pair.Wait(0);
        if (parameters == Translated)
        {
            Respond(registrar, pair, $"Contact: {Seen};expires=600\r\n", parameters, keep);
        }
    }

    private static void Respond(SipScript registrar, SipPair pair, string more, string parameters, string keep = "")
    {
        string response = SipScript.Response(registrar.Received[^1], 200, "registrar", more);
        registrar.SendTo(pair.Alice, response.Replace(
            ";keep;rport\r\n", $";keep{(keep.Length > 0 ? "=" : "")}{keep}{parameters}\r\n", StringComparison.Ordinal));
    }
}
