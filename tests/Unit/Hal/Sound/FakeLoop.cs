using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

/// <summary>A loop whose clock is moved by hand.</summary>
internal sealed class FakeLoop : IEventLoop
{
    private readonly Dictionary<ulong, int> _descriptors = [];
    private readonly List<IDuePort> _ports = [];
    private ulong _number;

    public long Now { get; set; } = 1_000_000_000_000;

    public Errno Refusal { get; set; }

    public IReadOnlyCollection<int> Descriptors => _descriptors.Values;

    public int Ports => _ports.Count;

    public long DueAt => _ports.Min(port => port.DueAt);

    public Errno TryAdd(Descriptor descriptor, EpollEvents events, Readiness readiness, out ulong number)
    {
        number = ++_number;
        if (Refusal == Errno.None)
        {
            _descriptors.Add(number, descriptor.Number);
        }

        return Refusal;
    }

    public void Remove(Descriptor descriptor, ulong number) => _descriptors.Remove(number);

    public void Add(IDuePort port, Readiness readiness) => _ports.Add(port);

    public void Remove(IDuePort port) => _ports.Remove(port);
}
