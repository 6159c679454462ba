using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Registration with a registrar whose responses are written by hand (RFC 3261 sections 10.2 and 22).</summary>
public sealed class RegistrationTests
{
    private const string Contact = "Contact: <sip:door@192.0.2.1:5060>;expires=";
    private const string Md5Challenge = "WWW-Authenticate: Digest realm=\"house\", nonce=\"weak\", algorithm=MD5, qop=\"auth\"\r\n";
    private const string Sha256Challenge =
        "WWW-Authenticate: Digest realm=\"house\", nonce=\"strong\", algorithm=SHA-256, qop=\"auth\", opaque=\"o\"\r\n";
    private static readonly NetworkEndpoint Registrar = NetworkEndpoint.FromIPv4(0xC000020A, 5060);

    private readonly SipPair _pair = new(new SipSettings
    {
        DisplayName = "Front \"door\"",
        User = "door",
        Accounts = [new SipAccount(Registrar, "door", new Secret("correct horse"), TimeSpan.FromMinutes(10))],
    });

    private readonly SipScript _registrar;

    public RegistrationTests() => _registrar = new SipScript(_pair, Registrar);

    private SipEndpoint Door => _pair.Alice.Endpoint;

    private string Last => _registrar.Received[^1];

    [Fact]
    public void Registers_with_the_strongest_challenge_refreshes_and_unregisters()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Md5Challenge + Sha256Challenge);
        Respond(200, $"Contact: <sip:other@192.0.2.1:5060>;expires=7\r\n{Contact}300\r\n");
        _pair.Wait(259.9);
        Assert.Equal(2, _registrar.Received.Count);
        _pair.Wait(0.2);
        Respond(200, Contact + "300\r\n");
        _pair.Do(() => Door.Close(_pair.Now));
        Assert.False(Door.IsClosed);
        Respond(200, "");
        Assert.True(Door.IsClosed);

        _pair.ShouldBe("register.txt");
        Assert.Equal(["Registered (192.0.2.10:5060)"], _pair.Alice.Told);
        _pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Its_credentials_are_right()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Sha256Challenge);
        string line = SipScript.Header(Last, "Authorization");
        string Value(string name) => Regex.Match(line, $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;
        string first = Sha256("door:house:correct horse");
        string second = Sha256("REGISTER:sip:192.0.2.10");
        Assert.Equal(Sha256($"{first}:strong:00000001:{Value("cnonce")}:auth:{second}"), Value("response"));
        Assert.Equal(("00000001", "o", "sip:192.0.2.10", "SHA-256"), (Value("nc"), Value("opaque"), Value("uri"), Value("algorithm")));
        Assert.Contains("CSeq: 2 REGISTER", Last);
    }

    [Fact]
    public void A_wrong_password_is_told_and_tried_again_later()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Sha256Challenge);
        Respond(401, Sha256Challenge.Replace("strong", "next"));
        Assert.Equal(["RegistrationFailed 401 Because (192.0.2.10:5060)"], _pair.Alice.Told);
        Assert.Equal(2, _registrar.Received.Count);
        _pair.Wait(60.1);
        Assert.Equal(3, _registrar.Received.Distinct().Count());
    }

    [Fact]
    public void A_stale_nonce_is_renewed_but_not_for_ever()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        for (int round = 0; round < 10; round++)
        {
            Respond(401, Sha256Challenge.Replace("qop", "stale=true, qop"));
        }

        Assert.Equal(1 + SipLimits.Challenges, _registrar.Received.Count);
        Assert.Equal(["RegistrationFailed 401 Because (192.0.2.10:5060)"], _pair.Alice.Told);
    }

    [Fact]
    public void A_refresh_uses_the_old_nonce_with_the_next_count()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(401, Sha256Challenge);
        Respond(200, Contact + "60\r\n");
        _pair.Wait(31);
        Assert.Contains("nc=00000002", Last);
        Respond(401, Sha256Challenge.Replace("strong", "newer"));
        Assert.Contains("nonce=\"newer\"", Last);
        Assert.Contains("nc=00000001", Last);
    }

    [Fact]
    public void Proxy_and_registrar_may_both_challenge()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(407, "Proxy-Authenticate: Digest realm=\"gate\", nonce=\"g\"\r\n");
        Assert.Contains("Proxy-Authorization: Digest username=\"door\", realm=\"gate\", nonce=\"g\"", Last);
        Assert.DoesNotContain("qop", Last);
        Respond(401, Sha256Challenge);
        Assert.Contains("\r\nProxy-Authorization: ", Last);
        Assert.Contains("\r\nAuthorization: ", Last);
    }

    [Fact]
    public void Follows_Min_Expires()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(423, "Min-Expires: 3600\r\n");
        Assert.Contains("\r\nExpires: 3600\r\n", Last);
        Assert.Contains("CSeq: 2 REGISTER", Last);
    }

    [Fact]
    public void Failures_back_off_up_to_five_minutes_and_success_is_told_again()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        // RFC 5626 section 4.5: the base of 30 s is doubled once by the first failure.
        foreach (double wait in new[] { 60, 120, 240, 300, 300 })
        {
            Respond(503, "");
            int sent = _registrar.Received.Count;
            _pair.Wait(wait / 2 * 0.99);
            Assert.Equal(sent, _registrar.Received.Count);
            for (double waited = 0; waited < wait / 2 * 1.02 && sent == _registrar.Received.Count; waited += 0.1)
            {
                _pair.Wait(0.1);
            }

            Assert.Equal(sent + 1, _registrar.Received.Count);
        }

        Assert.All(_pair.Alice.Told, line => Assert.Equal("RegistrationFailed 503 Because (192.0.2.10:5060)", line));
        Respond(200, Contact + "60\r\n");
        Assert.Equal("Registered (192.0.2.10:5060)", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void Retry_After_is_respected()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(503, "Retry-After: 100 (maintenance)\r\n");
        _pair.Wait(99);
        Assert.Single(_registrar.Received);
        _pair.Wait(2);
        Assert.Equal(2, _registrar.Received.Distinct().Count());
    }

    [Fact]
    public void A_silent_registrar_is_a_408_and_a_200_without_us_a_failure()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        _pair.Wait(32.1);
        Assert.Equal("RegistrationFailed 408 Request Timeout (192.0.2.10:5060)", _pair.Alice.Told[^1]);
        _pair.Wait(61);
        Respond(200, "Contact: <sip:other@192.0.2.1:5060>;expires=60\r\n");
        Assert.Equal("RegistrationFailed 200 the registrar does not list us (192.0.2.10:5060)", _pair.Alice.Told[^1]);
    }

    [Fact]
    public void A_new_address_is_registered_at_once()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        Respond(200, Contact + "600\r\n");
        Door.Local = NetworkEndpoint.FromIPv4(0xC000024D, 5060);
        _pair.Drive();
        _pair.Wait(0);
        Assert.Contains("Contact: <sip:door@192.0.2.77:5060>", Last);
        Assert.Contains("CSeq: 2 REGISTER", Last);
    }

    [Fact]
    public void Closing_while_a_REGISTER_is_out_waits_for_its_response()
    {
        _pair.Do(() => Door.Register(_pair.Now));
        _pair.Do(() => Door.Close(_pair.Now));
        Assert.Single(_registrar.Received);
        Respond(200, Contact + "60\r\n");
        Assert.Contains("\r\nExpires: 0\r\n", Last);
        Assert.False(Door.IsClosed);
        _pair.Wait(33);
        Assert.True(Door.IsClosed);
    }

    [Fact]
    public void A_call_by_name_goes_to_the_registrar_and_answers_its_challenge()
    {
        _ = _pair.Call("sip:house@example.org");
        Respond(407, "Proxy-Authenticate: Digest realm=\"house\", nonce=\"n\", qop=\"auth\"\r\n");
        Assert.Equal(["INVITE", "ACK", "INVITE"], _registrar.Summary());
        Assert.Contains("CSeq: 2 INVITE", Last);
        Assert.Contains("uri=\"sip:house@example.org\"", Last);
        Respond(200, "Contact: <sip:house@192.0.2.10>\r\n", "answer");
        Assert.Equal("ACK", _registrar.Summary()[^1]);
        Assert.Contains("\r\nProxy-Authorization: ", Last);
        _pair.Do(() => Door.End(new SipCall(1), SipEndCause.HungUp, _pair.Now));
        Assert.Contains("nc=00000002", Last);
    }

    [Fact]
    public void A_stranger_gets_no_credentials()
    {
        SipScript carol = new(_pair);
        _ = _pair.Call("sip:carol@192.0.2.9");
        carol.SendTo(_pair.Alice, SipScript.Response(carol.Received[0], 401, "x", Sha256Challenge));
        Assert.Equal(["INVITE", "ACK"], carol.Summary());
        Assert.Equal(["Ended 1 401 Because by Peer"], _pair.Alice.Told);
    }

    [Fact]
    public void Every_transition()
    {
        string[] expected =
        [
            "Unregistered Start Registering Send", "Unregistered Close Closed None",
            "Registering Granted Registered AwaitRefresh", "Registering Refused Waiting AwaitRetry",
            "Registering Renew Waiting None", "Registering Close Withdrawing None",
            "Registered Due Registering Send", "Registered Close Unregistering SendRemoval",
            "Waiting Due Registering Send", "Waiting Close Closed None",
            "Withdrawing Granted Unregistering SendRemoval", "Withdrawing Refused Closed None",
            "Unregistering Granted Closed None", "Unregistering Refused Closed None",
        ];
        Assert.Equal(
            expected,
            from state in Enum.GetValues<RegistrationState>()
            from input in Enum.GetValues<RegistrationInput>()
            let step = Registration.Next(state, input)
            where step.State != state || step.Actions != RegistrationActions.None
            select $"{state} {input} {step.State} {step.Actions}");
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    private void Respond(int status, string more, string body = "") =>
        _registrar.SendTo(_pair.Alice, SipScript.Response(Last, status, "registrar", more, body));
}
