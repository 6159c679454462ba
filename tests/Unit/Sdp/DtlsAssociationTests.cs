using System.Linq;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

public sealed class DtlsAssociationTests
{
    private const string Print = "rtcp-mux|fingerprint:" + SdpDouble.Sha256;
    private const string OtherPrint = "rtcp-mux|fingerprint:" + "sha-256 5" + "A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"
        + ":4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF";
    private const string Id = "|tls-id:abc3de65cddef001be82";
    private const string OtherId = "|tls-id:xyz3de65cddef001be82";

    [Theory]
    [InlineData("|setup:actpass", true, "a=setup:active")]
    [InlineData("|setup:active", false, "a=setup:passive")]
    [InlineData("|setup:passive", true, "a=setup:active")]
    [InlineData("", false, "a=setup:passive")]
    public void The_answer_takes_the_other_role(string setup, bool isClient, string answered)
    {
        SdpDouble session = new();

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Print + setup), out string answer));
        Assert.Equal(isClient, session.Agreed.IsDtlsClient);
        Assert.Contains(answered, answer.Split("\r\n"));
    }

    [Theory]
    [InlineData("203.0.113.1", "10.0.0.9", false)]
    [InlineData("203.0.113.1", "100.64.0.9", false)]
    [InlineData("203.0.113.1", "169.254.0.9", false)]
    [InlineData("203.0.113.1", "172.16.0.9", false)]
    [InlineData("203.0.113.1", "172.31.255.9", false)]
    [InlineData("203.0.113.1", "192.168.1.9", false)]
    [InlineData("203.0.113.1", "172.32.0.9", true)]
    [InlineData("203.0.113.1", "198.51.100.9", true)]
    [InlineData("192.168.2.1", "192.168.1.9", true)]
    [InlineData("192.168.2.1", "198.51.100.9", true)]
    public void Who_cannot_be_reached_from_here_speaks_first(string local, string remote, bool isClient)
    {
        SdpDouble session = new(local: local);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Print + "|setup:actpass", remote), out string answer));
        Assert.Equal(isClient, session.Agreed.IsDtlsClient);
        Assert.Contains(isClient ? "a=setup:active" : "a=setup:passive", answer.Split("\r\n"));
    }

    [Theory]
    [InlineData("fd00::9", true)]
    [InlineData("fe80::9", true)]
    [InlineData("febf::9", true)]
    [InlineData("fec0::9", false)]
    [InlineData("2001:db8::9", false)]
    public void An_address_of_IPv6_is_private_or_not(string address, bool isPrivate)
    {
        Assert.True(NetworkEndpoint.TryParseAddress(address, 1, out NetworkEndpoint endpoint));
        Assert.Equal(isPrivate, endpoint.IsPrivate);
    }

    [Theory]
    [InlineData("|setup:active", false)]
    [InlineData("|setup:passive", true)]
    [InlineData("", true)]
    public void The_offerer_takes_the_role_that_the_answer_leaves(string setup, bool isClient)
    {
        SdpDouble session = new();
        _ = session.Offer();

        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Print + setup)));
        Assert.Equal(isClient, session.Agreed.IsDtlsClient);
    }

    [Theory]
    [InlineData("|setup:actpass")]
    [InlineData("|setup:holdconn")]
    public void An_answer_without_a_role_is_refused(string setup)
    {
        SdpDouble session = new();
        _ = session.Offer();

        Assert.Equal(SdpVerdict.NoRole, session.Take(SdpDouble.Peer(Print + setup)));
    }

    [Theory]
    [InlineData(Print + "|setup:actpass", 7000, false)]
    [InlineData(Print + "|setup:passive", 7000, false)]
    [InlineData(Print + "|setup:active", 7000, true)]
    [InlineData(OtherPrint + "|setup:actpass", 7000, true)]
    [InlineData(Print + "|setup:actpass|fingerprint:" + "sha-256 5" + "A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"
        + ":4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF", 7000, true)]
    [InlineData(Print + "|setup:actpass", 7002, true)]
    public void Without_tls_id_role_fingerprint_and_transport_make_an_association(string attributes, int port, bool isNew)
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Peer(Print + "|setup:actpass"));
        Assert.True(session.Agreed.IsNewAssociation);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(attributes, port: port), out string answer));
        Assert.Equal(isNew, session.Agreed.IsNewAssociation);
        Assert.DoesNotContain("tls-id", answer);
    }

    [Theory]
    [InlineData(Print + "|setup:actpass" + Id, 7000, false)]
    [InlineData(Print + "|setup:actpass" + Id, 7002, false)]
    [InlineData(Print + "|setup:actpass" + OtherId, 7000, true)]
    [InlineData(Print + "|setup:active" + Id, 7000, true)]
    [InlineData(OtherPrint + "|setup:actpass" + Id, 7000, true)]
    public void With_tls_id_the_transport_may_move(string attributes, int port, bool isNew)
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Peer(Print + "|setup:actpass" + Id), out string first);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(attributes, port: port), out string answer));
        Assert.Equal(isNew, session.Agreed.IsNewAssociation);
        Assert.Equal(isNew, OurTlsId(first) != OurTlsId(answer));
    }

    [Fact]
    public void A_kept_association_keeps_the_server_a_server()
    {
        SdpDouble session = new();
        _ = session.Offer();
        _ = session.Take(SdpDouble.Peer(Print + "|setup:active"));

        _ = session.Answer(SdpDouble.Peer(Print + "|setup:actpass"), out string answer);
        Assert.False(session.Agreed.IsNewAssociation);
        Assert.Contains("a=setup:passive\r\n", answer);
        _ = session.Answer(SdpDouble.Peer(OtherPrint + "|setup:actpass"), out answer);
        Assert.True(session.Agreed.IsNewAssociation);
        Assert.Contains("a=setup:active\r\n", answer);
    }

    [Fact]
    public void A_later_offer_keeps_identity_and_names()
    {
        SdpDouble session = new();
        string first = session.Offer();
        _ = session.Take(SdpDouble.Peer(Print + "|setup:active" + Id));
        string[] second = session.Offer(MediaDirection.SendOnly).Split("\r\n");

        Assert.Contains("a=setup:actpass", second);
        Assert.Equal(OurTlsId(first), OurTlsId(string.Join("\r\n", second)));
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Print + "|setup:active|recvonly" + Id)));
        Assert.False(session.Agreed.IsNewAssociation);
        _ = session.Offer();
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Print + "|setup:passive" + Id)));
        Assert.True(session.Agreed.IsNewAssociation);
        Assert.True(session.Agreed.IsDtlsClient);
    }

    private static string OurTlsId(string description) => description.Split("\r\n").Single(line => line.StartsWith("a=tls-id:"));
}
