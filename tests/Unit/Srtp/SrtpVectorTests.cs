using System;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

public sealed class SrtpVectorTests
{
    /// <summary>RFC 3711 appendix B.3.</summary>
    [Theory]
    [InlineData(0, "c61e7a93744f39ee10734afe3ff7a087")]
    [InlineData(1, "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad175578ef7227098"
        + "6371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2")]
    [InlineData(2, "30cbbc08863d8c85d49db34a9ae1")]
    public void Derives_the_keys_of_RFC_3711(byte label, string expected)
    {
        byte[] masterKey = Convert.FromHexString("e1f97a0d3e018be0d64fa32c06de4139");
        byte[] masterSalt = Convert.FromHexString("0ec675ad498afeebb6960b3aabe6");
        using AesBlocks master = AesBlocks.Create(masterKey, AesBlocks.BestBackEnd);
        byte[] key = new byte[expected.Length / 2];
        SrtpKeyDerivation.Derive(master, masterSalt, label, key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    /// <summary>RFC 6188 section 7.2, the key derivation of the profile with AES-256.</summary>
    [Theory]
    [InlineData(0, "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4")]
    [InlineData(1, "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    [InlineData(2, "fa31791685ca444a9e07c6c64e93")]
    public void Derives_the_keys_of_RFC_6188(byte label, string expected)
    {
        byte[] masterKey = Convert.FromHexString("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6");
        byte[] masterSalt = Convert.FromHexString("3b04803de51ee7c96423ab5b78d2");
        using AesBlocks master = AesBlocks.Create(masterKey, AesBlocks.BestBackEnd);
        byte[] key = new byte[expected.Length / 2];
        SrtpKeyDerivation.Derive(master, masterSalt, label, key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void Protects_and_opens_the_RTP_packet_of_RFC_7714(SrtpProfile profile)
    {
        using SrtpSender sender = new(profile, Transform(profile, SrtpKind.Rtp), Transform(profile, SrtpKind.Rtcp));
        using SrtpReceiver receiver = new(profile, Transform(profile, SrtpKind.Rtp), Transform(profile, SrtpKind.Rtcp));
        byte[] packet = Packet(SrtpVectors.Rtp);

        int length = sender.ProtectRtp(packet, SrtpVectors.Rtp.Length / 2);
        Assert.Equal(SrtpVectors.ProtectedRtp(profile), Convert.ToHexStringLower(packet.AsSpan(0, length)));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(packet.AsSpan(0, length), out length));
        Assert.Equal(SrtpVectors.Rtp, Convert.ToHexStringLower(packet.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void Protects_and_opens_the_RTCP_packet_of_RFC_7714(SrtpProfile profile)
    {
        using SrtpSender sender = new(profile, Transform(profile, SrtpKind.Rtp), Transform(profile, SrtpKind.Rtcp));
        using SrtpReceiver receiver = new(profile, Transform(profile, SrtpKind.Rtp), Transform(profile, SrtpKind.Rtcp));
        byte[] packet = [];
        int length = 0;
        for (int index = 0; index <= SrtpVectors.RtcpIndex; index++)
        {
            packet = Packet(SrtpVectors.Rtcp);
            length = sender.ProtectRtcp(packet, SrtpVectors.Rtcp.Length / 2);
        }

        Assert.Equal(SrtpVectors.ProtectedRtcp(profile), Convert.ToHexStringLower(packet.AsSpan(0, length)));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(packet.AsSpan(0, length), out length));
        Assert.Equal(SrtpVectors.Rtcp, Convert.ToHexStringLower(packet.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void Tags_and_verifies_the_unencrypted_packets_of_RFC_7714(SrtpProfile profile)
    {
        byte[] rtp = Convert.FromHexString(SrtpVectors.Rtp);
        byte[] tag = new byte[16];
        using SrtpTransform rtpTransform = Transform(profile, SrtpKind.Rtp);
        rtpTransform.Protect(rtp, rtp.Length, 0, 0x5501A0B2, 0xF17B, tag);
        Assert.Equal(SrtpVectors.TagOfClearRtp(profile), Convert.ToHexStringLower(tag));
        Assert.True(rtpTransform.TryUnprotect(rtp, rtp.Length, 0, 0x5501A0B2, 0xF17B, tag));

        byte[] rtcp = Convert.FromHexString(SrtpVectors.Rtcp);
        using SrtpTransform rtcpTransform = Transform(profile, SrtpKind.Rtcp);
        rtcpTransform.Protect(rtcp, rtcp.Length, SrtpVectors.RtcpIndex, 0x4D617273, SrtpVectors.RtcpIndex, tag);
        Assert.Equal(SrtpVectors.TrailerOfClearRtcp(profile), Convert.ToHexStringLower(tag) + "000005d4");

        using SrtpReceiver receiver = new(profile, Transform(profile, SrtpKind.Rtp), Transform(profile, SrtpKind.Rtcp));
        byte[] tagged = Convert.FromHexString(SrtpVectors.Rtcp + SrtpVectors.TrailerOfClearRtcp(profile));
        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtcp(tagged, out int length));
        Assert.Equal(SrtpVectors.Rtcp, Convert.ToHexStringLower(tagged.AsSpan(0, length)));
    }

    /// <summary>
    /// libsrtp, test/srtp_driver.c, srtp_validate and srtp_validate_gcm: packets from master keys. libsrtp counts SRTCP from 1, so
    /// its packet is our second.
    /// </summary>
    [Theory]
    [InlineData(
        SrtpProfile.AesCm128HmacSha1Tag80, "e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6",
        "4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
        "7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798")]
    [InlineData(
        SrtpProfile.AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f", "a0a1a2a3a4a5a6a7a8a9aaab",
        "c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
        "c98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001")]
    public void Protects_as_libsrtp_does(SrtpProfile profile, string masterKey, string masterSalt, string rtp, string rtcp)
    {
        const string Payload = "abababababababababababababababab";
        const string RtpHeader = "800f1234decafbadcafebabe";
        const string RtcpHeader = "81c8000bcafebabe";
        using SrtpSender sender = new(profile, Convert.FromHexString(masterKey), Convert.FromHexString(masterSalt));

        byte[] packet = Packet(RtpHeader + Payload);
        int length = sender.ProtectRtp(packet, 28);
        Assert.Equal(RtpHeader + rtp, Convert.ToHexStringLower(packet.AsSpan(0, length)));

        _ = sender.ProtectRtcp(Packet(RtcpHeader + Payload), 24);
        packet = Packet(RtcpHeader + Payload);
        length = sender.ProtectRtcp(packet, 24);
        Assert.Equal(RtcpHeader + rtcp, Convert.ToHexStringLower(packet.AsSpan(0, length)));
    }

    private static AeadTransform Transform(SrtpProfile profile, SrtpKind kind) =>
        new(kind, SrtpVectors.SessionKey(profile), SrtpVectors.SessionSalt);

    private static byte[] Packet(string hex) => [.. Convert.FromHexString(hex), .. new byte[SrtpSender.MaximumOverhead]];
}
