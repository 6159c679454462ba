using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Native;
using IntercomAgent.Tests.Unit.Hal;

namespace IntercomAgent.Tests.Unit.Gpio;

/// <summary>A kernel in memory: its chips have lines that a test moves, and what is requested of it has real descriptors.</summary>
internal sealed unsafe class GpioDouble : IGpioKernel, IDisposable
{
    private readonly List<ChipDouble> _chips = [];
    private readonly Dictionary<int, ChipDouble> _open = [];
    private readonly Dictionary<int, LineDouble> _taken = [];
    private readonly List<IDisposable> _descriptors = [];

    /// <summary>What opening a chip gives instead of the chip.</summary>
    public Errno Refusal { get; set; }

    public ChipDouble Add(string label, params string[] names)
    {
        ChipDouble chip = new($"gpiochip{_chips.Count}", label, [.. names.Select(name => new LineDouble(name))]);
        _chips.Add(chip);
        return chip;
    }

    public IReadOnlyList<string> FindChips() => [.. _chips.Select(chip => $"/dev/{chip.Name}")];

    public Errno Open(string path, out Descriptor chip)
    {
        Pipe pipe = new();
        _descriptors.Add(pipe);
        chip = new Descriptor(Refusal == Errno.None ? pipe.Exit.Number : -1, owned: false);
        _open[pipe.Exit.Number] = _chips.Single(known => $"/dev/{known.Name}" == path);
        return Refusal;
    }

    public Errno Control(Descriptor descriptor, GpioCommand command, void* argument) => command switch
    {
        GpioCommand.GPIO_GET_CHIPINFO_IOCTL => Describe(_open[descriptor.Number], (GpioChipInformation*)argument),
        GpioCommand.GPIO_V2_GET_LINEINFO_IOCTL => Describe(_open[descriptor.Number], (GpioLineInformation*)argument),
        GpioCommand.GPIO_V2_GET_LINE_IOCTL => Take(_open[descriptor.Number], (GpioLineRequest*)argument),
        GpioCommand.GPIO_V2_LINE_GET_VALUES_IOCTL => Get(_taken[descriptor.Number], (GpioLineValues*)argument),
        GpioCommand.GPIO_V2_LINE_SET_VALUES_IOCTL => Set(_taken[descriptor.Number], (GpioLineValues*)argument),
        _ => Errno.ENOTTY,
    };

    public void Dispose() => _descriptors.ForEach(descriptor => descriptor.Dispose());

    private static Errno Describe(ChipDouble chip, GpioChipInformation* information)
    {
        Write(chip.Name, ref information->Name);
        Write(chip.Label, ref information->Label);
        information->Lines = (uint)chip.Lines.Length;
        return Errno.None;
    }

    private static Errno Describe(ChipDouble chip, GpioLineInformation* information)
    {
        if (information->Offset >= chip.Lines.Length)
        {
            return Errno.EINVAL;
        }

        LineDouble line = chip.Lines[information->Offset];
        Write(line.Name, ref information->Name);
        Write(line.User, ref information->Consumer);
        information->Flags = line.Flags | (line.IsTaken || line.User.Length > 0 ? GpioLineFlags.GPIO_V2_LINE_FLAG_USED : 0);
        return Errno.None;
    }

    private Errno Take(ChipDouble chip, GpioLineRequest* request)
    {
        if (request->LineCount != 1 || request->Offsets[0] >= chip.Lines.Length)
        {
            return Errno.EINVAL;
        }

        LineDouble line = chip.Lines[request->Offsets[0]];
        if (line.IsTaken || line.User.Length > 0)
        {
            return Errno.EBUSY;
        }

        Pipe pipe = new();
        _descriptors.Add(pipe);
        request->Descriptor = pipe.Exit.Number;
        pipe.Exit.SetHandleAsInvalid(); // It is the caller's from now on, to close.
        line.Take(pipe, request->Configuration);
        _taken[request->Descriptor] = line;
        return Errno.None;
    }

