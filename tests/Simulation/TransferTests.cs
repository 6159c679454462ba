using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// Calls that are transferred (RFC 3515) and replaced (RFC 3891), with whole agents at the door (5060), in the kitchen (5061), in the
/// office (5062) and in the garage (5063). The agents ask nobody for a transfer: where a telephone does, the test speaks in its name.
/// </summary>
public sealed class TransferTests
{
    private const ushort DoorPort = 5060;
    private const ushort KitchenPort = 5061;
    private const ushort OfficePort = 5062;
    private const ushort GaragePort = 5063;
    private const string Office = "sip:in@127.0.0.1:5062";

    private readonly List<string> _wire = [];
    private readonly List<string> _told = [];
    private int _requests;

    [Fact]
    public void The_kitchen_sends_the_visitor_to_the_office()
    {
        using House house = new(seed: 41);
        (Resident door, Resident kitchen, Resident office) = Add(house, officeAnswersAfter: 3);
        Talk(house, door, kitchen);

        Refer(house, $"<{Office}>");
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 100, 10), string.Join('\n', _told));
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"], _told);
        Assert.True(house.RunUntil(() => kitchen.Host.State == StationState.Quiet, 2));

        // It is a call like any other: encrypted, heard at both ends, and its code opens the door.
        int heard = door.Ear.LoudPeriods;
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > heard + 100, 5));
        Assert.InRange(door.Ear.Pitch, office.Voice.Hertz - 3, office.Voice.Hertz + 3);
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", door.Calls.CurrentCall!.Security.CipherSuite);
        Assert.True(office.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Panel.StrikeOpen, 3));

        door.Calls.HangUp(house.Loop.Now);
        Assert.True(house.RunUntil(() => office.Host.State == StationState.Quiet, 3));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_call_goes_on_when_the_office_does_not_take_it()
    {
        using House house = new(seed: 42);
        (Resident door, Resident kitchen, Resident office) = Add(house, officePolicy: new IncomingPolicy());
        Talk(house, door, kitchen);

        Refer(house, $"<{Office}>");
        house.Run(3);
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 603 Decline"], _told);
        Assert.Equal(0, office.Ear.LoudPeriods);
        int heard = kitchen.Ear.LoudPeriods;
        Assert.True(house.RunUntil(() => kitchen.Ear.LoudPeriods > heard + 50, 3));
        Assert.Equal((StationState.Talking, StationState.Talking), (door.Host.State, kitchen.Host.State));
        Assert.Equal(0, house.End());
    }

    [Theory]
    [InlineData("sip:in@127.0.0.1:5063", true, "403 REFER")]
    [InlineData("sip:stranger@127.0.0.1:5062", true, "403 REFER")]
    [InlineData("tel:112", true, "416 REFER")]
    [InlineData(Office, false, "405 REFER")]
    public void The_visitor_is_sent_nowhere_else_and_nowhere_at_all_unless_that_is_allowed(string target, bool allows, string said)
    {
        using House house = new(seed: 43);
        (Resident door, Resident kitchen, _) = Add(house, allows: allows);
        Talk(house, door, kitchen);
        int invites = Invites();

        Refer(house, $"<{target}>");
        house.Run(3);
        Assert.Contains($"SIP/2.0 {said[..3]}", _wire.Last(message => message.Contains("CSeq: 1 REFER")));
        Assert.Equal(invites, Invites());
        Assert.Empty(_told);
        Assert.Equal((StationState.Talking, StationState.Talking), (door.Host.State, kitchen.Host.State));
    }

    [Fact]
    public void The_kitchen_hangs_up_at_once_and_the_office_still_gets_the_visitor()
    {
        using House house = new(seed: 44);
        (Resident door, Resident kitchen, Resident office) = Add(house, officeAnswersAfter: 3);
        Talk(house, door, kitchen);

        Refer(house, $"<{Office}>");
        house.Run(0.5);
        kitchen.Calls.HangUp(house.Loop.Now);
        house.Run(1);
        Assert.Equal(StationState.Ringing, door.Host.State);
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 50, 10));
        Assert.Equal("SIP/2.0 200 OK", _told[^1]);
        Assert.Equal(StationState.Talking, door.Host.State);
        office.Calls.HangUp(house.Loop.Now);
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 3));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void Half_a_code_from_the_kitchen_and_half_from_the_office_open_nothing()
    {
        using House house = new(seed: 45);
        (Resident door, Resident kitchen, Resident office) = Add(house);
        Talk(house, door, kitchen);
        Assert.True(kitchen.Calls.TryDial(House.Code[..2], house.Loop.Now));
        house.Run(1);

        Refer(house, $"<{Office}>");
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 20, 5));
        Assert.True(office.Calls.TryDial(House.Code[2..], house.Loop.Now));
        house.Run(2);
        Assert.Equal(0, door.Panel.StrikeOpenings);
    }

    [Fact]
    public void The_call_limit_counts_on_through_a_transfer()
    {
        using House house = new(seed: 46);
        (Resident door, Resident kitchen, Resident office) = Add(house, callLimit: 10);
        Talk(house, door, kitchen);
        house.Run(5);
        Refer(house, $"<{Office}>");
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 20, 4));
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 5));
    }

    [Fact]
    public void The_office_leaves_the_garage_for_the_visitor_when_the_kitchen_says_so()
    {
        using House house = new(seed: 47);
        (Resident door, Resident kitchen, Resident office) = Add(house, allowsOffice: true);
        Resident garage = house.Add(House.Door(RingOrder.InOrder, OfficePort));
        garage.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 20 && garage.Ear.LoudPeriods > 20, 5));
        string answer = Answer(GaragePort);
        string replaces = $"{Header(answer, "Call-ID")};to-tag={Tag(answer, "To")};from-tag={Tag(answer, "From")}";

        Talk(house, door, kitchen);
        Refer(house, $"<{Office}?Replaces={Uri.EscapeDataString(replaces)}>");
        Assert.True(house.RunUntil(() => garage.Host.State == StationState.Quiet && kitchen.Host.State == StationState.Quiet, 5));
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"], _told);
        Assert.Contains($"\r\nReplaces: {replaces}\r\n", _wire.Last(message => message.StartsWith("INVITE")));
        int heard = office.Ear.LoudPeriods;
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > heard + 100, 5));
        Assert.InRange(office.Ear.Pitch, door.Voice.Hertz - 3, door.Voice.Hertz + 3);
        Assert.Equal(0, house.End());
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("*", false)]
    public void The_office_takes_the_kitchens_place_if_it_is_known_at_the_door(string caller, bool takes)
    {
        using House house = new(seed: 48);
        IncomingPolicy policy = new() { Answers = true, Callers = [new CallerPattern(caller)] };
        (Resident door, Resident kitchen, Resident office) = Add(house, doorPolicy: policy);
        Talk(house, door, kitchen);
        Assert.True(kitchen.Calls.TryDial(House.Code[..2], house.Loop.Now));
        house.Run(1);

        TakePlace(house, Answer(DoorPort));
        office.Panel.Press(0, house.Machine.Now);
        Assert.Equal(takes, house.RunUntil(() => office.Ear.LoudPeriods > 50 && kitchen.Host.State == StationState.Quiet, 5));
        Assert.Equal(takes ? StationState.Quiet : StationState.Talking, kitchen.Host.State);
        Assert.Equal(StationState.Talking, door.Host.State);
        if (takes)
        {
            Assert.True(office.Calls.TryDial(House.Code[2..], house.Loop.Now));
            house.Run(2);
            Assert.Equal(0, door.Panel.StrikeOpenings);
            door.Calls.HangUp(house.Loop.Now);
            Assert.True(house.RunUntil(() => office.Host.State == StationState.Quiet, 3));
        }

        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_office_picks_up_while_the_kitchen_rings()
    {
        using House house = new(seed: 49);
        IncomingPolicy policy = new() { Answers = true, Callers = [new CallerPattern("127.0.0.1")] };
        (Resident door, Resident kitchen, Resident office) = Add(house, doorPolicy: policy, kitchenAnswersAfter: 10);
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => kitchen.Host.State == StationState.Alerting, 3));
        house.Run(1);

        string ringing = _wire.Last(message => message.StartsWith("SIP/2.0 180"));
        TakePlace(house, ringing, ";early-only");
        office.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => office.Ear.LoudPeriods > 50 && door.Ear.LoudPeriods > 50, 5));
        Assert.Equal((StationState.Talking, StationState.Quiet), (door.Host.State, kitchen.Host.State));
        Assert.Equal(0, kitchen.Ear.LoudPeriods);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void Nobody_takes_the_place_of_a_call_that_has_ended()
    {
        using House house = new(seed: 50);
        IncomingPolicy policy = new() { Answers = true, Callers = [new CallerPattern("127.0.0.1")] };
        (Resident door, Resident kitchen, Resident office) = Add(house, doorPolicy: policy);
        Talk(house, door, kitchen);
        string answer = Answer(DoorPort);
        kitchen.Calls.HangUp(house.Loop.Now);
        Assert.True(house.RunUntil(() => door.Host.State == StationState.Quiet, 3));

        TakePlace(house, answer);
        office.Panel.Press(0, house.Machine.Now);
        house.Run(3);
        Assert.Equal((StationState.Quiet, StationState.Quiet), (door.Host.State, office.Host.State));
        Assert.Contains(_wire, message => message.StartsWith("SIP/2.0 603 Decline"));
    }

    private (Resident Door, Resident Kitchen, Resident Office) Add(
        House house, bool allows = true, double officeAnswersAfter = 0, double kitchenAnswersAfter = 0, double callLimit = 300,
        IncomingPolicy? officePolicy = null, IncomingPolicy? doorPolicy = null, bool allowsOffice = false)
    {
        Resident door = house.Add(House.Door(RingOrder.InOrder, KitchenPort, OfficePort) with
        {
            AllowsTransfer = allows,
            CallLimit = TimeSpan.FromSeconds(callLimit),
            Incoming = doorPolicy ?? new IncomingPolicy(),
        });
        Resident kitchen = house.Add(House.Indoor(kitchenAnswersAfter));
        IncomingPolicy everybody = new()
        {
            Answers = true,
            Callers = [new CallerPattern("127.0.0.1")],
            AnswerAfter = TimeSpan.FromSeconds(officeAnswersAfter),
        };
        Resident office = house.Add(House.Door(RingOrder.InOrder, DoorPort) with
        {
            AllowsTransfer = allowsOffice,
            Incoming = officePolicy ?? everybody,
        });
        house.Machine.Network.Swallows = (_, to, bytes) => Watch(house, to, Encoding.Latin1.GetString(bytes));
        return (door, kitchen, office);
    }

    private static void Talk(House house, Resident door, Resident kitchen)
    {
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 20 && kitchen.Ear.LoudPeriods > 20, 5));
    }

    /// <summary>Keeps what signalling says. What the door tells of a transfer, the kitchen's agent would not understand.</summary>
    private bool Watch(House house, NetworkEndpoint to, string message)
    {
        bool isSip = message.Contains("SIP/2.0", StringComparison.Ordinal);
        if (isSip)
        {
            _wire.Add(message);
        }

        if (!message.StartsWith("NOTIFY ", StringComparison.Ordinal))
        {
            return false;
        }

        _told.Add(message.Split("\r\n\r\n")[1].TrimEnd());
        string[] copied = ["Via", "From", "To", "Call-ID", "CSeq"];
        string answer = $"SIP/2.0 200 OK\r\n{string.Concat(copied.Select(name => $"{name}: {Header(message, name)}\r\n"))}\r\n";
        house.Machine.Network.Forge(Encoding.ASCII.GetBytes(answer), to, to.WithPort(DoorPort), house.Machine.Now + 1_000_000);
        return true;
    }

    /// <summary>
    /// The kitchen asks the door to call somebody else. Its agent has asked for nothing yet, and may use the same number once more.
    /// </summary>
    private void Refer(House house, string to)
    {
        string answer = Answer(DoorPort);
        NetworkEndpoint kitchen = NetworkEndpoint.FromIPv4(0x7F000001, KitchenPort);
        string refer = $"REFER sip:door@127.0.0.1:{DoorPort} SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP 127.0.0.1:{KitchenPort};branch=z9hG4bKr{++_requests}\r\nFrom: {Header(answer, "To")}\r\nTo: {Header(answer, "From")}\r\nCall-ID: {Header(answer, "Call-ID")}\r\n"
            + $"CSeq: 1 REFER\r\nMax-Forwards: 70\r\nContact: <sip:in@127.0.0.1:{KitchenPort}>\r\nRefer-To: {to}\r\n"
            + "Content-Length: 0\r\n\r\n";
        house.Machine.Network.Forge(Encoding.ASCII.GetBytes(refer), kitchen, kitchen.WithPort(DoorPort), house.Machine.Now + 1_000_000);
    }

    /// <summary>The office's INVITE says that it wants to be in the place of who answered the door like that.</summary>
    private static void TakePlace(House house, string answer, string more = "")
    {
        string line = $"Replaces: {Header(answer, "Call-ID")};to-tag={Tag(answer, "From")};from-tag={Tag(answer, "To")}{more}\r\n";
        house.Machine.Network.Rewrites = bytes =>
        {
            string text = Encoding.Latin1.GetString(bytes);
            return text.StartsWith($"INVITE sip:in@127.0.0.1:{DoorPort}", StringComparison.Ordinal)
                ? Encoding.Latin1.GetBytes(text.Replace("Max-Forwards: 70\r\n", $"Max-Forwards: 70\r\n{line}", StringComparison.Ordinal))
                : bytes;
        };
    }

    /// <summary>The last answer to an INVITE that came from that port.</summary>
    private string Answer(ushort caller) => _wire.Last(message => message.StartsWith("SIP/2.0 200", StringComparison.Ordinal)
        && message.Contains(" INVITE\r\n", StringComparison.Ordinal)
        && Header(message, "Via").Contains($":{caller};", StringComparison.Ordinal));

    private int Invites() => _wire.Count(message => message.StartsWith("INVITE ", StringComparison.Ordinal));

    private static string Header(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static string Tag(string message, string name) => Header(message, name).Split(";tag=")[1];
}
