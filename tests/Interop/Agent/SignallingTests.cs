using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>What the agent says to requests that few telephones send, and who it says it is.</summary>
public sealed partial class SignallingTests
{
    private const string PlainOffer =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    [Fact]
    public void It_answers_a_ping()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Answers = false });
        using SipProbe probe = new(agent.Address);

        probe.Send("OPTIONS", 1);
        string response = probe.FinalResponse("OPTIONS");

        Assert.StartsWith("SIP/2.0 200", response, StringComparison.Ordinal);
        Assert.Contains("INVITE", SipProbe.Header(response, "Allow"), StringComparison.Ordinal);
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void Without_an_offer_it_offers_and_without_an_answer_it_hangs_up()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        using SipProbe probe = new(agent.Address);

        probe.Send("INVITE", 1);
        string response = probe.FinalResponse("INVITE");
        Assert.StartsWith("SIP/2.0 200", response, StringComparison.Ordinal);
        Assert.Contains(" UDP/TLS/RTP/SAVP ", response, StringComparison.Ordinal);
        Assert.Contains("a=setup:actpass", response, StringComparison.Ordinal);
        probe.Send("ACK", 1);
        _ = probe.TakeRequest("BYE");

        _ = agent.WaitFor("the answer cannot be used");
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_plain_offer_is_refused()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        using SipProbe probe = new(agent.Address);

        probe.Send("INVITE", 1, PlainOffer);

        Assert.StartsWith("SIP/2.0 488", probe.FinalResponse("INVITE"), StringComparison.Ordinal);
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void Where_plain_calls_are_allowed_both_hear_the_other_but_codes_open_nothing()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Speech = Conversation.AtDoor, AllowPlain = true });
        using BaresipPeer house = BaresipPeer.Start(
            new BaresipOptions { User = "house", Speech = Conversation.Indoors, MediaEncryption = "" });

        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.MediaReceived, Limits.Event);
        System.Threading.Thread.Sleep(Limits.Talk);
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("do not count, as the call is not secured");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Assert.DoesNotContain("strike opens", agent.Log, StringComparison.Ordinal);
        Conversation.BothHeard(agent, house);
    }

    [Fact]
    public void Its_fingerprint_is_that_of_its_file_which_nobody_else_may_read_and_stays_the_same_across_restarts()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(agent.IdentityFile));
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(agent.IdentityFile));
        string expected = Convert.ToHexString(SHA256.HashData(certificate.RawData));

        Assert.Equal(expected, OfferedFingerprint(agent.Address));
        Assert.Equal(0, agent.End());
        using PeerProcess again = agent.StartAgain();
        Assert.Equal(expected, OfferedFingerprint(agent.Address));
    }

    [Fact]
    public void It_registers_and_takes_its_registration_back_at_the_end()
    {
        using SipProbe registrar = new();
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { RegistrarPort = registrar.Port });

        Assert.Equal("600", SipProbe.Header(registrar.TakeRequest("REGISTER"), "Expires"));
        _ = agent.WaitFor("<6>registered");
        agent.Process.Send(ProcessSignal.Terminate);
        Assert.Equal("0", SipProbe.Header(registrar.TakeRequest("REGISTER"), "Expires"));

        Assert.Equal(0, agent.Process.WaitForEnd(Limits.End));
    }

    [Fact]
    public void It_says_why_a_registrar_refuses_it()
    {
        using SipProbe registrar = new();
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { RegistrarPort = registrar.Port });

        _ = registrar.TakeRequest("REGISTER", "403 No such door");
        Assert.Contains("403 No such door", agent.WaitFor("not registered"), StringComparison.Ordinal);

        Assert.Equal(0, agent.End());
    }

    private static string OfferedFingerprint(string address)
    {
        using SipProbe probe = new(address);
        probe.Send("INVITE", 1);
        string offer = probe.FinalResponse("INVITE");
        probe.Send("ACK", 1);
        _ = probe.TakeRequest("BYE");
        return Fingerprint().Match(offer).Groups[1].Value.Replace(":", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("a=fingerprint:sha-256 ([0-9A-F:]+)")]
    private static partial Regex Fingerprint();
}
