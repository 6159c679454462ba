using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>What a REFER asks for (RFC 3515 section 2.1).</summary>
public sealed class ReferralTests
{
    [Theory]
    [InlineData("Refer-To: sip:alice@atlanta.example.com", "sip:alice@atlanta.example.com", "")]
    [InlineData("r: \"Alice\" <sip:alice@atlanta.example.com;transport=tcp>;x=y", "sip:alice@atlanta.example.com;transport=tcp", "")]
    [InlineData("Refer-To: <sip:bob@b.example.net?Accept-Contact=sip:bobsdesk&Call-ID%3D55432%40alicepc>", "sip:bob@b.example.net", "")]
    [InlineData(
        "Refer-To: <sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>",
        "sip:dave@denver.example.org",
        "Replaces: 12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994\r\n")]
    [InlineData(
        "Refer-To: <sip:d@e;method=INVITE?x=y&replaces=a%3bto-tag%3d1%3bfrom-tag%3d2%3bearly-only>",
        "sip:d@e;method=INVITE",
        "Replaces: a;to-tag=1;from-tag=2;early-only\r\n")]
    [InlineData("Refer-To: sip:d@e\r\nReferred-By: \"C\" <sip:c@f>;cid=2@g", "sip:d@e", "Referred-By: <sip:c@f>\r\n")]
    [InlineData("Refer-To: sip:d@e\r\nb: nonsense", "sip:d@e", "")]
    public void The_examples_of_the_RFCs_are_read(string lines, string target, string fields)
    {
        Assert.Equal(0, Read(lines, out Referral? referral));
        Assert.Equal((target, fields, true), (referral!.Target, Encoding.ASCII.GetString(referral.Fields), referral.HasSubscription));
    }

    [Theory]
    [InlineData("Subject: none", 400)]
    [InlineData("Refer-To: <sip:a@b>\r\nr: <sip:c@d>", 400)]
    [InlineData("Refer-To: <sip:a@b>, <sip:c@d>", 400)]
    [InlineData("Refer-To: nobody", 400)]
    [InlineData("Refer-To: http://www.ietf.org", 416)]
    [InlineData("Refer-To: tel:+15551234", 416)]
    [InlineData("Refer-To: <sip:carol@cleveland.example.org;method=SUBSCRIBE>", 403)]
    [InlineData("Refer-To: <sip:carol@cleveland.example.org;method=BYE>", 403)]
    [InlineData("Refer-To: <sip:d@e?Replaces=nonsense>", 400)]
    [InlineData("Refer-To: <sip:d@e?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2&Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2>", 400)]
    [InlineData("Refer-To: <sip:d@e?Replaces=a%0D%0AX%3A%20y%3Bto-tag%3D1%3Bfrom-tag%3D2>", 400)]
    [InlineData("Refer-To: <sip:d@e?Replaces=a%3Bto-tag%3D1%0D%0A%3Bfrom-tag%3D2%0D%0AVia%3A%20x>", 400)]
    [InlineData("Refer-To: <sip:d@e?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2%3>", 400)]
    [InlineData("Refer-To: <sip:d@e?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D%zz>", 400)]
    public void What_we_cannot_do_is_refused(string lines, int status)
    {
        Assert.Equal(status, Read(lines, out Referral? referral));
        Assert.Null(referral);
    }

    [Fact]
    public void A_URI_that_is_too_long_to_be_called_is_refused() =>
        Assert.Equal(403, Read($"Refer-To: <sip:{new string('a', 1100)}@b>", out _));

    [Theory]
    [InlineData("false", false)]
    [InlineData("FALSE", false)]
    [InlineData("true", true)]
    public void Who_wants_to_hear_nothing_of_it_says_so(string value, bool hears)
    {
        Assert.Equal(0, Read($"Refer-To: sip:a@b\r\nRefer-Sub: {value}", out Referral? referral));
        Assert.Equal(hears, referral!.HasSubscription);
    }

    private static int Read(string lines, out Referral? referral)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(SipScript.Request("REFER", "z9hG4bKrefer", 2, "tag", $"{lines}\r\n"));
        Assert.Equal(SipReading.Message, SipMessageReader.Read(bytes, out SipMessage refer, out _));
        return Referral.Read(refer, out referral);
    }
}
