using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class NativeLayoutTests
{
    /// <summary>What sizeof says in C on 64-bit Linux, x86-64 and arm64 alike.</summary>
    [Fact]
    public void Structures_are_as_long_as_the_kernels()
    {
        Assert.Equal(16, Unsafe.SizeOf<IoVector>());
        Assert.Equal(56, Unsafe.SizeOf<MessageHeader>());
        Assert.Equal(64, Unsafe.SizeOf<MultipleMessageHeader>());
        Assert.Equal(16, Unsafe.SizeOf<Timespec>());
        Assert.Equal(32, Unsafe.SizeOf<TimerSpecification>());
        Assert.Equal(8, Unsafe.SizeOf<PollDescriptor>());
        Assert.Equal(128, Unsafe.SizeOf<SignalSet>());
        Assert.Equal(128, Unsafe.SizeOf<SignalInformation>());
    }

    /// <summary>linux/gpio.h, version 2, x86-64 and arm64 alike; the length is in the number of the command as well.</summary>
    [Fact]
    public void The_structures_of_GPIO_are_as_long_as_the_kernels()
    {
        Assert.Equal(68, Unsafe.SizeOf<GpioChipInformation>());
        Assert.Equal(256, Unsafe.SizeOf<GpioLineInformation>());
        Assert.Equal(592, Unsafe.SizeOf<GpioLineRequest>());
        Assert.Equal(272, Unsafe.SizeOf<GpioLineConfiguration>());
        Assert.Equal(16, Unsafe.SizeOf<GpioLineValues>());
        Assert.Equal(48, Unsafe.SizeOf<GpioLineEvent>());
        Assert.Equal(68, LengthIn(GpioCommand.GPIO_GET_CHIPINFO_IOCTL));
        Assert.Equal(256, LengthIn(GpioCommand.GPIO_V2_GET_LINEINFO_IOCTL));
        Assert.Equal(592, LengthIn(GpioCommand.GPIO_V2_GET_LINE_IOCTL));
        Assert.Equal(16, LengthIn(GpioCommand.GPIO_V2_LINE_GET_VALUES_IOCTL));
        Assert.Equal(16, LengthIn(GpioCommand.GPIO_V2_LINE_SET_VALUES_IOCTL));
        Assert.Equal(288, (int)Marshal.OffsetOf<GpioLineRequest>(nameof(GpioLineRequest.Configuration)));
        Assert.Equal(588, (int)Marshal.OffsetOf<GpioLineRequest>(nameof(GpioLineRequest.Descriptor)));
    }

    /// <summary>linux/eventpoll.h: packed on x86-64, aligned elsewhere.</summary>
    [Theory]
    [InlineData(Architecture.X64, 12, 4)]
    [InlineData(Architecture.Arm64, 16, 8)]
    [InlineData(Architecture.Arm, 16, 8)]
    [InlineData(Architecture.RiscV64, 16, 8)]
    public void An_epoll_event_is_packed_where_the_kernel_packs_it(Architecture processor, int size, int dataOffset)
    {
        EpollEventLayout layout = EpollEventLayout.Of(processor);

        Assert.Equal(new EpollEventLayout(size, dataOffset), layout);
    }

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void Events_keep_their_number_in_either_layout(Architecture processor)
    {
        EpollEventLayout layout = EpollEventLayout.Of(processor);
        byte[] events = new byte[3 * layout.Size];
        for (int index = 0; index < 3; index++)
        {
            EventBuffer.Write(events.AsSpan(index * layout.Size), EpollEvents.EPOLLIN, 0x1122334455667700ul + (ulong)index, layout);
        }

        for (int index = 0; index < 3; index++)
        {
            Assert.Equal(0x1122334455667700ul + (ulong)index, EventBuffer.ReadData(events, index, layout));
            Assert.Equal((uint)EpollEvents.EPOLLIN, MemoryMarshal.Read<uint>(events.AsSpan(index * layout.Size)));
        }
    }

    [Fact]
    public void A_failure_is_told_in_words_and_an_unknown_one_by_its_number()
    {
        Assert.Equal("cannot bind it: address already in use", SystemError.Sentence("cannot bind it", Errno.EADDRINUSE));
        Assert.Equal("cannot bind it: error 4095", SystemError.Sentence("cannot bind it", (Errno)4095));
    }

    // asm-generic/ioctl.h: the length takes 14 bits from bit 16 on.
    private static int LengthIn(GpioCommand command) => (int)(((ulong)command >> 16) & 0x3FFF);
}
