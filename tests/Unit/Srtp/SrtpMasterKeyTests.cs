using System;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

/// <summary>Keys that signalling carries, and the identifier by which packets may name them.</summary>
public sealed class SrtpMasterKeyTests
{
    public static TheoryData<SrtpProfile> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_key_that_was_written_is_read_as_the_same(SrtpProfile profile)
    {
        using SrtpMasterKey key = SrtpMasterKey.Create(profile, new SeededRandom(1));
        byte[] text = Text(key);
        using SrtpMasterKey? read = SrtpMasterKey.TryRead(profile, text);
        using SrtpMasterKey? unpadded = SrtpMasterKey.TryRead(profile, text.AsSpan().TrimEnd((byte)'='));

        Assert.True(read?.IsSame(key));
        Assert.True(unpadded?.IsSame(key));
        Assert.Equal(profile.KeyLength + profile.SaltLength, Convert.FromBase64String(Encoding.ASCII.GetString(text)).Length);
        Assert.Equal("***", key.ToString());
    }

    [Fact]
    public void It_is_read_as_RFC_4568_has_it()
    {
        // Section 6.1: "the first field is the master key appended with the master salt".
        const string text = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
        byte[] bytes = Convert.FromBase64String(text);
        byte[] packet = [.. SrtpPair.PlainRtp(7), .. new byte[SrtpSender.MaximumOverhead]];
        byte[] expected = [.. packet];
        using SrtpMasterKey? key = SrtpMasterKey.TryRead(SrtpProfile.AesCm128HmacSha1Tag80, Encoding.ASCII.GetBytes(text));
        using SrtpSender sender = key!.CreateSender();
        using SrtpSender same = new(SrtpProfile.AesCm128HmacSha1Tag80, bytes.AsSpan(0, 16), bytes.AsSpan(16));

        _ = sender.ProtectRtp(packet, 32);
        Assert.Equal(42, same.ProtectRtp(expected, 32));
        Assert.Equal(expected, packet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("====")]
    [InlineData("d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo")]
    [InlineData("d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSojAA")]
    [InlineData("d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj===")]
    [InlineData("d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo-")]
    [InlineData("d0RmdmcmVCspeEc3=GZiNWpVLFJhQX1cfHAwJSoj")]
    [InlineData("d0RmdmcmVCspeEc3 QGZiNWpVLFJhQX1cfHAwJSoj")]
    public void What_is_no_key_of_its_suite_is_refused(string text) =>
        Assert.Null(SrtpMasterKey.TryRead(SrtpProfile.AesCm128HmacSha1Tag80, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_text_of_any_length_is_refused_without_a_throw()
    {
        foreach (int length in Enumerable.Range(0, 300))
        {
            byte[] text = Encoding.ASCII.GetBytes(new string('A', length));
            using SrtpMasterKey? key = SrtpMasterKey.TryRead(SrtpProfile.AeadAes256Gcm, text);
            Assert.Equal(length == 59, key is not null);
        }
    }

    [Fact]
    public void What_is_wiped_is_used_no_more()
    {
        SrtpMasterKey key = SrtpMasterKey.Create(SrtpProfile.AeadAes128Gcm, new SeededRandom(2));
        key.Dispose();

        _ = Assert.Throws<ObjectDisposedException>(() => key.CreateSender());
        _ = Assert.Throws<ObjectDisposedException>(() => key.CreateReceiver());
        _ = Assert.Throws<ObjectDisposedException>(() => key.Write(new byte[SrtpMasterKey.LongestText]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_that_names_its_key_is_opened_and_one_that_names_another_is_not(SrtpProfile profile)
    {
        byte[] identifier = [0, 0, 4, 42];
        using SrtpMasterKey key = SrtpMasterKey.Create(profile, new SeededRandom(3));
        using SrtpMasterKey named = SrtpMasterKey.TryRead(profile, Text(key), identifier)!;
        using SrtpSender sender = key.CreateSender();
        using SrtpReceiver receiver = named.CreateReceiver();

        byte[] rtp = Named(sender.ProtectRtp, SrtpPair.PlainRtp(1), profile.IsAead ? 0 : profile.RtpTagLength, identifier);
        byte[] rtcp = Named(sender.ProtectRtcp, SrtpPair.PlainRtcp(), profile.IsAead ? 0 : profile.RtcpTagLength, identifier);
        byte[] other = [.. rtp];
        other[profile.IsAead ? ^1 : ^(profile.RtpTagLength + 1)] ^= 1;

        Assert.Equal(SrtpVerdict.NotAuthentic, receiver.UnprotectRtp(other, out _));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(rtp, out int length));
        Assert.Equal(SrtpPair.PlainRtp(1), rtp[..length]);
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(rtcp, out length));
        Assert.Equal(SrtpPair.PlainRtcp(), rtcp[..length]);
    }

    private delegate int Protection(Span<byte> buffer, int length);

    /// <summary>The protected packet with the identifier where the RFCs have it: before the tag of HMAC, behind that of an AEAD.</summary>
    private static byte[] Named(Protection protect, byte[] plain, int behind, byte[] identifier)
    {
        byte[] buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        byte[] packet = buffer[..protect(buffer, plain.Length)];
        return [.. packet[..^behind], .. identifier, .. packet[^behind..]];
    }

    private static byte[] Text(SrtpMasterKey key)
    {
        byte[] text = new byte[SrtpMasterKey.LongestText];
        return text[..key.Write(text)];
    }
}
