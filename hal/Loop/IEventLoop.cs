using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Loop;

/// <summary>What a port needs of the loop that it lives on; a test has one with a clock that it moves by hand.</summary>
internal interface IEventLoop
{
    /// <summary>The monotonic clock of this turn, in nanoseconds.</summary>
    long Now { get; }

    /// <summary>Reports the descriptor from now on. The number names this registration.</summary>
    Errno TryAdd(Descriptor descriptor, EpollEvents events, Readiness readiness, out ulong number);

    /// <summary>Reports the descriptor no more. To be called before it is closed.</summary>
    void Remove(Descriptor descriptor, ulong number);

    /// <summary>Reports a port without a descriptor from now on.</summary>
    void Add(IDuePort port, Readiness readiness);

    /// <summary>Reports the port no more.</summary>
    void Remove(IDuePort port);
}
