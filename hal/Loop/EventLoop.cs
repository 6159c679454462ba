using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Loop;

/// <summary>
/// Waits for descriptors with epoll and for moments with one timerfd. The timer is armed with an absolute moment, so a wait ends
/// neither early nor by the slack that the kernel allows itself with timeouts, on every kernel in use; epoll_pwait2 would save one
/// system call a turn, but has that slack and needs this timer as its fallback on older kernels anyway.
/// </summary>
internal sealed class EventLoop : IEventLoop, IDisposable
{
    /// <summary>The number of the loop's own timer among the registrations.</summary>
    private const ulong TimerNumber = 0;

    private const int ServiceClasses = (int)ServiceClass.Signals + 1;

    private readonly Descriptor _epoll;
    private readonly Descriptor _timer;
    private readonly EventBuffer _events = new();
    private readonly Dictionary<ulong, Readiness> _descriptors = [];
    private readonly List<(IDuePort Port, Readiness Readiness)> _duePorts = [];
    private readonly List<ILoopTimer> _timers = [];
    private readonly List<Readiness> _found = [];
    private long _armedFor = long.MaxValue;
    private ulong _lastNumber = TimerNumber;
    private int _first;

    public EventLoop()
    {
        _epoll = Epoll.Create(Epoll.CloseOnExec);
        if (_epoll.IsInvalid)
        {
            throw SystemError.Exception("cannot create the event loop", SystemError.Last);
        }

        _timer = Clock.OpenTimer();
        if (_timer.IsInvalid)
        {
            throw SystemError.Exception("cannot create the loop's timer", SystemError.Last);
        }

        if (Watch(_timer, EpollEvents.EPOLLIN, TimerNumber) is not Errno.None and Errno error)
        {
            throw new InvalidOperationException(SystemError.Sentence("cannot wait for the loop's timer", error));
        }

        MakeRoom();
        ReadClocks();
    }

    /// <summary>The monotonic clock when <see cref="Wait"/> last returned.</summary>
    public long Now { get; private set; }

    /// <summary>The wall clock of the same moment.</summary>
    public long UnixTime { get; private set; }

    /// <summary>Reads the monotonic clock afresh.</summary>
    public static long ReadClock() => Clock.Read(ClockId.CLOCK_MONOTONIC);

    /// <summary>
    /// Reports the descriptor under <paramref name="readiness"/> from now on. The number names this registration and is never used
    /// again, so an event that outlives its port finds nobody. A descriptor that cannot be waited for gives the reason:
    /// <see cref="Errno.EPERM"/> for a regular file.
    /// </summary>
    public Errno TryAdd(Descriptor descriptor, EpollEvents events, Readiness readiness, out ulong number)
    {
        number = ++_lastNumber;
        Errno error = Watch(descriptor, events, number);
        if (error == Errno.None)
        {
            _descriptors.Add(number, readiness);
            MakeRoom();
        }

        return error;
    }

    /// <summary>Waits for something else of a descriptor from now on.</summary>
    public void Change(Descriptor descriptor, ulong number, EpollEvents events)
    {
        if (_descriptors.ContainsKey(number) && !_epoll.IsClosed
            && Watch(descriptor, events, number, EpollOperation.EPOLL_CTL_MOD) is not Errno.None and Errno error)
        {
            throw SystemError.Exception("cannot change what a descriptor is waited for", error);
        }
    }

    /// <summary>Reports the descriptor no more. To be called before it is closed.</summary>
    public unsafe void Remove(Descriptor descriptor, ulong number)
    {
        if (_descriptors.Remove(number) && !_epoll.IsClosed && Epoll.Control(_epoll, EpollOperation.EPOLL_CTL_DEL, descriptor, null) != 0)
        {
            throw SystemError.Exception("cannot stop waiting for a descriptor", SystemError.Last);
        }
    }

    /// <summary>Reports a port without a descriptor from now on.</summary>
    public void Add(IDuePort port, Readiness readiness)
    {
        _duePorts.Add((port, readiness));
        MakeRoom();
    }

    /// <summary>Reports the port no more.</summary>
    public void Remove(IDuePort port)
    {
        int index = 0;
        while (index < _duePorts.Count && _duePorts[index].Port != port)
        {
            index++;
        }

        if (index < _duePorts.Count)
        {
            _duePorts.RemoveAt(index);
        }
    }

