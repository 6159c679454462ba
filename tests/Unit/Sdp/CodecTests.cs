using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

/// <summary>Offer and answer with codecs that have clocks, channels and parameters of their own.</summary>
public sealed class CodecTests
{
    private const string Dtls = "setup:actpass|rtcp-mux|fingerprint:" + SdpDouble.Sha256;
    private const string Active = "setup:active|rtcp-mux|fingerprint:" + SdpDouble.Sha256;

    private static readonly AudioCodec[] All = [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma, AudioCodec.Pcmu];

    [Fact]
    public void Codecs_are_offered_in_the_order_of_preference_each_with_its_clock_and_events_for_each_clock()
    {
        string[] offer = new SdpDouble(codecs: All).Offer().Split("\r\n");

        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVP 96 9 8 0 101 100", offer);
        Assert.Equal(
            [
                "a=rtpmap:96 opus/48000/2", "a=fmtp:96 maxplaybackrate=48000;stereo=0;useinbandfec=1;usedtx=0", "a=rtpmap:9 G722/8000",
                "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15",
                "a=rtpmap:100 telephone-event/48000", "a=fmtp:100 0-15",
            ],
            offer.Where(line => line.StartsWith("a=rtpmap", StringComparison.Ordinal) || line.StartsWith("a=fmtp", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_offer_of_a_browser_is_answered_with_opus_and_events_on_its_clock()
    {
        SdpDouble session = new(codecs: All);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(SdpDouble.Text("chromium.offer"), out string answer));
        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVPF 111 110\r\n", answer);
        Assert.Contains("a=rtpmap:111 opus/48000/2\r\n", answer);
        Assert.Contains("a=rtpmap:110 telephone-event/48000\r\n", answer);
        Assert.Equal(AudioCodec.Opus, session.Agreed.Codec);
        Assert.Equal(new EventFormat(110, 48_000), session.Agreed.SendEvents);
        Assert.True(session.Agreed.OpusWishes.UseInbandFec);
    }

    [Fact]
    public void A_telephone_whose_events_have_but_the_oldest_clock_is_understood_beside_opus()
    {
        SdpDouble session = new(codecs: All);

        _ = session.Answer(Peer("96 101", "rtpmap:96 OPUS/48000/2|rtpmap:101 telephone-event/8000"), out string answer);
        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVP 96 101\r\n", answer);
        Assert.Equal((AudioCodec.Opus, new EventFormat(101, 8000)), (session.Agreed.Codec, session.Agreed.SendEvents!.Value));
        Assert.Equal([new EventFormat(101, 8000)], session.Agreed.ReceiveEvents);
    }

    [Theory]
    [InlineData("opus/48000")]
    [InlineData("opus/16000/2")]
    [InlineData("opus/48000/2/2")]
    [InlineData("opus")]
    [InlineData("G722/16000")]
    [InlineData("G722/8000/2")]
    [InlineData("L16/44100/2")]
    public void What_only_sounds_like_a_codec_of_ours_is_refused(string encoding) =>
        Assert.Equal(SdpVerdict.NoCommonCodec, new SdpDouble(codecs: All).Answer(Peer("96", $"rtpmap:96 {encoding}")));

    [Fact]
    public void A_static_payload_type_needs_no_map()
    {
        SdpDouble session = new(codecs: All);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(Peer("18 9 0", "ptime:20")));
        Assert.Equal((AudioCodec.G722, (byte)9), (session.Agreed.Codec, session.Agreed.SendPayloadType));
    }

    [Fact]
    public void A_codec_that_is_not_ours_here_is_neither_offered_nor_accepted()
    {
        AudioCodec[] without = [AudioCodec.G722, AudioCodec.Pcma];
        SdpDouble session = new(codecs: without);

        Assert.Equal(SdpVerdict.NoCommonCodec, session.Answer(Peer("96 0", "rtpmap:96 opus/48000/2")));
        Assert.DoesNotContain("opus", session.Offer());
    }

    [Fact]
    public void An_answer_with_several_codecs_lets_the_peer_send_any_of_them()
    {
        SdpDouble session = new(codecs: All);
        _ = session.Offer();

        Assert.Equal(SdpVerdict.Accepted, session.Take(
            Peer("107 0 110 101", "rtpmap:107 opus/48000/2|fmtp:107 usedtx=1;maxplaybackrate=16000|rtpmap:110 telephone-event/48000|rtpmap:101 telephone-event/8000", Active)));
        Assert.Equal((AudioCodec.Opus, 107, 96), (session.Agreed.Codec, session.Agreed.SendPayloadType, session.Agreed.ReceivePayloadType));
        Assert.Equal([new PayloadFormat(96, AudioCodec.Opus), new PayloadFormat(0, AudioCodec.Pcmu)], session.Agreed.ReceiveFormats);
        Assert.Equal(new EventFormat(110, 48_000), session.Agreed.SendEvents);
        Assert.Equal([new EventFormat(101, 8000), new EventFormat(100, 48_000)], session.Agreed.ReceiveEvents);
        Assert.Equal(OpusParameters.Default with { UseDtx = true, MaxPlaybackRate = 16_000 }, session.Agreed.OpusWishes);
    }

    [Fact]
    public void A_payload_type_never_comes_to_stand_for_something_else()
    {
        SdpDouble session = new(codecs: All);
        _ = session.Answer(Peer("0 96 100", "rtpmap:96 telephone-event/8000|rtpmap:100 iLBC/8000"));

        string[] offer = session.Offer().Split("\r\n");
        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVP 0 97 9 8 96 98", offer);
        Assert.Contains("a=rtpmap:97 opus/48000/2", offer);
        Assert.Contains("a=rtpmap:98 telephone-event/48000", offer);
    }

    [Fact]
    public void A_codec_keeps_the_payload_type_of_the_peers_offer_in_ours()
    {
        SdpDouble session = new(codecs: All);
        _ = session.Answer(Peer("111 110 101", "rtpmap:111 opus/48000/2|rtpmap:110 telephone-event/48000|rtpmap:101 telephone-event/8000"));

        Assert.Contains("m=audio 16384 UDP/TLS/RTP/SAVP 111 9 8 0 101 110\r\n", session.Offer());
    }

    [Fact]
    public void A_later_offer_may_change_the_codec()
    {
        SdpDouble session = new(codecs: All);
        _ = session.Answer(Peer("9 101", "rtpmap:101 telephone-event/8000"));
        Assert.Equal(AudioCodec.G722, session.Agreed.Codec);

        _ = session.Answer(Peer("96 100", "rtpmap:96 opus/48000/2|rtpmap:100 telephone-event/48000"));
        Assert.Equal((AudioCodec.Opus, (byte)96), (session.Agreed.Codec, session.Agreed.SendPayloadType));
        Assert.False(session.Agreed.IsNewAssociation);
    }

    private static string Peer(string formats, string attributes, string transport = Dtls) =>
        SdpDouble.Peer($"{transport}|{attributes}").Replace("0 8 101\r\na=rtpmap:101 telephone-event/8000", formats, StringComparison.Ordinal);
}
