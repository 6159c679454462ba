using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Srtp;

public sealed class SrtpIndexTests
{
    /// <summary>RFC 3711 appendix A: ROC 5 and each side of every border.</summary>
    [Theory]
    [InlineData(0x5_0000, 0x0001, 0x5_0001)]
    [InlineData(0x5_0000, 0x8000, 0x5_8000)]
    [InlineData(0x5_0000, 0x8001, 0x4_8001)]
    [InlineData(0x5_7FFF, 0xFFFF, 0x5_FFFF)]
    [InlineData(0x5_8000, 0x0000, 0x5_0000)]
    [InlineData(0x5_8001, 0x0000, 0x6_0000)]
    [InlineData(0x5_8001, 0x0001, 0x5_0001)]
    [InlineData(0x5_FFFF, 0x0000, 0x6_0000)]
    [InlineData(0x5_FFFF, 0x7FFE, 0x6_7FFE)]
    [InlineData(0x5_FFFF, 0x7FFF, 0x5_7FFF)]
    [InlineData(0x0_0000, 0xFFFF, -1)]
    [InlineData(0xFFFF_FFFF_FFFF, 0x0000, 0x1_0000_0000_0000)]
    public void The_index_is_estimated_as_in_the_appendix(long highest, ushort sequenceNumber, long expected) =>
        Assert.Equal(expected, PacketIndex.Estimate(highest, sequenceNumber));

    [Fact]
    public void The_last_index_of_a_key_is_used_and_none_after_it()
    {
        SentSource source = new(1, lastIndex: PacketIndex.Maximum - 1);
        Assert.True(source.TryTakeIndex(0xFFFF, out long index));
        Assert.Equal(PacketIndex.Maximum, index);
        Assert.False(source.TryTakeIndex(0, out _));
        Assert.False(source.TryTakeIndex(1, out _));
        Assert.False(source.TryTakeIndex(0xFFFF, out _));
    }

    [Fact]
    public void The_last_SRTCP_index_of_a_key_is_used_and_none_after_it()
    {
        SentSource source = new(1, lastRtcpIndex: RtcpLayout.MaximumIndex - 1);
        Assert.True(source.TryTakeRtcpIndex(out uint index));
        Assert.Equal(0x7FFF_FFFFu, index);
        Assert.False(source.TryTakeRtcpIndex(out _));
        Assert.False(source.TryTakeRtcpIndex(out _));
    }

    [Fact]
    public void The_first_SRTCP_index_is_zero()
    {
        SentSource source = new(1);
        Assert.True(source.TryTakeRtcpIndex(out uint index));
        Assert.Equal(0u, index);
    }

    [Fact]
    public void Checking_the_window_moves_nothing()
    {
        ReplayWindow window = default;
        window.Add(100);
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(1_000_000, window));
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(37, window));
        Assert.Equal(SrtpVerdict.TooOld, PacketIndex.Check(36, window));
        Assert.Equal(SrtpVerdict.Replayed, PacketIndex.Check(100, window));
        Assert.Equal(100, window.Highest);
    }

    [Fact]
    public void Nothing_is_taken_before_the_first_index_nor_after_the_last()
    {
        ReplayWindow window = default;
        window.Add(2);
        Assert.Equal(SrtpVerdict.TooOld, PacketIndex.Check(PacketIndex.Estimate(window.Highest, 0xFFFF), window));
        window.Add(PacketIndex.Maximum);
        Assert.Equal(SrtpVerdict.KeyExhausted, PacketIndex.Check(PacketIndex.Estimate(window.Highest, 0), window));
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(PacketIndex.Estimate(window.Highest, 0xFFFE), window));
    }

    [Fact]
    public void The_window_remembers_exactly_what_was_recorded()
    {
        ReplayWindow window = default;
        window.Add(1_000);
        window.Add(1_063);
        Assert.Equal(SrtpVerdict.Replayed, PacketIndex.Check(1_000, window));
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(1_001, window));
        window.Add(1_062);
        Assert.Equal(SrtpVerdict.Replayed, PacketIndex.Check(1_062, window));
        window.Add(1_063 + ReplayWindow.Size);
        Assert.Equal(SrtpVerdict.TooOld, PacketIndex.Check(1_063, window));
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(1_064, window));
        window.Add(PacketIndex.Maximum);
        Assert.Equal(SrtpVerdict.Accepted, PacketIndex.Check(PacketIndex.Maximum - 1, window));
    }
}
