using System;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What an INVITE says of its caller, and what of it is believed.</summary>
public sealed class CallerTests
{
    private const string Asserted = "P-Asserted-Identity: <tel:+4930123>, \"Front desk\" <sip:desk@example.org>\r\n";

    [Theory]
    [InlineData(true, "sip:desk@example.org", "Front desk")]
    [InlineData(false, "sip:carol@192.0.2.9", "Carol")]
    public void An_asserted_identity_counts_from_our_proxy_alone(bool isFromProxy, string uri, string name)
    {
        SipCaller caller = Read(Asserted, isFromProxy);

        Assert.Equal((uri, name, isFromProxy), (caller.Uri, caller.Name, caller.IsFromProxy));
    }

    [Theory]
    [InlineData("P-Asserted-Identity: <tel:+4930123>\r\n")]
    [InlineData("P-Asserted-Identity: nonsense\r\n")]
    [InlineData("P-Asserted-Identity: \r\n")]
    public void Without_a_usable_assertion_the_From_is_shown(string more) => Assert.Equal("sip:carol@192.0.2.9", Read(more, true).Uri);

    [Fact]
    public void An_endpoint_knows_its_proxy_by_its_address()
    {
        SipAccount account = new(SipScript.Local.WithPort(5070), "bob", new Secret("p"), TimeSpan.FromMinutes(10));
        SipSettings settings = new() { DisplayName = "bob", User = "bob", Accounts = [account] };
        SipPair proxied = new(bob: settings);
        SipPair direct = new();

        new SipScript(proxied).Send(SipScript.Invite(more: Asserted));
        new SipScript(direct).Send(SipScript.Invite(more: Asserted));
        Assert.Equal(["Incoming 1 sip:desk@example.org (Front desk) [offer]"], proxied.Bob.Told);
        Assert.Equal(["Incoming 1 sip:carol@192.0.2.9 (Carol) [offer]"], direct.Bob.Told);
    }

    [Theory]
    [InlineData("Answer-Mode: Auto", 0)]
    [InlineData("Answer-Mode: auto;require", 0)]
    [InlineData("Priv-Answer-Mode: Auto", 0)]
    [InlineData("Answer-Mode: Manual\r\nCall-Info: <sip:x>;answer-after=0", null)]
    [InlineData("Answer-Mode: Later", null)]
    [InlineData("Call-Info: <sip:192.0.2.1>;answer-after=0", 0)]
    [InlineData("Call-Info: <http://192.0.2.1/p.png>;purpose=icon, <sip:x>; Answer-After=5", 5)]
    [InlineData("Call-Info: ;answer-after=2", 2)]
    [InlineData("Call-Info: answer-after=1", 1)]
    [InlineData("Call-Info: <sip:x;answer-after=0>", null)]
    [InlineData("Call-Info: <sip:x>;answer-after=-1", null)]
    [InlineData("Call-Info: <sip:x>;answer-after=9999999999", null)]
    [InlineData("Call-Info: <sip:x>", null)]
    [InlineData("Alert-Info: <http://www.example.org>;info=alert-autoanswer;delay=3", 3)]
    [InlineData("Alert-Info: info=alert-autoanswer", 0)]
    [InlineData("Alert-Info: Auto Answer", 0)]
    [InlineData("Alert-Info: \"Ring Answer\"", 0)]
    [InlineData("Alert-Info: <Bellcore-dr2>", null)]
    [InlineData("Alert-Info: ", null)]
    [InlineData("Subject: Answer-Mode: Auto", null)]
    public void Wishes_to_be_answered_are_understood(string lines, int? seconds) =>
        Assert.Equal(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value), Read(lines + "\r\n", false).AnswerAfter);

    private static SipCaller Read(string more, bool isFromProxy)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(SipScript.Invite(more: more));
        Assert.Equal(SipReading.Message, SipMessageReader.Read(bytes, out SipMessage invite, out _));
        return SipCaller.Read(invite, SipScript.Local, isFromProxy, account: null);
    }
}
