using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class SequenceNumberTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0, 1, -1)]
    [InlineData(0, 65_535, 1)]
    [InlineData(65_535, 0, -1)]
    [InlineData(32_767, 0, 32_767)]
    [InlineData(32_768, 0, -32_768)]
    [InlineData(10, 65_530, 16)]
    public void Differences_go_the_shorter_way_around(ushort end, ushort start, int difference)
    {
        Assert.Equal(difference, new SequenceNumber(end) - new SequenceNumber(start));
        Assert.Equal(difference > 0, new SequenceNumber(end).IsAfter(new SequenceNumber(start)));
        Assert.Equal(new SequenceNumber(end), new SequenceNumber(start) + difference);
    }

    [Fact]
    public void Zero_follows_the_greatest() => Assert.Equal(new SequenceNumber(0), new SequenceNumber(65_535).Next);

    [Theory]
    [InlineData(160, 0, 160)]
    [InlineData(100, 0xFFFF_FFC4, 160)]
    [InlineData(0xFFFF_FFC4, 100, -160)]
    [InlineData(0x8000_0000, 0, int.MinValue)]
    public void Timestamps_wrap_around_too(uint end, uint start, int difference)
    {
        Assert.Equal(difference, new RtpTimestamp(end) - new RtpTimestamp(start));
        Assert.Equal(difference > 0, new RtpTimestamp(end).IsAfter(new RtpTimestamp(start)));
        Assert.Equal(new RtpTimestamp(end), new RtpTimestamp(start) + difference);
    }
}
