using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>A registrar is asked by OPTIONS, between two REGISTERs, whether it still answers.</summary>
public sealed class ServerProbeTests
{
    private const int Interval = 60;
    private static readonly NetworkEndpoint First = NetworkEndpoint.FromIPv4(0xC000020A, 5060);
    private static readonly NetworkEndpoint Second = NetworkEndpoint.FromIPv4(0xC000020B, 5060);

    private readonly SipPair _pair;
    private readonly SipScript _first;
    private readonly SipScript _second;

    public ServerProbeTests()
    {
        SipAccount account = new(First, "door", new Secret("one"), TimeSpan.FromMinutes(10)) { Probe = TimeSpan.FromSeconds(Interval) };
        _pair = new SipPair(new SipSettings
        {
            DisplayName = "",
            User = "door",
            Accounts = [account, account with { Registrar = Second, Probe = TimeSpan.Zero }],
        });
        _first = new SipScript(_pair, First);
        _second = new SipScript(_pair, Second);
    }

    private SipEndpoint Door => _pair.Alice.Endpoint;

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(483)]
    public void Whatever_it_answers_shows_that_it_lives_and_it_is_asked_again_after_a_while(int status)
    {
        Register();
        _pair.Wait((Interval * 0.8) - 1);
        Assert.Equal(0, Questions(_first));
        AwaitQuestion();
        Assert.StartsWith("OPTIONS sip:192.0.2.10 SIP/2.0\r\n", _first.Received[^1]);

        Respond(_first, status);
        _pair.Wait((Interval * 0.8) - 1);
        Assert.Equal(1, Questions(_first));
        AwaitQuestion();
        Assert.Equal(First, Door.PreferredServer?.Endpoint);
        Assert.Equal(0, Questions(_second));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public void One_that_keeps_silent_or_cannot_serve_is_asked_to_register_us_and_calls_take_another_account(int status)
    {
        Register();
        AwaitQuestion();
        if (status > 0)
        {
            Respond(_first, status);
            _pair.Wait(0);
        }
        else
        {
            _pair.Wait(3.9);
            Assert.Equal(First, Door.PreferredServer?.Endpoint);
            _pair.Wait(0.2);
        }

        Assert.Equal(Second, Door.PreferredServer?.Endpoint);
        Assert.StartsWith("REGISTER", _first.Received[^1]);

        // It lives after all.
        Respond(_first, 200, Contact(_first));
        Assert.Equal(First, Door.PreferredServer?.Endpoint);
        Assert.DoesNotContain(_pair.Alice.Told, line => line.StartsWith("RegistrationFailed"));
    }

    [Fact]
    public void One_that_is_dead_is_told_of_and_asked_no_more_than_the_registration_is_tried()
    {
        Register();
        AwaitQuestion();
        _pair.Wait(37);
        Assert.Equal("RegistrationFailed 408 Request Timeout (192.0.2.10:5060)", _pair.Alice.Told[^1]);
        int questions = Questions(_first);
        _pair.Wait(3600);
        Assert.Equal(questions, Questions(_first));

        // RFC 5626 section 4.5: longer and longer waits, as another account is registered.
        Assert.InRange(_first.Received.Where(message => message.StartsWith("REGISTER")).Select(Branch).Distinct().Count(), 3, 8);
    }

    [Fact]
    public void One_that_the_network_calls_unreachable_is_in_doubt_at_once()
    {
        Register();
        AwaitQuestion();

        // A report is believed from the second transmission on.
        _pair.Wait(0.6);
        _pair.Do(() => Door.ReceiveUnreachable(First, _pair.Now));
        _pair.Wait(0);
        Assert.Equal(Second, Door.PreferredServer?.Endpoint);
    }

    [Fact]
    public void Nothing_is_asked_after_the_end()
    {
        Register();
        AwaitQuestion();
        _pair.Do(() => Door.Close(_pair.Now));
        Respond(_first, 200);
        Respond(_second, 200);
        int before = _first.Received.Count;
        _pair.ShouldLeaveNothing();
        Assert.Equal(before, _first.Received.Count);
    }

    private void Register()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(_first, 200, Contact(_first));
        Respond(_second, 200, Contact(_second, expires: 7200));
        Assert.Equal(First, Door.PreferredServer?.Endpoint);
    }

    private void AwaitQuestion()
    {
        int asked = Questions(_first);
        for (double waited = 0; waited <= Interval && Questions(_first) == asked; waited += 0.05)
        {
            _pair.Wait(0.05);
        }

        Assert.Equal(asked + 1, Questions(_first));
    }

    private static string Contact(SipScript registrar, int expires = 600) =>
        $"Contact: {SipScript.Header(registrar.Received[^1], "Contact")};expires={expires}\r\n";

    private static string Branch(string message) => SipScript.Header(message, "Via");

    private static int Questions(SipScript registrar) =>
        registrar.Received.Where(message => message.StartsWith("OPTIONS", StringComparison.Ordinal)).Select(Branch).Distinct().Count();

    private void Respond(SipScript registrar, int status, string more = "") =>
        registrar.SendTo(_pair.Alice, SipScript.Response(registrar.Received[^1], status, "registrar", more));
}
