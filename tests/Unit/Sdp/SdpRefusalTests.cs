using System;
using System.Linq;
using System.Text;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sdp;

public sealed class SdpRefusalTests
{
    private const string Dtls = "setup:actpass|fingerprint:" + SdpDouble.Sha256;

    [Theory]
    [InlineData(Dtls, "m=audio 7000", "m=audio 0", SdpVerdict.NoAudio, 488)]
    [InlineData(Dtls, "m=audio", "m=video", SdpVerdict.NoAudio, 488)]
    [InlineData("setup:actpass", "UDP/TLS/RTP/SAVP", "RTP/AVP", SdpVerdict.NotEncrypted, 488)]
    [InlineData("setup:actpass|fingerprint:sha-256 00:11", "UDP/TLS/RTP/SAVP", "RTP/AVP", SdpVerdict.NotEncrypted, 488)]
    [InlineData("setup:actpass", "UDP/TLS/RTP/SAVP", "RTP/SAVP", SdpVerdict.SignalledKeys, 488)]
    [InlineData(Dtls, "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVP", SdpVerdict.UnsupportedProtocol, 488)]
    [InlineData(Dtls, "0 8 101", "9 101", SdpVerdict.NoCommonCodec, 488)]
    [InlineData(Dtls + "|rtpmap:0 PCMU/16000|rtpmap:8 L16/8000", "", "", SdpVerdict.NoCommonCodec, 488)]
    [InlineData("setup:actpass", "", "", SdpVerdict.NoFingerprint, 488)]
    [InlineData("setup:actpass|fingerprint:md5 00|fingerprint:sha-256 00:11", "", "", SdpVerdict.NoFingerprint, 488)]
    [InlineData("setup:holdconn|fingerprint:" + SdpDouble.Sha256, "", "", SdpVerdict.NoRole, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP4 house.example.org\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP4 192.0.2\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP4 192.0.02.20\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP4 233.252.0.1/127\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP4 233.252.0.1\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "IP4 192.0.2.20\r\nt", "IP6 2001:db8::20\r\nt", SdpVerdict.UnsupportedAddress, 488)]
    [InlineData(Dtls, "c=IN IP4 192.0.2.20\r\n", "", SdpVerdict.Malformed, 400)]
    [InlineData("setup:both|fingerprint:" + SdpDouble.Sha256, "", "", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "v=0", "v=1", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "o=- 5 5 IN IP4 192.0.2.20\r\n", "", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "s=-", "s", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "s=-", "s=\0", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "s=-", "", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "m=audio 7000", "m=audio 70000", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "m=audio 7000", "m=audio 7000/x", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "m=audio 7000", "m=audio", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, " 0 8 101", "", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls, "t=0 0", "t=0\t0", SdpVerdict.Malformed, 400)]
    [InlineData(Dtls + "|mid:a b", "", "", SdpVerdict.Malformed, 400)]
    public void A_description_is_refused_for_its_reason(string attributes, string old, string changed, object verdict, int status)
    {
        SdpDouble session = new();
        string offer = SdpDouble.Peer(attributes);

        Assert.Equal(verdict, session.Answer(old.Length > 0 ? offer.Replace(old, changed) : offer, out string answer));
        Assert.Equal(status, ((SdpVerdict)verdict).StatusCode());
        Assert.Empty(answer);
        Assert.Null(session.Lasting);
    }

    [Fact]
    public void What_passes_a_limit_is_refused()
    {
        string lines = SdpDouble.Peer(Dtls) + string.Concat(Enumerable.Repeat("a=x\r\n", SdpLimits.Lines));
        string media = SdpDouble.Peer(Dtls) + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\r\n", SdpLimits.MediaDescriptions));
        string formats = SdpDouble.Peer(Dtls).Replace("0 8 101", string.Join(' ', Enumerable.Range(0, SdpLimits.Formats + 1)));
        string line = SdpDouble.Peer(Dtls).Replace("m=audio", "m=audio" + new string('o', SdpLimits.MediaLine));
        string prints = SdpDouble.Peer(Dtls) + string.Concat(Enumerable.Repeat("a=fingerprint:x y\r\n", SdpLimits.Fingerprints));

        Assert.All([lines, media, formats, line, prints], text => Assert.Equal(SdpVerdict.TooLarge, new SdpDouble().Answer(text)));
    }

