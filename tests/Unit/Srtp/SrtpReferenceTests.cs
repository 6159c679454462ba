using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using IntercomAgent.Crypto.Srtp;
using Xunit;
using OtherAesGcm = System.Security.Cryptography.AesGcm;

namespace IntercomAgent.Tests.Unit.Srtp;

/// <summary>
/// Packets as the RFCs describe them, put together with another implementation of the ciphers. No published vector has a ROC other
/// than zero.
/// </summary>
public sealed class SrtpReferenceTests
{
    private const uint Ssrc = 0x1234_5678;

    public static TheoryData<SrtpProfile> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void An_RTP_packet_with_ROC_1_is_what_the_RFC_describes(SrtpProfile profile)
    {
        using SrtpSender sender = new(profile, MasterKey(profile), MasterSalt(profile));
        byte[] buffer = [.. SrtpPair.PlainRtp(65_535, Ssrc), .. new byte[SrtpSender.MaximumOverhead]];
        Assert.NotEqual(0, sender.ProtectRtp(buffer, 32));

        byte[] plain = SrtpPair.PlainRtp(3, Ssrc);
        buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        int length = sender.ProtectRtp(buffer, plain.Length);

        byte[] expected = profile.IsAead
            ? AeadPacket(profile, 0, plain, 12, 0x1_0003, [])
            : CounterModePacket(profile, 0, plain, 12, 0x1_0003, [0, 0, 0, 1], profile.RtpTagLength);
        Assert.Equal(expected, buffer[..length]);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void An_RTCP_packet_is_what_the_RFC_describes(SrtpProfile profile)
    {
        using SrtpSender sender = new(profile, MasterKey(profile), MasterSalt(profile));
        byte[] plain = SrtpPair.PlainRtcp(Ssrc);
        byte[] buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        Assert.NotEqual(0, sender.ProtectRtcp(buffer, plain.Length));
        buffer = [.. plain, .. new byte[SrtpSender.MaximumOverhead]];
        int length = sender.ProtectRtcp(buffer, plain.Length);

        byte[] word = [0x80, 0, 0, 1];
        byte[] expected;
        if (profile.IsAead)
        {
            expected = [.. AeadPacket(profile, 3, plain, 8, 1, word), .. word];
        }
        else
        {
            byte[] tagged = CounterModePacket(profile, 3, plain, 8, 1, word, 10);
            expected = [.. tagged[..^10], .. word, .. tagged[^10..]];
        }

        Assert.Equal(expected, buffer[..length]);
    }

    /// <summary>RFC 3711 sections 4.1.1 and 4.2.</summary>
    private static byte[] CounterModePacket(
        SrtpProfile profile, byte label, byte[] plain, int headerLength, ulong index, byte[] trailer, int tagLength)
    {
        UInt128 salt = BinaryPrimitives.ReadUInt128BigEndian((byte[])[.. Derive(profile, (byte)(label + 2), 14), 0, 0]);
        UInt128 counter = salt ^ ((UInt128)Ssrc << 64) ^ ((UInt128)index << 16);
        using Aes aes = Aes.Create();
        aes.Key = Derive(profile, label, 16);
        byte[] packet = [.. plain];
        byte[] counterBlock = new byte[16];
        for (int offset = headerLength; offset < packet.Length; offset += 16, counter++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(counterBlock, counter);
            byte[] keyStream = aes.EncryptEcb(counterBlock, PaddingMode.None);
            for (int position = 0; position < 16 && offset + position < packet.Length; position++)
            {
                packet[offset + position] ^= keyStream[position];
            }
        }

        byte[] code = HMACSHA1.HashData(Derive(profile, (byte)(label + 1), 20), (byte[])[.. packet, .. trailer]);
        return [.. packet, .. code[..tagLength]];
    }

    /// <summary>RFC 7714 sections 8 and 9.</summary>
    private static byte[] AeadPacket(SrtpProfile profile, byte label, byte[] plain, int headerLength, ulong index, byte[] trailer)
    {
        byte[] nonce = Derive(profile, (byte)(label + 2), 12);
        for (int position = 0; position < 4; position++)
        {
            nonce[2 + position] ^= (byte)(Ssrc >> (24 - (8 * position)));
        }

        for (int position = 0; position < 6; position++)
        {
            nonce[6 + position] ^= (byte)(index >> (40 - (8 * position)));
        }

        using OtherAesGcm cipher = new(Derive(profile, label, profile.KeyLength), 16);
        byte[] ciphertext = new byte[plain.Length - headerLength];
        byte[] tag = new byte[16];
        byte[] associatedData = [.. plain[..headerLength], .. trailer];
        cipher.Encrypt(nonce, plain[headerLength..], ciphertext, tag, associatedData);
        return [.. plain[..headerLength], .. ciphertext, .. tag];
    }

    private static byte[] Derive(SrtpProfile profile, byte label, int length)
    {
        using AesBlocks master = AesBlocks.Create(MasterKey(profile), AesBlocks.BestBackEnd);
        byte[] key = new byte[length];
        SrtpKeyDerivation.Derive(master, MasterSalt(profile), label, key);
        return key;
    }

    private static byte[] MasterKey(SrtpProfile profile) => SHA256.HashData("master key"u8)[..profile.KeyLength];

    private static byte[] MasterSalt(SrtpProfile profile) => SHA256.HashData("master salt"u8)[..profile.SaltLength];
}