    /// <summary>Fires the timer whenever it is due, until it is removed.</summary>
    public void Add(ILoopTimer timer) => _timers.Add(timer);

    /// <summary>Fires the timer no more.</summary>
    public void Remove(ILoopTimer timer) => _timers.Remove(timer);

    /// <summary>What <see cref="IMachine.Wait"/> promises.</summary>
    public int Wait(long wakeAt, Span<Readiness> ready)
    {
        int events = Sleep(SoonestDue(wakeAt));
        ReadClocks();
        FireTimers();
        _found.Clear();
        foreach ((IDuePort port, Readiness readiness) in _duePorts)
        {
            if (port.DueAt <= Now)
            {
                _found.Add(readiness);
            }
        }

        for (int index = 0; index < events; index++)
        {
            if (_descriptors.TryGetValue(_events.Data(index), out Readiness readiness))
            {
                _found.Add(readiness);
            }
        }

        return FillInServiceOrder(ready);
    }

    /// <summary>Closes the loop's own descriptors. Ports that outlive it are never reported again; they can still be closed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _epoll.Dispose();
    }

    private long SoonestDue(long wakeAt)
    {
        foreach ((IDuePort port, _) in _duePorts)
        {
            wakeAt = Math.Min(wakeAt, port.DueAt);
        }

        foreach (ILoopTimer timer in _timers)
        {
            wakeAt = Math.Min(wakeAt, timer.DueAt);
        }

        return wakeAt;
    }

    /// <summary>A timer may remove itself, or others, while it fires; each fires once a turn at most.</summary>
    private void FireTimers()
    {
        for (int index = _timers.Count - 1; index >= 0; index--)
        {
            if (index < _timers.Count && _timers[index].DueAt <= Now)
            {
                _timers[index].Fire();
            }
        }
    }

    private unsafe int Sleep(long until)
    {
        bool due = until <= ReadClock();
        if (!due)
        {
            ArmTimer(until);
        }

        while (true)
        {
            int count = Epoll.Wait(_epoll, _events.Address, _events.Capacity, due ? 0 : -1);
            if (count >= 0)
            {
                return count;
            }

            if (SystemError.Last != Errno.EINTR)
            {
                throw SystemError.Exception("cannot wait for events", SystemError.Last);
            }
        }
    }

    private void ArmTimer(long at)
    {
        if (at != _armedFor)
        {
            Clock.Arm(_timer, at == long.MaxValue ? 0 : at);
            _armedFor = at;
        }
    }

    /// <summary>
    /// Copies what was found, one class after the other. When there is no room for all, the next turn begins with what was left out,
    /// so that a flood on some ports does not starve the others of their class.
    /// </summary>
    private int FillInServiceOrder(Span<Readiness> ready)
    {
        int count = 0;
        for (int serviceClass = 0; serviceClass < ServiceClasses; serviceClass++)
        {
            for (int index = 0; index < _found.Count && count < ready.Length; index++)
            {
                Readiness candidate = _found[(_first + index) % _found.Count];
                if ((int)candidate.Class == serviceClass)
                {
                    ready[count++] = candidate;
                }
            }
        }

        _first = count < _found.Count ? (_first + count) % _found.Count : 0;
        return count;
    }

    private unsafe Errno Watch(
        Descriptor descriptor, EpollEvents events, ulong number, EpollOperation operation = EpollOperation.EPOLL_CTL_ADD)
    {
        Span<byte> happening = stackalloc byte[EpollEventLayout.Current.Size];
        EventBuffer.Write(happening, events, number, EpollEventLayout.Current);
        fixed (byte* address = happening)
        {
            return Epoll.Control(_epoll, operation, descriptor, address) == 0 ? Errno.None : SystemError.Last;
        }
    }

    /// <summary>Every port can be ready at once, the timer too: nothing grows while waiting, and no ready port is overlooked.</summary>
    private void MakeRoom()
    {
        _events.Grow(_descriptors.Count + 1);
        _ = _found.EnsureCapacity(_descriptors.Count + _duePorts.Count);
    }

    private void ReadClocks()
    {
        Now = ReadClock();
        UnixTime = Clock.Read(ClockId.CLOCK_REALTIME);
    }
}
