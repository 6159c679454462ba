using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Simulation.World;

/// <summary>The loop of the world, for ports of <c>hal</c> that live in it as they are: its time is virtual, descriptors are real ones.</summary>
internal sealed unsafe class SimulatedLoop(SimulatedMachine machine) : IEventLoop
{
    private readonly Dictionary<ulong, (int Descriptor, Readiness Readiness)> _descriptors = [];
    private readonly List<(IDuePort Port, Readiness Readiness)> _ports = [];
    private ulong _number;

    public long Now => machine.Now;

    /// <summary>Ports that are still open.</summary>
    public int OpenPorts => _ports.Count + _descriptors.Count;

    /// <summary>When the first port has something to say.</summary>
    public long DueAt => _ports.Count == 0 ? long.MaxValue : _ports.Min(entry => entry.Port.DueAt);

    public Errno TryAdd(Descriptor descriptor, EpollEvents events, Readiness readiness, out ulong number)
    {
        number = ++_number;
        _descriptors.Add(number, (descriptor.Number, readiness));
        return Errno.None;
    }

    public void Remove(Descriptor descriptor, ulong number) => _descriptors.Remove(number);

    public void Add(IDuePort port, Readiness readiness) => _ports.Add((port, readiness));

    public void Remove(IDuePort port) => _ports.RemoveAll(entry => entry.Port == port);

    public void AddReady(List<Readiness> ready)
    {
        foreach ((IDuePort port, Readiness readiness) in _ports)
        {
            if (port.DueAt <= Now)
            {
                ready.Add(readiness);
            }
        }

        foreach ((int descriptor, Readiness readiness) in _descriptors.Values)
        {
            PollDescriptor question = new() { Descriptor = descriptor, Events = PollEvents.POLLIN };
            if (FileDescriptors.Poll(&question, 1, 0) > 0)
            {
                ready.Add(readiness);
            }
        }
    }
}
