using System;
using System.Text;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

/// <summary>RFC 3611 section 5: whoever writes <c>a=rtcp-xr</c> asks the other side for reports.</summary>
public sealed class ReportWishesTests
{
    private const string Dtls = "rtcp-mux|setup:actpass|fingerprint:" + SdpDouble.Sha256;
    private const string Active = "rtcp-mux|setup:active|fingerprint:" + SdpDouble.Sha256;
    private const string OurLine = "a=rtcp-xr:voip-metrics stat-summary=loss,dup,jitt\r\n";

    [Theory]
    [InlineData("voip-metrics", true, "None")]
    [InlineData("stat-summary=loss,dup,jitt", false, "All")]
    [InlineData("stat-summary=jitt,HL", false, "Jitter")]
    [InlineData("stat-summary", false, "All")]
    [InlineData("rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics", true, "All")]
    [InlineData("", false, "None")]
    [InlineData("  ", false, "None")]
    [InlineData("pkt-loss-rle=100 VOIP-METRICS voip-metricss stat-summary= stat-summary=,,lost", false, "None")]
    public void Known_parameters_are_read_and_others_passed_over(string value, bool voice, string summary) =>
        Assert.Equal(new XrWishes(voice, Enum.Parse<XrStatistics>(summary)), ReportWishes.Read(Encoding.Latin1.GetBytes(value)));

    [Fact]
    public void We_ask_in_every_offer_and_send_what_the_answer_asks_for()
    {
        SdpDouble session = new();

        Assert.Contains(OurLine, session.Offer(), StringComparison.Ordinal);
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Active + "|rtcp-xr:voip-metrics")));
        Assert.Equal(new XrWishes(true, XrStatistics.None), session.Agreed.ReportWishes);

        // Whoever wants them no longer leaves them out of the next description.
        Assert.Contains(OurLine, session.Offer(), StringComparison.Ordinal);
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Active + "|rtcp-xr:")));
        Assert.True(session.Agreed.ReportWishes.IsEmpty);
    }

    [Fact]
    public void We_answer_who_asks_and_ask_the_same()
    {
        SdpDouble session = new();

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Dtls + "|rtcp-xr:stat-summary=loss"), out string answer));
        Assert.Contains(OurLine, answer, StringComparison.Ordinal);
        Assert.Equal(new XrWishes(false, XrStatistics.Loss), session.Agreed.ReportWishes);
    }

    [Fact]
    public void Who_does_not_know_the_attribute_sees_none_in_the_answer_and_is_sent_nothing()
    {
        SdpDouble session = new();

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Dtls), out string answer));
        Assert.DoesNotContain("rtcp-xr", answer, StringComparison.Ordinal);
        Assert.True(session.Agreed.ReportWishes.IsEmpty);
    }

    [Theory]
    [InlineData("rtcp-xr:")]
    [InlineData("rtcp-xr")]
    [InlineData("rtcp-xr:rcvr-rtt=all")]
    public void Who_asks_for_nothing_that_we_have_is_told_that_we_understood(string attribute)
    {
        SdpDouble session = new();

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer($"{Dtls}|{attribute}"), out string answer));
        Assert.Contains("a=rtcp-xr:\r\n", answer, StringComparison.Ordinal);
        Assert.True(session.Agreed.ReportWishes.IsEmpty);
    }

    [Fact]
    public void What_the_session_says_holds_unless_the_media_say_otherwise()
    {
        SdpDouble session = new();
        string offer = SdpDouble.Peer(Dtls).Replace("t=0 0\r\n", "t=0 0\r\na=rtcp-xr:voip-metrics\r\n", StringComparison.Ordinal);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(offer));
        Assert.True(session.Agreed.ReportWishes.Voice);
        Assert.Equal(SdpVerdict.Accepted, session.Answer(offer + "a=rtcp-xr:\r\n"));
        Assert.True(session.Agreed.ReportWishes.IsEmpty);
    }
}