    [Fact]
    public void The_largest_answer_fits_its_buffer()
    {
        string mid = new('m', SdpLimits.RepeatedText);
        string video = "m=" + new string('v', SdpLimits.MediaLine - 200) + " 1 RTP/AVP " + new string('9', 188) + $"\r\na=mid:{mid}\r\n";
        string offer = SdpDouble.Peer(Dtls + $"|mid:{mid}|tls-id:{new string('t', 255)}").Replace("t=0 0", $"t=0 0\r\na=group:BUNDLE {mid}")
            + string.Concat(Enumerable.Repeat(video, SdpLimits.MediaDescriptions - 1));

        Assert.Equal(SdpVerdict.Accepted, new SdpDouble(local: "192.0.2.100").Answer(offer, out string answer));
        Assert.InRange(answer.Length, 3000, SdpLimits.WrittenDescription);
    }

    [Fact]
    public void Bare_line_feeds_and_a_missing_last_one_are_accepted()
    {
        string offer = SdpDouble.Text("baresip.offer").ReplaceLineEndings("\n").TrimEnd();

        Assert.Equal(SdpVerdict.Accepted, new SdpDouble().Answer(offer, out string answer));
        Assert.Equal(SdpDouble.Text("baresip.answer"), answer);
    }

    [Fact]
    public void A_refused_answer_closes_the_offer_and_changes_nothing()
    {
        SdpDouble session = new();
        _ = session.Answer(SdpDouble.Peer(Dtls));
        AudioAgreement agreed = session.Agreed;
        _ = session.Offer(MediaDirection.Inactive);

        Assert.Equal(SdpVerdict.NoAudio, session.Take(SdpDouble.Peer(Dtls, port: 0)));
        Assert.Same(agreed, session.Lasting);
        Assert.Equal(SdpVerdict.NotExpected, session.Take(SdpDouble.Peer(Dtls)));
    }

    [Fact]
    public void Every_prefix_and_every_flipped_byte_is_answered_or_refused()
    {
        foreach (string name in SdpDouble.Offers())
        {
            byte[] offer = Encoding.Latin1.GetBytes(SdpDouble.Text(name + ".offer"));
            for (int index = 0; index <= offer.Length; index++)
            {
                Survives(offer.AsSpan(0, index), $"{name} cut at {index}");
            }

            for (int index = 0; index < offer.Length; index++)
            {
                foreach (byte mask in (byte[])[0x01, 0x20, 0xFF])
                {
                    offer[index] ^= mask;
                    Survives(offer, $"{name} with {mask:X2} at {index}");
                    offer[index] ^= mask;
                }
            }
        }
    }

    [Fact]
    public void Noise_is_answered_or_refused()
    {
        string[] pieces =
        [
            "v=0\n", "o=- 1 1 IN IP4 1.2.3.4\n", "c=IN IP4 1.2.3.4\n", "c=IN IP6 ::1\n", "m=audio 1 UDP/TLS/RTP/SAVP 0 8\n",
            "t=0 0\n", "\r", "m=audio 1 RTP/AVP 0\n", "a=setup:actpass\n", $"a=fingerprint:{SdpDouble.Sha256}\n",
            "a=inactive\n", "a=mid:\n", "a=mid:0\n",
            "a=group:BUNDLE 0 0\n", "a=rtcp:1 IN IP4\n", "a=rtpmap:0\n", "a=rtpmap:0 PCMU/8000\n",
            "a=ptime:-1\n", "\n", "=", "a=", "\0", "é",
        ];
        for (int seed = 1; seed <= 20_000; seed++)
        {
            Random random = new(seed);
            string start = random.Next(4) == 0 ? "" : pieces[0] + pieces[1];
            string text = start + string.Concat(Enumerable.Range(0, random.Next(15)).Select(_ => pieces[random.Next(pieces.Length)]));
            Survives(Encoding.Latin1.GetBytes(text), $"seed {seed}");
        }
    }

    /// <summary>An answer with its agreement, or a refusal with neither; and nothing but plain text goes back.</summary>
    private static void Survives(ReadOnlySpan<byte> offer, string what)
    {
        SdpDouble session = new(allowPlain: true);
        SdpVerdict verdict = session.Answer(offer, out string answer);
        Assert.True(verdict == SdpVerdict.Accepted == (session.Agreement is not null), what);
        Assert.True(verdict == SdpVerdict.Accepted == answer.StartsWith("v=0\r\no=- ", StringComparison.Ordinal), what);
        Assert.True(answer.All(symbol => symbol is (>= ' ' and <= '~') or '\r' or '\n'), what);
        Assert.True(verdict != SdpVerdict.NotExpected, what);
        _ = session.Offer();
        session.Take(Encoding.Latin1.GetString(offer));
    }
}
