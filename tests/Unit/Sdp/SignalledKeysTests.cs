using System;
using System.Linq;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

/// <summary>Offer and answer with keys in the descriptions (RFC 4568).</summary>
public sealed class SignalledKeysTests
{
    private const string One = "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    private const string Other = "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Short = "crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";
    private const string Dtls = "rtcp-mux|setup:actpass|fingerprint:" + SdpDouble.Sha256;

    [Fact]
    public void An_offer_has_a_key_of_its_own_for_each_suite_and_nothing_of_DTLS()
    {
        string[] offer = SdpDouble.WithKeys().Offer().Split("\r\n");
        string[][] lines = [.. offer.Where(line => line.StartsWith("a=crypto:")).Select(line => line.Split(' '))];

        Assert.Contains("m=audio 16384 RTP/SAVP 0 101", offer);
        Assert.Equal(["a=crypto:1 AEAD_AES_128_GCM", "a=crypto:2 AES_CM_128_HMAC_SHA1_80"], lines.Select(line => $"{line[0]} {line[1]}"));
        Assert.Equal([28, 30], lines.Select(line => Convert.FromBase64String(line[2]["inline:".Length..]).Length));
        Assert.NotEqual(lines[0][2][..30], lines[1][2][..30]);
        Assert.DoesNotContain(offer, line => line.Contains("fingerprint") || line.Contains("setup"));
    }

    [Fact]
    public void The_two_agree_on_a_suite_and_on_one_key_for_each_direction()
    {
        SdpDouble caller = SdpDouble.WithKeys(seed: 1);
        SdpDouble called = SdpDouble.WithKeys(MediaKeying.Dtls, seed: 2, suites: SrtpProfile.AesCm128HmacSha1Tag80);

        Assert.Equal(SdpVerdict.Accepted, called.Answer(caller.Offer(), out string answer));
        Assert.Equal(SdpVerdict.Accepted, caller.Take(answer));
        Assert.Contains("m=audio 16384 RTP/SAVP 0 101\r\n", answer);
        Assert.Equal("a=crypto:2 AES_CM_128_HMAC_SHA1_80", string.Join(' ', Line(answer).Split(' ')[..2]));
        SignalledKeys ours = caller.Agreed.Keys!;
        SignalledKeys theirs = called.Agreed.Keys!;
        Assert.True(ours.Local.IsSame(theirs.Remote) && ours.Remote.IsSame(theirs.Local));
        Assert.False(ours.Local.IsSame(ours.Remote));
        Assert.True(caller.Agreed is { IsEncrypted: true, Keying: MediaKeying.Signalling, IsDtlsClient: null, IsNewAssociation: true });
    }

    [Fact]
    public void The_offer_of_RFC_4568_section_7_1_5_is_answered_by_its_tag_and_suite()
    {
        const string offer = "v=0\r\no=sam 2890844526 2890842807 IN IP4 10.47.16.5\r\ns=SRTP Discussion\r\n"
            + "i=A discussion of Secure RTP\r\nu=http://www.example.com/seminars/srtp.pdf\r\ne=marge@example.com (Marge Simpson)\r\n"
            + "c=IN IP4 168.2.17.12\r\nt=2873397496 2873404696\r\nm=audio 49170 RTP/SAVP 0\r\n"
            + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP\r\n"
            + "a=crypto:2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;"
            + "inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2^20|2:4 FEC_ORDER=FEC_SRTP\r\n";
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls);

