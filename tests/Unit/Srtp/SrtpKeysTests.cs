using System;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

public sealed class SrtpKeysTests
{
    public static TheoryData<SrtpProfile> Profiles => SrtpPair.Profiles;

    [Theory]
    [InlineData(SrtpProfile.AesCm128HmacSha1Tag80, 60)]
    [InlineData(SrtpProfile.AesCm128HmacSha1Tag32, 60)]
    [InlineData(SrtpProfile.AeadAes128Gcm, 56)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 88)]
    public void The_block_holds_two_keys_and_two_salts(SrtpProfile profile, int length) =>
        Assert.Equal(length, SrtpKeys.BlockLength(profile));

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_block_is_client_key_server_key_client_salt_server_salt(SrtpProfile profile)
    {
        byte[] block = new byte[SrtpKeys.BlockLength(profile)];
        new Random(5764).NextBytes(block);
        int keyLength = profile.KeyLength;
        int saltLength = profile.SaltLength;
        using SrtpKeys keys = new(profile, block);
        using SrtpReceiver ofClient = new(profile, block.AsSpan(0, keyLength), block.AsSpan(2 * keyLength, saltLength));
        using SrtpReceiver ofServer = new(
            profile, block.AsSpan(keyLength, keyLength), block.AsSpan((2 * keyLength) + saltLength, saltLength));
        using SrtpSender client = keys.CreateSender(isClient: true);
        using SrtpSender server = keys.CreateSender(isClient: false);
        using SrtpReceiver clientReceiver = keys.CreateReceiver(isClient: true);
        using SrtpReceiver serverReceiver = keys.CreateReceiver(isClient: false);

        Opens(client, ofClient, serverReceiver);
        Opens(server, ofServer, clientReceiver);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Wiped_keys_make_nothing_more_but_what_they_made_lives_on(SrtpProfile profile)
    {
        SrtpKeys keys = new(profile, new byte[SrtpKeys.BlockLength(profile)]);
        using SrtpSender sender = keys.CreateSender(isClient: true);
        using SrtpReceiver receiver = keys.CreateReceiver(isClient: false);
        keys.Dispose();
        keys.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => keys.CreateSender(isClient: true));
        _ = Assert.Throws<ObjectDisposedException>(() => keys.CreateReceiver(isClient: true));
        Opens(sender, receiver);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Another_length_is_our_own_mistake(SrtpProfile profile)
    {
        _ = Assert.Throws<ArgumentException>(() => new SrtpKeys(profile, new byte[SrtpKeys.BlockLength(profile) - 1]));
        byte[] key = new byte[profile.KeyLength];
        byte[] salt = new byte[profile.SaltLength];
        _ = Assert.Throws<ArgumentException>(() => new SrtpSender(profile, key.AsSpan(1), salt));
        _ = Assert.Throws<ArgumentException>(() => new SrtpReceiver(profile, key, salt.AsSpan(1)));
    }

    private static void Opens(SrtpSender sender, params SrtpReceiver[] receivers)
    {
        byte[] packet = [.. SrtpPair.PlainRtp(1), .. new byte[SrtpSender.MaximumOverhead]];
        int length = sender.ProtectRtp(packet, packet.Length - SrtpSender.MaximumOverhead);
        foreach (SrtpReceiver receiver in receivers)
        {
            Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp([.. packet[..length]], out _));
        }
    }
}
