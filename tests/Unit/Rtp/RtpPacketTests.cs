using System;
using System.Linq;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class RtpPacketTests
{
    // Marker, payload type 8, two contributing sources, an extension of one word, five octets of payload and three of padding.
    private static readonly byte[] Everything = Convert.FromHexString(
        "B2" + "88" + "FFFE" + "01020304" + "CAFEBABE" + "11111111" + "22222222" + "BEDE" + "0001" + "AABBCCDD" + "0102030405" + "000003");

    [Fact]
    public void Reads_every_part()
    {
        Assert.True(RtpPacket.TryRead(Everything, out RtpPacket packet));

        Assert.Equal(new RtpHeader(8, true, new(0xFFFE), new(0x0102_0304), new(0xCAFE_BABE)), packet.Header);
        Assert.Equal("1111111122222222", Convert.ToHexString(packet.ContributingSources));
        Assert.Equal(0xBEDE, packet.ExtensionProfile);
        Assert.Equal("AABBCCDD", Convert.ToHexString(packet.Extension));
        Assert.Equal("0102030405", Convert.ToHexString(packet.Payload));
    }

    [Fact]
    public void Reads_what_the_header_writes()
    {
        RtpHeader header = new(101, false, new(65_535), new(0xFFFF_FFFF), new(1));
        byte[] datagram = new byte[RtpHeader.Size + 1];
        header.Write(datagram);

        Assert.True(RtpPacket.TryRead(datagram, out RtpPacket packet));
        Assert.Equal(header, packet.Header);
        Assert.True(packet.ContributingSources.IsEmpty && packet.Extension.IsEmpty);
        Assert.Equal(1, packet.Payload.Length);
        Assert.Equal("8065FFFFFFFFFFFF0000000100", Convert.ToHexString(datagram));
    }

    [Fact]
    public void A_prefix_is_never_longer_than_its_bytes()
    {
        // The first twenty-eight octets are headers; what remains of the payload may still end in a plausible count of padding.
        for (int length = 0; length < Everything.Length; length++)
        {
            bool read = RtpPacket.TryRead(Everything.AsSpan(0, length), out RtpPacket packet);

            Assert.True(!read || packet.Payload.Length < length - 28, $"length {length}");
            Assert.False(read && length <= 28, $"length {length}");
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("40")]
    [InlineData("C0")]
    public void Other_versions_are_refused(string first) =>
        Assert.False(RtpPacket.TryRead(Convert.FromHexString(first + "000001000000020000000300"), out _));

    [Theory]
    [InlineData("", false)]
    [InlineData("00", false)]
    [InlineData("01", true)]
    [InlineData("0002", true)]
    [InlineData("0003", false)]
    [InlineData("FF", false)]
    public void Padding_counts_itself_and_stays_within_the_packet(string rest, bool accepted) =>
        Assert.Equal(accepted, RtpPacket.TryRead(Convert.FromHexString("A00000010000000200000003" + rest), out _));

    [Fact]
    public void An_extension_that_leads_out_of_the_packet_is_refused() =>
        Assert.False(RtpPacket.TryRead(Convert.FromHexString("900000010000000200000003" + "BEDE0002" + "AABBCCDD"), out _));

    [Fact]
    public void Flipped_bits_and_noise_never_throw()
    {
        for (int bit = 0; bit < Everything.Length * 8; bit++)
        {
            byte[] flipped = [.. Everything];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Check(flipped, $"bit {bit}");
        }

        for (int seed = 1; seed <= 2000; seed++)
        {
            Random random = new(seed);
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            Check([.. Enumerable.Repeat((byte)(0x80 | random.Next(64)), noise.Length > 0 ? 1 : 0), .. noise], $"seed {seed}");
        }
    }

    private static void Check(byte[] datagram, string which)
    {
        if (RtpPacket.TryRead(datagram, out RtpPacket packet))
        {
            int parts = RtpHeader.Size + packet.ContributingSources.Length + packet.Extension.Length + packet.Payload.Length;
            Assert.True(parts <= datagram.Length, which);
        }
    }
}