        Assert.Equal(SdpVerdict.Accepted, session.Answer(offer, out string answer));
        Assert.StartsWith("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", Line(answer));
        Assert.DoesNotContain("|", answer);
    }

    [Theory]
    [InlineData(KeyTravel.NotAllowed, SdpVerdict.SignalledKeys)]
    [InlineData(KeyTravel.Exposed, SdpVerdict.ExposedKeys)]
    [InlineData(KeyTravel.Allowed, SdpVerdict.Accepted)]
    public void Keys_are_taken_only_where_they_may_travel(object travel, object verdict)
    {
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls, (KeyTravel)travel);

        Assert.Equal(verdict, session.Answer(Peer(One), out string answer));
        Assert.Equal((SdpVerdict)verdict == SdpVerdict.Accepted ? 200 : 488, ((SdpVerdict)verdict).StatusCode());
        Assert.Equal((SdpVerdict)verdict == SdpVerdict.Accepted, answer.Contains("a=crypto:"));
    }

    [Fact]
    public void Our_own_never_go_where_they_may_not_travel()
    {
        _ = Assert.Throws<InvalidOperationException>(() => SdpDouble.WithKeys(travel: KeyTravel.Exposed).Offer());
        SdpDouble session = Established(out _);
        session.KeyTravel = KeyTravel.Exposed;
        _ = Assert.Throws<InvalidOperationException>(() => session.Offer());
        Assert.Equal(SdpVerdict.ExposedKeys, session.Answer(Peer(One)));
    }

    [Theory]
    [InlineData(Other, false)]
    [InlineData("crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", true)]
    [InlineData("crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|" + Other, false)]
    [InlineData("crypto:3 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", false)]
    [InlineData(Short, false)]
    [InlineData("crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz UNENCRYPTED_SRTP", false)]
    [InlineData("rtcp-mux", false)]
    public void An_answer_takes_one_line_of_the_offer_as_it_stands(string crypto, bool isTaken)
    {
        SdpDouble session = SdpDouble.WithKeys();
        _ = session.Offer();

        Assert.Equal(isTaken ? SdpVerdict.Accepted : SdpVerdict.NoCommonCrypto, session.Take(Peer(crypto)));
        Assert.Equal(isTaken, session.Lasting is not null);
    }

    [Fact]
    public void A_peer_that_sends_under_our_own_key_is_refused()
    {
        SdpDouble session = SdpDouble.WithKeys(suites: SrtpProfile.AesCm128HmacSha1Tag80);
        string ours = Line(session.Offer())["a=".Length..];

        Assert.Equal(SdpVerdict.NoCommonCrypto, session.Take(Peer(ours)));
    }

    [Fact]
    public void Without_a_line_that_we_can_use_there_is_no_call()
    {
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls);

        Assert.Equal(SdpVerdict.NoCommonCrypto, session.Answer(Peer(Short)));
        Assert.Equal(SdpVerdict.NoCommonCrypto, session.Answer(Peer("")));
        Assert.Equal(SdpVerdict.NoCommonCrypto, session.Answer(Peer(One + "|" + Other)));
        Assert.Equal(SdpVerdict.NoCommonCrypto, session.Answer(Peer("").Replace("m=audio", "a=" + One + "\r\nm=audio")));
        Assert.Equal(SdpVerdict.TooLarge, session.Answer(Peer(string.Join('|', Enumerable.Repeat("crypto:", SdpLimits.Cryptos + 1)))));
    }

    [Fact]
    public void The_first_line_that_we_can_use_is_taken()
    {
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls, suites: [SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AesCm128HmacSha1Tag32]);

        _ = session.Answer(Peer("crypto:9 AES_256_CM_HMAC_SHA1_80 inline:AA|" + Short + "|" + One), out string answer);
        Assert.StartsWith("a=crypto:2 AES_CM_128_HMAC_SHA1_32 ", Line(answer));
    }

    [Fact]
    public void DTLS_is_taken_where_both_are_offered()
    {
        const string keys = "m=audio 7000 RTP/SAVP 0\r\na=" + One + "\r\n";
        const string dtls = "m=audio 7002 UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\na=fingerprint:" + SdpDouble.Sha256 + "\r\n";
        const string session = "v=0\r\no=- 5 5 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n";

        foreach (string offer in new[] { session + keys + dtls, session + dtls + keys, Peer(One + "|" + Dtls) })
        {
            SdpDouble called = SdpDouble.WithKeys(MediaKeying.Dtls);
            Assert.Equal(SdpVerdict.Accepted, called.Answer(offer, out string answer));
            Assert.True(called.Agreed is { Keying: MediaKeying.Dtls, Keys: null, IsDtlsClient: true });
            Assert.DoesNotContain("crypto", answer);
        }
    }

    [Fact]
    public void What_was_offered_by_DTLS_is_not_answered_by_keys()
    {
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls);
        _ = session.Offer();

        Assert.Equal(SdpVerdict.UnsupportedProtocol, session.Take(Peer(One)));
    }

    [Fact]
    public void A_call_keeps_the_way_that_its_keys_come()
    {
        SdpDouble byDtls = SdpDouble.WithKeys(MediaKeying.Dtls);
        _ = byDtls.Answer(SdpDouble.Peer(Dtls));
        SdpDouble byKeys = Established(out _);

        Assert.Equal(SdpVerdict.UnsupportedProtocol, byDtls.Answer(Peer(One)));
        Assert.Equal(SdpVerdict.UnsupportedProtocol, byKeys.Answer(SdpDouble.Peer(Dtls)));
        Assert.Equal(SdpVerdict.NotEncrypted, byKeys.Answer(SdpDouble.Peer("", protocol: "RTP/AVP")));
        _ = byKeys.Offer();
        Assert.Equal(SdpVerdict.NotEncrypted, byKeys.Take(SdpDouble.Peer("", protocol: "RTP/AVP")));
    }

    [Fact]
    public void Keys_that_hold_are_repeated_in_both_directions()
    {
        SdpDouble session = Established(out string answer);
        SignalledKeys keys = session.Agreed.Keys!;

        Assert.Equal(SdpVerdict.Accepted, session.Answer(Peer(One), out string again));
        Assert.Equal(Line(answer), Line(again));
        Assert.False(session.Agreed.IsNewAssociation);
        Assert.Equal(Line(answer), Line(session.Offer(MediaDirection.SendOnly)));
        Assert.Equal(SdpVerdict.Accepted, session.Take(Peer(One)));
        Assert.Equal(keys, session.Agreed.Keys);
        Assert.False(session.Agreed.IsNewAssociation);
    }

    [Fact]
    public void A_new_key_of_the_peers_is_answered_with_a_new_one_of_ours_and_the_old_ones_are_wiped()
    {
        SdpDouble session = Established(out string answer);
        SignalledKeys former = session.Agreed.Keys!;

        Assert.Equal(SdpVerdict.Accepted, session.Answer(Peer(Other), out string again));
        Assert.NotEqual(Line(answer), Line(again));
        Assert.True(session.Agreed.IsNewAssociation);
        _ = Assert.Throws<ObjectDisposedException>(() => former.Local.CreateSender());
        _ = Assert.Throws<ObjectDisposedException>(() => former.Remote.CreateReceiver());
        using SrtpSender sender = session.Agreed.Keys!.Local.CreateSender();
    }

    [Fact]
    public void An_answer_may_bring_a_new_key_while_ours_goes_on()
    {
        SdpDouble session = Established(out _);
        SignalledKeys former = session.Agreed.Keys!;
        _ = session.Offer();

        Assert.Equal(SdpVerdict.Accepted, session.Take(Peer(Other)));
        Assert.Same(former.Local, session.Agreed.Keys!.Local);
        Assert.NotSame(former.Remote, session.Agreed.Keys.Remote);
        Assert.True(session.Agreed.IsNewAssociation);
    }

    [Fact]
    public void Another_media_port_has_another_key()
    {
        SdpDouble session = Established(out string answer);
        session.Move();

        string offer = session.Offer();
        Assert.Contains("m=audio 16386 RTP/SAVP", offer);
        Assert.NotEqual(Line(answer), Line(offer));
        session.Withdraw();
        Assert.NotEqual(Line(answer), Line(session.Offer()));
        Assert.Equal(SdpVerdict.Accepted, session.Take(Peer(One)));
        string kept = Line(session.Offer());
        session.Withdraw();
        Assert.Equal(kept, Line(session.Offer()));
    }

    [Fact]
    public void Another_branch_of_a_fork_is_agreed_with_under_the_key_that_was_offered()
    {
        SdpDouble session = SdpDouble.WithKeys(suites: SrtpProfile.AesCm128HmacSha1Tag80);
        _ = session.Offer();
        _ = session.Take(Peer(One));
        SignalledKeys first = session.Agreed.Keys!;

        session.AwaitAnotherAnswer();
        Assert.Equal(SdpVerdict.Accepted, session.Take(Peer(Other)));
        Assert.Same(first.Local, session.Agreed.Keys!.Local);
        Assert.False(first.Remote.IsSame(session.Agreed.Keys.Remote));
    }

    [Fact]
    public void The_end_wipes_the_keys()
    {
        SdpDouble session = Established(out _);
        SignalledKeys keys = session.Agreed.Keys!;
        session.End();

        _ = Assert.Throws<ObjectDisposedException>(() => keys.Local.CreateSender());
        _ = Assert.Throws<ObjectDisposedException>(() => keys.Remote.CreateReceiver());
    }

    [Fact]
    public void Nothing_that_is_logged_shows_a_key()
    {
        SdpDouble session = Established(out string answer);

        Assert.DoesNotContain(Line(answer).Split("inline:")[1], session.Agreed.ToString());
        Assert.DoesNotContain("PS1uQCVeeCFC", session.Agreed.ToString());
    }

    private static SdpDouble Established(out string answer)
    {
        SdpDouble session = SdpDouble.WithKeys(MediaKeying.Dtls);
        Assert.Equal(SdpVerdict.Accepted, session.Answer(Peer(One), out answer));
        return session;
    }

    private static string Peer(string attributes) => SdpDouble.Peer(attributes, protocol: "RTP/SAVP");

    private static string Line(string description) => description.Split("\r\n").Single(line => line.StartsWith("a=crypto:"));
}
