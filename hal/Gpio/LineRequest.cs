using System;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Gpio;

/// <summary>
/// One line that is ours until Dispose. One request is one line: what befalls one input touches no other, and nothing but its own
/// descriptor holds the strike. The kernel gives the line back when the descriptor closes, however the process ends.
/// </summary>
internal sealed unsafe class LineRequest : IDisposable
{
    /// <summary>
    /// The edges that the kernel keeps for us: a turn of the loop that is late by a second loses none of a bouncing contact's.
    /// </summary>
    private const uint KeptEdges = 64;

    private const ulong OnlyLine = 1;

    private static readonly byte[] Consumer = "intercom-agent"u8.ToArray();

    private readonly IGpioKernel _kernel;
    private readonly IEventLoop _loop;
    private readonly Descriptor _line;
    private readonly LineSettings _settings;
    private ulong _registration;
    private uint _lastSequence;
    private bool _isWatched;
    private bool _mustRead;
    private bool _closed;

    private LineRequest(IGpioKernel kernel, IEventLoop loop, Descriptor line, LineSettings settings, string name)
    {
        _kernel = kernel;
        _loop = loop;
        _line = line;
        _settings = settings;
        Name = name;
    }

    /// <summary>The line's chip and offset, <c>gpiochip0:17</c>, for sentences.</summary>
    public string Name { get; }

    /// <summary>Edges that came while the kernel had no room for them.</summary>
    public long LostEdges { get; private set; }

    /// <summary>Why the line can be read no more, as its chip is gone; <see cref="Errno.None"/> as long as all is well.</summary>
    public Errno Failure { get; private set; }

    /// <summary>
    /// Takes a line. An input that tells edges is reported under <paramref name="readiness"/>. Failure gives null and a sentence.
    /// </summary>
    public static LineRequest? Open(
        IGpioKernel kernel, IEventLoop loop, GpioChip chip, int offset, LineSettings settings, Readiness readiness, out string? problem)
    {
        GpioLineRequest request = new() { LineCount = 1, EventBufferSize = KeptEdges, Configuration = settings.ToKernel() };
        request.Offsets[0] = (uint)offset;
        Consumer.CopyTo((Span<byte>)request.Consumer);
        string name = $"{chip.Name}:{offset}";
        Errno error = chip.Request(&request);
        if (error != Errno.None)
        {
            problem = SystemError.Sentence($"cannot take line {name}", error);
            problem += error == Errno.EBUSY && chip.FindLine(offset) is { User.Length: > 0 } line ? $", used by \"{line.User}\"" : "";
            return null;
        }

        LineRequest taken = new(kernel, loop, new Descriptor(request.Descriptor, owned: true), settings, name);
        error = taken.Watch(readiness);
        problem = error == Errno.None ? null : SystemError.Sentence($"cannot wait for line {name}", error);
        if (error != Errno.None)
        {
            taken.Dispose();
            return null;
        }

        return taken;
    }

    /// <summary>
    /// Takes the next edge; false when there is none for now. After edges were lost, the last one is the line's level as it is then read
    /// anew. So levels may repeat, but the last one is the line's.
    /// </summary>
    public bool TryReadEdge(out LineEdge edge)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        edge = default;
        GpioLineEvent happened;
        if (TryReadEvent(&happened))
        {
            _mustRead |= CountLost(happened) != 0;
            edge = new LineEdge(happened.Id == GpioLineEventId.GPIO_V2_LINE_EVENT_RISING_EDGE, (long)happened.Timestamp);
            return true;
        }

        if (_mustRead && Failure == Errno.None)
        {
            _mustRead = false;
            if (TryReadValue(out bool isActive))
            {
                edge = new LineEdge(isActive, _loop.Now);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// For one who counts edges and asks for no level: takes the next one that the kernel tells, with those before it that it had no room
    /// for. False when there is none for now.
    /// </summary>
    /// <param name="edges">How many edges there were since the last time.</param>
    /// <param name="lastAt">When the last one came, by the kernel, in nanoseconds on the monotonic clock.</param>
    public bool TryCountEdges(out long edges, out long lastAt)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        GpioLineEvent happened;
        bool found = TryReadEvent(&happened);
        edges = found ? CountLost(happened) + 1L : 0;
        lastAt = found ? (long)happened.Timestamp : 0;
        return found;
    }

    /// <summary>Reads whether the line is active; false when its chip is gone.</summary>
    public bool TryReadValue(out bool isActive)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        GpioLineValues values = new() { Mask = OnlyLine };
        Errno error = _kernel.Control(_line, GpioCommand.GPIO_V2_LINE_GET_VALUES_IOCTL, &values);
        isActive = (values.Bits & OnlyLine) != 0;
        Failure = error == Errno.None ? Failure : error;
        return error == Errno.None;
    }

    /// <summary>Makes an output active or inactive; gives why it cannot.</summary>
    public Errno SetValue(bool active)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        GpioLineValues values = new() { Bits = active ? OnlyLine : 0, Mask = OnlyLine };
        return _kernel.Control(_line, GpioCommand.GPIO_V2_LINE_SET_VALUES_IOCTL, &values);
    }

    /// <summary>Gives the line back: from then on it is as the pull-up or pull-down outside wants it. May be asked twice.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            StopWatching();
            _closed = true;
            _line.Dispose();
        }
    }

    private Errno Watch(Readiness readiness)
    {
        if (_settings.Edges == LineEdges.None)
        {
            return Errno.None;
        }

        Errno error = FileDescriptors.SetNonBlocking(_line);
        error = error == Errno.None ? _loop.TryAdd(_line, EpollEvents.EPOLLIN, readiness, out _registration) : error;
        _isWatched = error == Errno.None;
        return error;
    }

    /// <summary>linux/gpio.h: the numbers of a line's events follow one another, the first one's is 1.</summary>
    private uint CountLost(in GpioLineEvent happened)
    {
        uint lost = happened.LineSequence - _lastSequence - 1;
        LostEdges += lost;
        _lastSequence = happened.LineSequence;
        return lost;
    }

    private bool TryReadEvent(GpioLineEvent* happened)
    {
        while (_isWatched)
        {
            nint count = FileDescriptors.Read(_line, happened, (nuint)sizeof(GpioLineEvent));
            Errno error = count < 0 ? SystemError.Last : Errno.None;
            if (count == sizeof(GpioLineEvent))
            {
                return true;
            }

            if (error == Errno.EAGAIN)
            {
                return false;
            }

            if (error != Errno.EINTR)
            {
                // The chip was pulled out: its descriptor is ready for ever, and would keep the loop spinning.
                Failure = error == Errno.None ? Errno.ENODEV : error;
                StopWatching();
            }
        }

        return false;
    }

    private void StopWatching()
    {
        if (_isWatched)
        {
            _isWatched = false;
            _loop.Remove(_line, _registration);
        }
    }
}

/// <summary>A line became active or inactive.</summary>
/// <param name="IsActive">What it is from then on.</param>
/// <param name="At">When, by the kernel, in nanoseconds on the monotonic clock.</param>
internal readonly record struct LineEdge(bool IsActive, long At);
