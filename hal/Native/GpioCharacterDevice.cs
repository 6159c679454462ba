using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>The GPIO character device, /dev/gpiochipN, by version 2 of its interface (linux/gpio.h; Linux 5.10 or newer).</summary>
internal static unsafe partial class GpioCharacterDevice
{
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Descriptor Open(string path, StatusFlags flags);

    /// <summary>Returns 0, -1 for an error.</summary>
    /// <param name="descriptor">A chip, or a line that was requested.</param>
    /// <param name="command">What is asked; it says what the argument is.</param>
    /// <param name="argument">The structure of the command, read and written.</param>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(Descriptor descriptor, GpioCommand command, void* argument);
}

/// <summary>
/// What the device is asked. The numbers hold direction and length of the structure, as on x86-64 and ARM (asm-generic/ioctl.h).
/// </summary>
internal enum GpioCommand : ulong
{
    /// <summary>Of a chip: fills a <see cref="GpioChipInformation"/>.</summary>
    GPIO_GET_CHIPINFO_IOCTL = 0x8044B401,

    /// <summary>Of a chip: fills a <see cref="GpioLineInformation"/> whose offset is set.</summary>
    GPIO_V2_GET_LINEINFO_IOCTL = 0xC100B405,

    /// <summary>Of a chip: takes the lines of a <see cref="GpioLineRequest"/> and gives their descriptor.</summary>
    GPIO_V2_GET_LINE_IOCTL = 0xC250B407,

    /// <summary>Of lines: fills the bits of a <see cref="GpioLineValues"/> that are in its mask.</summary>
    GPIO_V2_LINE_GET_VALUES_IOCTL = 0xC010B40E,

    /// <summary>Of lines: takes the bits of a <see cref="GpioLineValues"/> that are in its mask.</summary>
    GPIO_V2_LINE_SET_VALUES_IOCTL = 0xC010B40F,
}

/// <summary>What a line is, or shall be (enum gpio_v2_line_flag).</summary>
[Flags]
internal enum GpioLineFlags : ulong
{
    GPIO_V2_LINE_FLAG_USED = 1 << 0,
    GPIO_V2_LINE_FLAG_ACTIVE_LOW = 1 << 1,
    GPIO_V2_LINE_FLAG_INPUT = 1 << 2,
    GPIO_V2_LINE_FLAG_OUTPUT = 1 << 3,
    GPIO_V2_LINE_FLAG_EDGE_RISING = 1 << 4,
    GPIO_V2_LINE_FLAG_EDGE_FALLING = 1 << 5,
    GPIO_V2_LINE_FLAG_OPEN_DRAIN = 1 << 6,
    GPIO_V2_LINE_FLAG_OPEN_SOURCE = 1 << 7,
    GPIO_V2_LINE_FLAG_BIAS_PULL_UP = 1 << 8,
    GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN = 1 << 9,
    GPIO_V2_LINE_FLAG_BIAS_DISABLED = 1 << 10,
}

/// <summary>What a <see cref="GpioLineAttribute"/> says (enum gpio_v2_line_attr_id).</summary>
internal enum GpioLineAttributeId : uint
{
    GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES = 2,
    GPIO_V2_LINE_ATTR_ID_DEBOUNCE = 3,
}

/// <summary>Which edge a <see cref="GpioLineEvent"/> is (enum gpio_v2_line_event_id); rising is from inactive to active.</summary>
internal enum GpioLineEventId : uint
{
    GPIO_V2_LINE_EVENT_RISING_EDGE = 1,
    GPIO_V2_LINE_EVENT_FALLING_EDGE = 2,
}

/// <summary>A name of the kernel's, ended by a zero byte: GPIO_MAX_NAME_SIZE.</summary>
[InlineArray(Length)]
internal struct GpioName
{
    public const int Length = 32;

    private byte _first;
}

/// <summary>struct gpiochip_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioChipInformation
{
    public GpioName Name;
    public GpioName Label;
    public uint Lines;
}

/// <summary>struct gpio_v2_line_attribute: the value is flags, values, or in its first half a period in microseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineAttribute
{
    public GpioLineAttributeId Id;
    public uint Padding;
    public ulong Value;
}

/// <summary>struct gpio_v2_line_config_attribute.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineConfigurationAttribute
{
    public GpioLineAttribute Attribute;
    public ulong Mask;
}

/// <summary>GPIO_V2_LINE_NUM_ATTRS_MAX attributes of a configuration.</summary>
[InlineArray(10)]
internal struct GpioLineConfigurationAttributes
{
    private GpioLineConfigurationAttribute _first;
}

/// <summary>GPIO_V2_LINE_NUM_ATTRS_MAX attributes of a line.</summary>
[InlineArray(10)]
internal struct GpioLineAttributes
{
    private GpioLineAttribute _first;
}

/// <summary>GPIO_V2_LINES_MAX offsets.</summary>
[InlineArray(64)]
internal struct GpioLineOffsets
{
    private uint _first;
}

/// <summary>Room that the kernel keeps for later; zero.</summary>
[InlineArray(4)]
internal struct GpioPadding4
{
    private uint _first;
}

/// <summary>Room that the kernel keeps for later; zero.</summary>
[InlineArray(5)]
internal struct GpioPadding5
{
    private uint _first;
}

/// <summary>Room that the kernel keeps for later; zero.</summary>
[InlineArray(6)]
internal struct GpioPadding6
{
    private uint _first;
}

/// <summary>struct gpio_v2_line_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineInformation
{
    public GpioName Name;
    public GpioName Consumer;
    public uint Offset;
    public uint AttributeCount;
    public GpioLineFlags Flags;
    public GpioLineAttributes Attributes;
    public GpioPadding4 Padding;
}

/// <summary>struct gpio_v2_line_config.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineConfiguration
{
    public GpioLineFlags Flags;
    public uint AttributeCount;
    public GpioPadding5 Padding;
    public GpioLineConfigurationAttributes Attributes;
}

/// <summary>struct gpio_v2_line_request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineRequest
{
    public GpioLineOffsets Offsets;
    public GpioName Consumer;
    public GpioLineConfiguration Configuration;
    public uint LineCount;
    public uint EventBufferSize;
    public GpioPadding5 Padding;
    public int Descriptor;
}

/// <summary>struct gpio_v2_line_values.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineValues
{
    public ulong Bits;
    public ulong Mask;
}

/// <summary>struct gpio_v2_line_event: what is read from a line's descriptor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineEvent
{
    public ulong Timestamp;
    public GpioLineEventId Id;
    public uint Offset;
    public uint Sequence;
    public uint LineSequence;
    public GpioPadding6 Padding;
}
