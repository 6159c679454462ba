using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

public sealed class OfferAnswerTests
{
    private const string Dtls = "rtcp-mux|setup:actpass|fingerprint:" + SdpDouble.Sha256;
    private const string Active = "rtcp-mux|setup:active|fingerprint:" + SdpDouble.Sha256;

    public static TheoryData<string> Offers() => [.. SdpDouble.Offers()];

    [Theory]
    [MemberData(nameof(Offers))]
    public void Answers_the_offers_of_real_peers_as_written(string name)
    {
        SdpDouble session = new(allowPlain: true, name == "session-level" ? "2001:db8::1" : "192.0.2.1");

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Text(name + ".offer"), out string answer));
        Assert.Equal(SdpDouble.Text(name + ".answer").Split("\r\n"), answer.Split("\r\n"));
    }

    [Fact]
    public void Offers_as_written()
    {
        SdpDouble session = new();

        Assert.Equal(SdpDouble.Text("first-offer").Split("\r\n"), session.Offer().Split("\r\n"));
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Active)));
        Assert.Equal(SdpDouble.Text("hold").Split("\r\n"), session.Offer(MediaDirection.SendOnly).Split("\r\n"));
    }

    [Fact]
    public void An_answer_gives_all_that_the_media_need()
    {
        SdpDouble session = new();
        _ = session.Offer();

        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Active + "|tls-id:abc3de65cddef001be82|ptime:40")));
        AudioAgreement agreement = session.Agreed;
        Assert.Equal("192.0.2.20:7000", agreement.Remote.ToString());
        Assert.Null(agreement.RemoteControl);
        Assert.Equal(AudioCodec.Pcmu, agreement.Codec);
        Assert.Equal([new PayloadFormat(0, AudioCodec.Pcmu), new PayloadFormat(8, AudioCodec.Pcma)], agreement.ReceiveFormats);
        Assert.Equal(new EventFormat(101, 8000), agreement.SendEvents);
        Assert.Equal(MediaDirection.SendReceive, agreement.Direction);
        Assert.True(agreement.IsEncrypted && agreement.RtcpMux && agreement.IsNewAssociation);
        Assert.False(agreement.IsDtlsClient);
        Assert.Equal(SdpDouble.Sha256, Assert.Single(agreement.RemoteFingerprints).ToString());
        Assert.Equal("abc3de65cddef001be82", agreement.RemoteTlsId);
        Assert.Same(agreement, session.Lasting);
    }

    [Fact]
    public void Takes_the_answer_of_a_real_peer()
    {
        SdpDouble session = new();
        _ = session.Offer();

        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Text("baresip-answers")));
        Assert.True(session.Agreed is { IsEncrypted: true, RtcpMux: true, IsDtlsClient: false, Remote.Port: 36274 });
        _ = session.Answer(SdpDouble.Peer(Dtls, port: 36274), out string answer);
        Assert.False(session.Agreed.IsNewAssociation);
        Assert.Contains("a=setup:passive\r\n", answer);
    }

    [Fact]
    public void Payload_types_of_an_answer_are_those_that_each_side_wants_to_receive()
    {
        SdpDouble session = new();
        _ = session.Offer();
        string answer = SdpDouble.Peer(Active + "|rtpmap:96 telephone-event/8000|rtpmap:118 PCMA/8000").Replace("0 8 101", "118 96");

        Assert.Equal(SdpVerdict.Accepted, session.Take(answer));
        Assert.Equal((AudioCodec.Pcma, 118, 8), (session.Agreed.Codec, session.Agreed.SendPayloadType, session.Agreed.ReceivePayloadType));
        Assert.Equal(new EventFormat(96, 8000), session.Agreed.SendEvents);
        Assert.Equal([new EventFormat(101, 8000)], session.Agreed.ReceiveEvents);
    }

    [Fact]
    public void The_offer_of_several_fingerprints_keeps_the_strong_ones()
    {
        SdpDouble session = new();

        _ = session.Answer(SdpDouble.Text("video-first.offer"));
        Assert.Equal(["sha-256", "sha-512"], session.Agreed.RemoteFingerprints.Select(print => print.ToString().Split(' ')[0]));
        Assert.True(session.Agreed.IsDtlsClient);
        Assert.Equal("192.0.2.41:49172", session.Agreed.Remote.ToString());
        Assert.Equal("192.0.2.41:49173", session.Agreed.RemoteControl?.ToString());
    }

    [Fact]
    public void Plain_rtp_is_agreed_only_where_it_is_allowed()
    {
        SdpDouble session = new(allowPlain: true);

        Assert.Equal(SdpVerdict.NotEncrypted, new SdpDouble().Answer(SdpDouble.Text("plain.offer")));
        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Text("plain.offer")));
        Assert.False(session.Agreed.IsEncrypted || session.Agreed.IsNewAssociation);
        Assert.Null(session.Agreed.IsDtlsClient);
        Assert.Equal("192.0.2.21:4010", session.Agreed.RemoteControl?.ToString());
        Assert.DoesNotContain("fingerprint", session.Offer());
    }

    [Fact]
    public void An_encrypted_call_never_becomes_plain()
    {
        SdpDouble session = new(allowPlain: true);
        _ = session.Answer(SdpDouble.Peer(Dtls));

        Assert.Equal(SdpVerdict.NotEncrypted, session.Answer(SdpDouble.Text("plain.offer")));
        _ = session.Offer();
        Assert.Equal(SdpVerdict.NotEncrypted, session.Take(SdpDouble.Peer("rtcp-mux", protocol: "RTP/AVP")));
        Assert.True(session.Lasting?.IsEncrypted);
    }

    [Theory]
    [InlineData("RTP/SAVP")]
    [InlineData("RTP/SAVPF")]
    [InlineData("RTP/AVP")]
    [InlineData("RTP/AVPF")]
    [InlineData("UDP/TLS/RTP/SAVPF")]
    public void A_fingerprint_under_any_name_of_RTP_means_DTLS(string protocol)
    {
        SdpDouble called = new();
        SdpDouble caller = new();
        _ = caller.Offer();

        Assert.Equal(SdpVerdict.Accepted, called.Answer(SdpDouble.Peer(Dtls, protocol: protocol), out string answer));
        Assert.True(called.Agreed is { IsEncrypted: true, IsDtlsClient: true });
        Assert.Contains($"m=audio 16384 {protocol} 0 101\r\n", answer);
        Assert.Contains("a=fingerprint:sha-256 ", answer);
        Assert.Equal(SdpVerdict.Accepted, caller.Take(SdpDouble.Peer(Active, protocol: protocol)));
        Assert.True(caller.Agreed is { IsEncrypted: true, IsDtlsClient: false });
    }

    [Fact]
    public void An_offer_that_leaves_encryption_to_the_peer_takes_either()
    {
        SdpDouble plain = new(allowPlain: true, offersPlain: true);
        SdpDouble secured = new(allowPlain: true, offersPlain: true);
        string[] offer = plain.Offer().Split("\r\n");
        _ = secured.Offer();

        Assert.Contains("m=audio 16384 RTP/AVP 0 8 101", offer);
        Assert.Contains("a=setup:actpass", offer);
        Assert.Single(offer, line => line.StartsWith("a=fingerprint:"));
        Assert.Equal(SdpVerdict.Accepted, plain.Take(SdpDouble.Peer("", protocol: "RTP/AVP")));
        Assert.True(plain.Agreed is { IsEncrypted: false, IsDtlsClient: null });
        Assert.DoesNotContain("fingerprint", plain.Offer());
        Assert.Equal(SdpVerdict.Accepted, secured.Take(SdpDouble.Peer(Active, protocol: "RTP/AVP")));
        Assert.True(secured.Agreed is { IsEncrypted: true, IsDtlsClient: false });
        Assert.Contains("fingerprint", secured.Offer());
        Assert.Equal(SdpVerdict.NotEncrypted, secured.Take(SdpDouble.Peer("", protocol: "RTP/AVP")));
    }

    [Fact]
    public void An_offer_of_encryption_takes_nothing_less_from_a_peer_whose_plain_offers_are_accepted()
    {
        SdpDouble session = new(allowPlain: true);
        _ = session.Offer();

        Assert.Equal(SdpVerdict.NotEncrypted, session.Take(SdpDouble.Peer("", protocol: "RTP/AVP")));
    }

    [Fact]
    public void Of_several_lines_the_encrypted_one_is_taken_wherever_it_stands()
    {
        SdpDouble session = new(allowPlain: true);
        _ = session.Answer(SdpDouble.Text("plain-first.offer"));
        Assert.True(session.Agreed is { IsEncrypted: true, Remote.Port: 11782 });

        string[] offer = session.Offer().Split("\r\n");
        Assert.Equal(["m=audio 0 RTP/AVP 0 8 101", "m=audio 16384 UDP/TLS/RTP/SAVP 0 8 101", "m=video 0 UDP/TLS/RTP/SAVPF 97"],
            offer.Where(line => line.StartsWith("m=")));
    }

    [Theory]
    [InlineData("sendrecv", "192.0.2.20", MediaDirection.SendReceive, "sendrecv")]
    [InlineData("sendonly", "192.0.2.20", MediaDirection.ReceiveOnly, "recvonly")]
    [InlineData("recvonly", "192.0.2.20", MediaDirection.SendOnly, "sendonly")]
    [InlineData("inactive", "192.0.2.20", MediaDirection.Inactive, "inactive")]
    [InlineData("sendrecv", "0.0.0.0", MediaDirection.ReceiveOnly, "recvonly")]
    [InlineData("inactive", "0.0.0.0", MediaDirection.Inactive, "inactive")]
    public void Hold_is_followed_and_ended_on_the_same_association(string hold, string address, object direction, string answered)
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Peer(Dtls), out string first);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Dtls + "|" + hold, address), out string answer));
        Assert.Equal(direction, session.Agreed.Direction);
        Assert.Contains($"a={answered}\r\n", answer);
        Assert.False(session.Agreed.IsNewAssociation);
        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Peer(Dtls), out answer));
        Assert.Equal(MediaDirection.SendReceive, session.Agreed.Direction);
        Assert.False(session.Agreed.IsNewAssociation);
        Assert.Equal(first.Split("\r\n")[1].Split(' ')[1], answer.Split("\r\n")[1].Split(' ')[1]);
        Assert.Equal("3", answer.Split("\r\n")[1].Split(' ')[2]);
    }

    [Fact]
    public void Our_own_hold_lasts_until_we_end_it()
    {
        SdpDouble session = new();
        _ = session.Offer();
        _ = session.Take(SdpDouble.Peer(Active));
        _ = session.Offer(MediaDirection.SendOnly);
        _ = session.Take(SdpDouble.Peer(Active + "|recvonly"));

        Assert.Equal(MediaDirection.SendOnly, session.Agreed.Direction);
        _ = session.Answer(SdpDouble.Peer(Dtls));
        Assert.Equal(MediaDirection.SendOnly, session.Agreed.Direction);
        _ = session.Offer();
        session.Withdraw();
        _ = session.Answer(SdpDouble.Peer(Dtls));
        Assert.Equal(MediaDirection.SendOnly, session.Agreed.Direction);
        _ = session.Offer();
        _ = session.Take(SdpDouble.Peer(Active));
        Assert.Equal(MediaDirection.SendReceive, session.Agreed.Direction);
    }

    [Fact]
    public void An_offer_out_of_turn_is_refused_and_ours_stays_open()
    {
        SdpDouble session = new();
        Assert.Equal(SdpVerdict.NotExpected, session.Take(SdpDouble.Peer(Active)));
        _ = session.Offer();

        Assert.Equal(SdpVerdict.NotExpected, session.Answer(SdpDouble.Peer(Dtls)));
        Assert.Equal(491, SdpVerdict.NotExpected.StatusCode());
        Assert.Equal(SdpVerdict.Accepted, session.Take(SdpDouble.Peer(Active)));
    }

    [Fact]
    public void A_later_offer_repeats_the_media_lines_that_were_refused()
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Text("chromium.offer"));

        string[] offer = session.Offer().Split("\r\n");
        Assert.Contains("a=group:BUNDLE 0", offer);
        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVPF 0 8 126", offer);
        Assert.Contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel", offer);
        Assert.Equal(SdpVerdict.Malformed, session.Take(SdpDouble.Peer(Active)));
    }

    [Fact]
    public void A_peer_without_telephone_events_gets_none()
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Peer(Dtls).Replace("telephone-event/8000", "telephone-event/16000"), out string answer);

        Assert.Null(session.Agreed.SendEvents);
        Assert.Empty(session.Agreed.ReceiveEvents);
        Assert.DoesNotContain("telephone-event", answer);
    }

    [Fact]
    public void The_order_of_the_offer_chooses_the_codec()
    {
        SdpDouble both = new();
        SdpDouble one = new(codecs: AudioCodec.Pcma);
        _ = both.Answer(SdpDouble.Peer(Dtls).Replace("0 8 101", "8 0 101"));
        _ = one.Answer(SdpDouble.Peer(Dtls));

        Assert.Equal(AudioCodec.Pcma, both.Agreed.Codec);
        Assert.Equal(AudioCodec.Pcma, one.Agreed.Codec);
    }
}
