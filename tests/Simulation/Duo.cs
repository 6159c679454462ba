using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// A house with a door and one indoor station, and everything on the wire between them to see, lose, change and forge. The callee, as
/// usual the DTLS client, is the indoor station; on request it is the door.
/// </summary>
internal sealed class Duo : IDisposable
{
    /// <summary>Somebody else on the network.</summary>
    public static readonly NetworkEndpoint Stranger = NetworkEndpoint.FromIPv4(0x0A0000C8, 6666);

    public Duo(int seed, bool callerIsClient = false, TimeSpan? callLimit = null)
    {
        House = new House(seed);
        Door = House.Add(House.Door(RingOrder.InOrder, 5061) with { CallLimit = callLimit ?? TimeSpan.FromSeconds(300) });
        Indoor = House.Add(House.Indoor() with { CallLimit = callLimit ?? TimeSpan.FromSeconds(300) });
        IdlePorts = House.Machine.OpenPorts;
        House.Machine.Network.Swallows = Watch;
        House.Machine.Network.IsSingleFile = true;
        House.Machine.Network.Rewrites = bytes =>
        {
            byte[] rewritten = callerIsClient ? SystematicRun.MakeCallerActive(bytes) : bytes;
            return Rewrites?.Invoke(rewritten) ?? rewritten;
        };
    }

    public House House { get; }

    public Resident Door { get; }

    public Resident Indoor { get; }

    /// <summary>Ports that are open while nobody calls.</summary>
    public int IdlePorts { get; }

    /// <summary>Says what is lost.</summary>
    public Func<Wired, bool> Loses { get; set; } = _ => false;

    /// <summary>Changes what is under way.</summary>
    public Func<byte[], byte[]>? Rewrites { get; set; }

    /// <summary>Everything that was sent.</summary>
    public List<Wired> Wire { get; } = [];

    /// <summary>The datagrams of the handshakes.</summary>
    public IEnumerable<Wired> Handshake => Wire.Where(wired => wired.Bytes.Length > 0 && wired.Bytes[0] is >= 20 and <= 63);

    /// <summary>The datagrams of media.</summary>
    public IEnumerable<Wired> Media => Wire.Where(wired => wired.Bytes.Length > 0 && wired.Bytes[0] is >= 128 and <= 191);

    public bool AreBothQuiet => Door.Host.State == StationState.Quiet && Indoor.Host.State == StationState.Quiet;

    public void Press() => Door.Panel.Press(0, House.Machine.Now);

    /// <summary>Lets the call come up, until each has heard the other for a while from now on.</summary>
    public void Talk(double seconds = 5)
    {
        int door = Door.Ear.LoudPeriods;
        int indoor = Indoor.Ear.LoudPeriods;
        Assert.True(
            House.RunUntil(() => Door.Ear.LoudPeriods > door + 20 && Indoor.Ear.LoudPeriods > indoor + 20, seconds),
            $"door heard {Door.Ear.LoudPeriods - door}: {Door.Calls.LastReason}; indoor heard {Indoor.Ear.LoudPeriods - indoor}: {Indoor.Calls.LastReason}");
    }

    /// <summary>Lets all of it end, and finds nothing left.</summary>
    public void AssertNothingIsLeft(double seconds = 15)
    {
        Assert.True(House.RunUntil(() => AreBothQuiet, seconds), $"door {Door.Host.State}, indoor {Indoor.Host.State}");
        Assert.Equal(IdlePorts, House.Machine.OpenPorts);
        Assert.True(
            House.RunUntil(() => Door.Host.Alive == default && Indoor.Host.Alive == default, 70), $"{Door.Host.Alive}, {Indoor.Host.Alive}");
        Assert.Equal(0, House.End());
    }

    /// <summary>Hangs up at the door, at the indoor station, or at both; whoever is not in a call does nothing.</summary>
    public void HangUp(Side side)
    {
        if (side.HasFlag(Side.Door))
        {
            Door.Calls.HangUp(House.Loop.Now);
        }

        if (side.HasFlag(Side.Indoor))
        {
            Indoor.Calls.HangUp(House.Loop.Now);
        }
    }

    /// <summary>Sends bytes in somebody's name, past whoever changes or loses things.</summary>
    public void Forge(byte[] bytes, NetworkEndpoint from, NetworkEndpoint to, double milliseconds = 0.5) =>
        House.Machine.Network.Forge(bytes, from, to, House.Machine.Now + (long)(milliseconds * 1e6));

    /// <summary>Where media ports are open, the door's first.</summary>
    public NetworkEndpoint[] MediaPorts() =>
        [.. House.Machine.Network.Endpoints.Where(endpoint => endpoint.Port is >= 20000 and < 21000).OrderBy(endpoint => endpoint.Port)];

    /// <summary>Lets the indoor station's next offers name a new association (RFC 8842 section 4).</summary>
    public void RenewAssociation(char mark) => Rewrites = bytes =>
    {
        string text = Encoding.Latin1.GetString(bytes);
        int start = text.IndexOf("a=tls-id:", StringComparison.Ordinal) + "a=tls-id:".Length;
        return text.StartsWith("INVITE", StringComparison.Ordinal) && start >= "a=tls-id:".Length
            ? Encoding.Latin1.GetBytes(text[..start] + mark + text[(start + 1)..])
            : bytes;
    };

    /// <summary>Holds and resumes at the indoor station: two re-INVITEs.</summary>
    public void HoldAndResume()
    {
        Assert.True(Indoor.Calls.TryHold(hold: true, House.Loop.Now));
        House.Run(0.1);
        Assert.True(Indoor.Calls.TryHold(hold: false, House.Loop.Now));
        House.Run(0.1);
    }

    public void Dispose() => House.Dispose();

    private bool Watch(NetworkEndpoint from, NetworkEndpoint to, byte[] bytes)
    {
        Wired wired = new(House.Machine.Now, from, to, bytes);
        Wire.Add(wired);
        return Loses(wired);
    }
}

/// <summary>Who hangs up.</summary>
[Flags]
public enum Side
{
    None = 0,
    Door = 1,
    Indoor = 2,
    Both = 3,
}

/// <summary>A datagram on the wire, and when it was sent.</summary>
internal sealed record Wired(long At, NetworkEndpoint From, NetworkEndpoint To, byte[] Bytes)
{
    public HandshakeFlight Flight => HandshakeFlights.Of(Bytes);

    public bool Begins(string text) => Bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(text));
}
