using System;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>What the tests of the real machine share.</summary>
internal static class MachineDouble
{
    public static readonly NetworkEndpoint Loopback = NetworkEndpoint.FromIPv4(0x7F000001, 0);

    public static readonly NetworkEndpoint LoopbackV6 = new(UInt128.One, 0);

    /// <summary>How long a wait may last before a test has failed. A wait that succeeds ends at once.</summary>
    private const long Patience = 5_000_000_000;

    public static IDatagramSocket OpenSocket(
        Machine machine, NetworkEndpoint local, int token = 0, ServiceClass serviceClass = ServiceClass.Media)
    {
        IDatagramSocket? socket = machine.OpenDatagramSocket(local, new Readiness(serviceClass, token), out string? problem);
        Assert.Null(problem);
        return Assert.IsAssignableFrom<IDatagramSocket>(socket);
    }

    /// <summary>Waits until something is ready.</summary>
    public static Readiness[] WaitForPorts(Machine machine, int capacity = 16)
    {
        Readiness[] ready = new Readiness[capacity];
        int count = machine.Wait(machine.Now + Patience, ready);
        Assert.True(count > 0, "Nothing became ready.");
        return ready[..count];
    }

    /// <summary>What is ready now.</summary>
    public static Readiness[] Look(Machine machine, int capacity = 16)
    {
        Readiness[] ready = new Readiness[capacity];
        return ready[..machine.Wait(0, ready)];
    }
}
