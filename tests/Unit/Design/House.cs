using System;
using System.Linq;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>
/// A room of the house, and the rooms that it may use. All are named by their namespace without <c>IntercomAgent.</c>;
/// a single type that stands apart from its neighbours is a room too.
/// </summary>
internal sealed record Room(string Name, string[] MayUse);

/// <summary>
/// The house of DESIGN.md as a table, from the cellar up: a room uses only rooms that stand above it in the table, and of these
/// only what its row allows. Whoever needs a new arrow writes it here, where everybody sees it.
/// </summary>
internal static class House
{
    /// <summary>The namespace that all rooms are in.</summary>
    public const string Name = "IntercomAgent";

    /// <summary>The types right in <see cref="Name"/>: AgentHost and what composes with it.</summary>
    public const string Composition = "";

    /// <summary>The machine and its interface. Engines know value types and ports at most, never these two.</summary>
    public const string Machine = "Hal";

    /// <summary>The rows.</summary>
    public static readonly Room[] Rooms =
    [
        // crypto: knows no hal and no SIP.
        new("Crypto.Wire", []),
        new("Crypto.Primitives", ["Crypto.Wire"]),
        new("Crypto.Certificates", ["Crypto.Wire", "Crypto.Primitives"]),
        new("Crypto.Srtp", ["Crypto.Wire", "Crypto.Primitives"]),
        new("Crypto.Dtls", ["Crypto.Wire", "Crypto.Primitives", "Crypto.Certificates", "Crypto.Srtp"]),
        new("Crypto.Tls", ["Crypto.Wire", "Crypto.Primitives", "Crypto.Certificates", "Crypto.Dtls"]),

        // hal: knows no crypto and no SIP.
        new("Hal.Native", []),
        new("Hal.Loop", ["Hal.Native"]),
        new("Hal.Net", ["Hal.Native", "Hal.Loop"]),
        new("Hal.Gpio", ["Hal.Native", "Hal.Loop"]),
        new("Hal.Audio", ["Hal.Native", "Hal.Loop", "Hal.Gpio"]),
        new("Hal.Systemd", ["Hal.Native"]),
        new("Hal.Files", ["Hal.Native"]),
        new(Machine, ["Hal.Native", "Hal.Loop", "Hal.Net", "Hal.Audio", "Hal.Gpio", "Hal.Systemd", "Hal.Files"]),

        // agent: the engines. Of hal they know the address of a peer.
        new("Rtp", ["Crypto.Wire"]),
        new("Ice", ["Crypto.Wire", "Crypto.Primitives", "Hal.Net"]),
        new("Audio", ["Rtp"]),
        new("Dns", ["Crypto.Wire", "Hal.Net"]),
        new("Sip", ["Crypto.Wire", "Crypto.Primitives", "Crypto.Certificates", "Crypto.Tls", "Dns", "Hal.Net"]),
        new("Sdp", ["Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Hal.Net", "Rtp", "Audio", "Ice"]),
        new("Media", [
            "Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Crypto.Dtls", "Hal.Net", "Rtp", "Ice", "Audio", "Sdp"]),

        // agent: what a station decides knows no protocol; a call is the only room that knows signalling and media.
        new("Station", ["Crypto.Wire"]),
        new("Calls", ["Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Hal.Net", "Rtp", "Audio", "Sip", "Sdp", "Media"]),

        // agent: what outlives the program, as values.
        new("State", []),

        // agent: the composition, and what only it knows.
        new("Configuration", [
            "Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Hal.Net", "Hal.Audio", "Hal.Gpio", "Audio", "Station"]),
        new("Logging", ["Crypto.Wire", "Crypto.Srtp", "Hal.Loop", "Hal.Net", "Station", "Media", "Calls"]),
        new("ITurnMember", ["Crypto.Wire", "Hal.Loop"]),
        new("TurnLoop", ["Crypto.Wire", "Hal.Loop", Machine, "ITurnMember"]),
        new(Composition, [
            "Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Crypto.Tls", "Hal.Loop", "Hal.Net", "Hal.Audio", "Hal.Gpio", "Hal.Systemd", "Hal.Files", Machine,
            "Audio", "Rtp", "Dns", "Sip", "Sdp", "Media", "Station", "Calls", "State", "Configuration", "Logging", "ITurnMember", "TurnLoop"]),
        new("Demo", [
            "Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Hal.Loop", "Hal.Net", "Hal.Audio", "Hal.Gpio", Machine,
            "Audio", "Sip", "Media", "Station", "Calls", "Configuration", "Logging", "ITurnMember", "TurnLoop", Composition]),
        new("Commands", [
            "Crypto.Wire", "Crypto.Certificates", "Crypto.Srtp", "Hal.Loop", "Hal.Net", "Hal.Audio", "Hal.Gpio", "Hal.Systemd", "Hal.Files", Machine,
            "Audio", "Station", "State", "Configuration", "Logging", "TurnLoop", Composition, "Demo"]),
        new("Program", ["Hal.Loop", "Commands"]),
    ];

    /// <summary>The libraries of others, each with the only rooms that may use it.</summary>
    public static readonly (string Library, string[] Rooms)[] Libraries =
    [
        ("Org.BouncyCastle", ["Crypto.Primitives", "Crypto.Certificates", "Crypto.Srtp", "Crypto.Dtls", "Crypto.Tls"]),
        ("System.CommandLine", ["Commands"]),
        ("System.Device.Gpio", ["Hal.Gpio"]),
        ("Tomlyn", ["Configuration"]),
        ("Microsoft.Extensions.Logging", ["Configuration", "Logging", Composition, "Demo", "Commands"]),
    ];

    /// <summary>The room that a type of ours lives in; null when it lives in none.</summary>
    public static Room? RoomOf(string type)
    {
        if (type == "Program")
        {
            return Rooms[^1];
        }

        string inHouse = type[(Name.Length + 1)..];
        string folder = TypeUse.NamespaceOf(inHouse);
        return Rooms.FirstOrDefault(room => room.Name == inHouse)
            ?? Rooms.FirstOrDefault(room => room.Name == folder)
            ?? Rooms.FirstOrDefault(room => !IsHall(room) && folder.StartsWith($"{room.Name}.", StringComparison.Ordinal));
    }

    /// <summary>Whether a type is ours at all.</summary>
    public static bool IsOurs(string type) => type == "Program" || type.StartsWith($"{Name}.", StringComparison.Ordinal);

    // A folder inside of a room is part of it. The two that the rooms themselves are in own only what lies right in them.
    private static bool IsHall(Room room) => room.Name is Composition or Machine;
}