    private static Errno Get(LineDouble line, GpioLineValues* values)
    {
        values->Bits = line.IsActive ? values->Mask : 0;
        return line.Failure;
    }

    private static Errno Set(LineDouble line, GpioLineValues* values)
    {
        if (line.Failure == Errno.None)
        {
            line.Drive((values->Bits & values->Mask) != 0);
        }

        return line.Failure;
    }

    private static void Write(string text, ref GpioName name) => Encoding.UTF8.GetBytes(text).CopyTo((Span<byte>)name);
}

internal sealed record ChipDouble(string Name, string Label, LineDouble[] Lines);

/// <summary>One line; what the wire does, and what was asked of it.</summary>
internal sealed unsafe class LineDouble(string name)
{
    private Pipe? _pipe;
    private uint _sequence;

    public string Name => name;

    /// <summary>Who else has it.</summary>
    public string User { get; set; } = "";

    /// <summary>What reading and writing give from now on.</summary>
    public Errno Failure { get; set; }

    public GpioLineFlags Flags { get; private set; }

    public ulong DebounceMicroseconds { get; private set; }

    /// <summary>A line that this one is joined to: while that one is low, this one is.</summary>
    public LineDouble? LowWith { get; set; }

    /// <summary>Whether nothing else than a pull-up moves the wire while the line is an input.</summary>
    public bool FloatsHigh { get; set; }

    /// <summary>The logical level.</summary>
    public bool IsActive
    {
        get => LowWith is { } other ? other.IsActive : field;
        set;
    }

    /// <summary>Levels that an output has had since it was taken, the initial one first.</summary>
    public List<bool> Driven { get; } = [];

    /// <summary>Whether somebody holds its descriptor: a pipe whose other end is closed says so.</summary>
    public bool IsTaken
    {
        get
        {
            PollDescriptor question = new() { Descriptor = _pipe?.Entrance.Number ?? -1 };
            _ = FileDescriptors.Poll(&question, 1, 0);
            return _pipe is { Entrance.IsClosed: false } && (question.Returned & PollEvents.POLLERR) == 0;
        }
    }

    public void Take(Pipe pipe, in GpioLineConfiguration configuration)
    {
        _pipe = pipe;
        _sequence = 0;
        Flags = configuration.Flags;
        DebounceMicroseconds = 0;
        IsActive |= FloatsHigh && configuration.Flags.HasFlag(GpioLineFlags.GPIO_V2_LINE_FLAG_BIAS_PULL_UP);
        for (int index = 0; index < configuration.AttributeCount; index++)
        {
            GpioLineAttribute attribute = configuration.Attributes[index].Attribute;
            if (attribute.Id == GpioLineAttributeId.GPIO_V2_LINE_ATTR_ID_DEBOUNCE)
            {
                DebounceMicroseconds = attribute.Value;
            }
            else if (attribute.Id == GpioLineAttributeId.GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
            {
                Drive(attribute.Value != 0);
            }
        }
    }

    public void Drive(bool active)
    {
        IsActive = active;
        Driven.Add(active);
    }

    /// <summary>The wire changes; the kernel tells, unless it had no room.</summary>
    public void Move(bool active, long at, bool isLost = false)
    {
        IsActive = active;
        _sequence++;
        if (!isLost)
        {
            GpioLineEvent happened = new()
            {
                Timestamp = (ulong)at,
                Id = active ? GpioLineEventId.GPIO_V2_LINE_EVENT_RISING_EDGE : GpioLineEventId.GPIO_V2_LINE_EVENT_FALLING_EDGE,
                Sequence = _sequence,
                LineSequence = _sequence,
            };
            _ = FileDescriptors.Write(_pipe!.Entrance, &happened, (nuint)sizeof(GpioLineEvent));
        }
    }

    /// <summary>The chip is pulled out: nothing can be read any more, and the descriptor is ready for ever.</summary>
    public void PullOut()
    {
        Failure = Errno.ENODEV;
        _pipe!.Entrance.Dispose();
    }
}
