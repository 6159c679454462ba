using System;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>How a line is wired: as an input or as an output.</summary>
internal sealed record LineSettings
{
    /// <summary>The longest debounce: slower than any contact that a finger moves.</summary>
    public static readonly TimeSpan MaximumDebounce = TimeSpan.FromSeconds(1);

    /// <summary>Whether it drives, rather than listens.</summary>
    public bool IsOutput { get; init; }

    /// <summary>Whether the low level is the active one.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>What holds an input when nobody drives it.</summary>
    public LineBias Bias { get; init; }

    /// <summary>How long an input must be at rest for its new level to count; zero is at once. The kernel waits, not we.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>Which edges of an input are told.</summary>
    public LineEdges Edges { get; init; }

    /// <summary>How an output drives.</summary>
    public LineDrive Drive { get; init; }

    /// <summary>Whether an output begins active: there is no moment between being taken and having this level.</summary>
    public bool InitiallyActive { get; init; }

    /// <summary>The same for the kernel, for the request's only line.</summary>
    public GpioLineConfiguration ToKernel()
    {
        GpioLineConfiguration configuration = new() { Flags = Flags() };
        if (IsOutput)
        {
            Add(ref configuration, GpioLineAttributeId.GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES, InitiallyActive ? 1ul : 0);
        }
        else if (Debounce > TimeSpan.Zero)
        {
            // The kernel reads 32 bits at the beginning of the value: on a little-endian machine, as all of ours are, its lower half.
            TimeSpan debounce = Debounce < MaximumDebounce ? Debounce : MaximumDebounce;
            Add(ref configuration, GpioLineAttributeId.GPIO_V2_LINE_ATTR_ID_DEBOUNCE, (ulong)debounce.TotalMicroseconds);
        }

        return configuration;
    }

    private GpioLineFlags Flags()
    {
        GpioLineFlags flags = ActiveLow ? GpioLineFlags.GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0;
        if (IsOutput)
        {
            return flags | GpioLineFlags.GPIO_V2_LINE_FLAG_OUTPUT | Drive switch
            {
                LineDrive.PushPull => 0,
                LineDrive.OpenDrain => GpioLineFlags.GPIO_V2_LINE_FLAG_OPEN_DRAIN,
                LineDrive.OpenSource => GpioLineFlags.GPIO_V2_LINE_FLAG_OPEN_SOURCE,
            };
        }

        flags |= Edges.HasFlag(LineEdges.Rising) ? GpioLineFlags.GPIO_V2_LINE_FLAG_EDGE_RISING : 0;
        flags |= Edges.HasFlag(LineEdges.Falling) ? GpioLineFlags.GPIO_V2_LINE_FLAG_EDGE_FALLING : 0;
        return flags | GpioLineFlags.GPIO_V2_LINE_FLAG_INPUT | Bias switch
        {
            LineBias.AsIs => 0,
            LineBias.Disabled => GpioLineFlags.GPIO_V2_LINE_FLAG_BIAS_DISABLED,
            LineBias.PullUp => GpioLineFlags.GPIO_V2_LINE_FLAG_BIAS_PULL_UP,
            LineBias.PullDown => GpioLineFlags.GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN,
        };
    }

    private static void Add(ref GpioLineConfiguration configuration, GpioLineAttributeId id, ulong value) =>
        configuration.Attributes[(int)configuration.AttributeCount++] = new GpioLineConfigurationAttribute
        {
            Attribute = new GpioLineAttribute { Id = id, Value = value },
            Mask = 1,
        };
}

/// <summary>What holds an input when nobody drives it.</summary>
public enum LineBias
{
    /// <summary>Whatever is set already.</summary>
    AsIs,

    /// <summary>Nothing inside of the chip: there is a resistor outside.</summary>
    Disabled,

    /// <summary>A resistor to the high level.</summary>
    PullUp,

    /// <summary>A resistor to the low level.</summary>
    PullDown,
}

/// <summary>How an output drives.</summary>
public enum LineDrive
{
    /// <summary>Both levels.</summary>
    PushPull,

    /// <summary>The low level only.</summary>
    OpenDrain,

    /// <summary>The high level only.</summary>
    OpenSource,
}

/// <summary>Which edges of an input are told; rising is from inactive to active.</summary>
[Flags]
internal enum LineEdges
{
    None = 0,
    Rising = 1,
    Falling = 2,
    Both = Rising | Falling,
}
