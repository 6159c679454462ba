using System;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class PacketAssemblerTests
{
    [Fact]
    public void Two_short_periods_make_a_packet()
    {
        PacketAssembler assembler = new(4);

        Assert.False(assembler.TryComplete([1, 2], out _));
        Assert.True(assembler.TryComplete([3, 4], out ReadOnlySpan<short> packet));
        Assert.Equal([1, 2, 3, 4], packet.ToArray());
        Assert.False(assembler.TryComplete([5, 6], out _));
        assembler.Reset();
        Assert.False(assembler.TryComplete([7, 8], out _));
        Assert.True(assembler.TryComplete([9, 10], out packet));
        Assert.Equal([7, 8, 9, 10], packet.ToArray());
    }

    [Fact]
    public void A_period_as_long_as_a_packet_is_one()
    {
        PacketAssembler assembler = new(2);

        Assert.True(assembler.TryComplete([1, 2], out ReadOnlySpan<short> packet));
        Assert.Equal([1, 2], packet.ToArray());
        Assert.True(assembler.TryComplete([3, 4], out packet));
        Assert.Equal([3, 4], packet.ToArray());
    }
}
