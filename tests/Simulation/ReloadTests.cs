using System;
using System.IO;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A configuration that is read anew while the door is busy.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string NewCode = "1379";

    private readonly Service _service = new();
    private readonly House _house = new(seed: 501);
    private readonly Resident _door;
    private readonly Resident _indoor;

    public ReloadTests()
    {
        _door = _house.Add(House.Door(RingOrder.InOrder, 5061));
        _indoor = _house.Add(House.Indoor(answerAfter: 3));
    }

    public void Dispose()
    {
        _house.Dispose();
        _service.Dispose();
    }

    [Fact]
    public void A_reload_in_mid_call_changes_a_code_and_leaves_the_call_alone()
    {
        At(0.1, () => _door.Panel.Press(0, _house.Machine.Now));
        At(5, () => Reload(() => _service.Write(code: NewCode)));
        At(6, () => Assert.True(_indoor.Calls.TryDial(NewCode, _house.Loop.Now)));
        At(8, () => Assert.Equal(1, _door.Panel.StrikeOpenings));
        At(10, () => Assert.True(_indoor.Calls.TryDial(House.Code, _house.Loop.Now)));
        At(14.9, () =>
        {
            Assert.Equal(1, _door.Panel.StrikeOpenings);
            Assert.Equal((StationState.Talking, StationState.Talking), (_door.Host.State, _indoor.Host.State));
            Assert.Equal(0, _door.Calls.CurrentCall!.Stream.PacketsLost + _indoor.Calls.CurrentCall!.Stream.PacketsLost);
            Assert.True(_indoor.Ear.LoudPeriods > 500, $"{_indoor.Ear.LoudPeriods}");
        });
        _service.Run(_house, _door, seconds: 15);

        Assert.Contains("the configuration was read anew\n", _service.Log);
    }

    [Theory]
    [InlineData("code = [", "agent.toml")]
    [InlineData("[strike]\npulse_seconds = 3000", "pulse_seconds")]
    [InlineData("[keypads]", "keypads")]
    public void A_faulty_file_is_told_and_changes_nothing(string text, string complaint)
    {
        At(0.1, () => _door.Panel.Press(0, _house.Machine.Now));
        At(5, () => Reload(() => File.WriteAllText(_service.ConfigurationFile, text)));
        At(6, () => Assert.True(_indoor.Calls.TryDial(House.Code, _house.Loop.Now)));
        At(8, () => Assert.Equal((1, StationState.Talking), (_door.Panel.StrikeOpenings, _door.Host.State)));
        _service.Run(_house, _door, seconds: 9);

        Assert.Contains(complaint, _service.Log);
        Assert.Contains("the configuration cannot be used, and stays as it was", _service.Log);
    }

    [Fact]
    public void A_missing_file_is_told_and_changes_nothing()
    {
        At(1, () => _house.Machine.Raise(Signal.HangUp));
        At(2, () => _door.Panel.Press(0, _house.Machine.Now));
        At(6, () => Assert.Equal(StationState.Talking, _door.Host.State));
        _service.Run(_house, _door, seconds: 7);

        Assert.Contains("there is no such file", _service.Log);
    }

    [Fact]
    public void A_reload_while_it_rings_lets_the_ring_go_on_and_the_next_one_follow_the_new_plan()
    {
        Resident other = _house.Add(House.Indoor());
        At(0.1, () => _door.Panel.Press(0, _house.Machine.Now));
        At(1, () => Reload(() => _service.Write(target: 5062)));
        At(2, () => Assert.Equal(StationState.Ringing, _door.Host.State));
        At(4, () => Assert.Equal((StationState.Talking, StationState.Quiet), (_indoor.Host.State, other.Host.State)));
        At(6, () => _indoor.Calls.HangUp(_house.Loop.Now));
        At(7, () => _door.Panel.Press(0, _house.Machine.Now));
        At(9, () => Assert.Equal((StationState.Quiet, StationState.Talking), (_indoor.Host.State, other.Host.State)));
        _service.Run(_house, _door, seconds: 10);

        Assert.Contains("the configuration was read anew\n", _service.Log);
    }

    [Fact]
    public void What_needs_a_port_or_a_device_anew_is_named_and_the_rest_holds_at_once()
    {
        At(0.1, () => _door.Panel.Press(0, _house.Machine.Now));
        At(5, () => Reload(() => _service.Write(code: NewCode, port: 5070, more: "audio.kind = \"tone\"")));
        At(6, () => Assert.True(_indoor.Calls.TryDial(NewCode, _house.Loop.Now)));
        At(8, () => Assert.Equal((1, 5060), (_door.Panel.StrikeOpenings, _door.Host.SignallingEndpoint.Port)));
        _service.Run(_house, _door, seconds: 9);

        Assert.Contains("what has changed in [sip], [audio] needs a restart", _service.Log);
    }

    [Fact]
    public void A_reload_forgives_no_wrong_code()
    {
        At(0.1, () => _door.Panel.Press(0, _house.Machine.Now));
        At(5, () => Assert.True(_indoor.Calls.TryDial("111111112222", _house.Loop.Now)));
        At(12, () => Reload(() => _service.Write(code: NewCode)));
        At(13, () => Assert.True(_indoor.Calls.TryDial(NewCode, _house.Loop.Now)));
        At(16, () => Assert.Equal((3, 0), (_door.Host.WrongCodeEntries, _door.Panel.StrikeOpenings)));
        _service.Run(_house, _door, seconds: 17);
    }

    [Theory]
    [InlineData(7000, true)]
    [InlineData(7001, true)]
    [InlineData(7002, false)]
    public void A_check_sync_of_the_registrar_or_the_proxy_has_it_read_anew(ushort port, bool isRead)
    {
        NetworkEndpoint station = NetworkEndpoint.FromIPv4(0x7F000001, 5062);
        Wiretap sip = new(_house);
        Resident door = _house.Add(House.Indoor(), accounts: [new AccountConfiguration
        {
            Registrar = station.WithPort(7000),
            User = "door",
            Password = new Secret("secret"),
            Expires = TimeSpan.FromMinutes(10),
            OutboundProxy = station.WithPort(7001),
        }]);
        _service.Write();
        NetworkEndpoint sender = port == 7002 ? NetworkEndpoint.FromIPv4(0x7F000002, 7000) : station.WithPort(port);
        string notify = $"NOTIFY sip:door@127.0.0.1:5062 SIP/2.0\r\nVia: SIP/2.0/UDP {sender};branch=z9hG4bKsync\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:pbx@127.0.0.1>;tag=a\r\nTo: <sip:door@127.0.0.1>\r\nCall-ID: sync\r\nCSeq: 1 NOTIFY\r\nEvent: check-sync\r\n"
            + "Content-Length: 0\r\n\r\n";
        At(2, () => sip.Forge(notify, sender, station));
        _service.Run(_house, door, seconds: 3);

        Assert.Equal(isRead, _service.Log.Contains("needs a restart"));
        _ = Assert.Single(sip.Find("SIP/2.0 200 "));
    }

    private void At(double seconds, Action act) => _house.Machine.After(TimeSpan.FromSeconds(seconds), act);

    private void Reload(Action write)
    {
        write();
        _house.Machine.Raise(Signal.HangUp);
    }
}
