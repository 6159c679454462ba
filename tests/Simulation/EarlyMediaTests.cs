using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// Telephones that are heard before they answer: whole agents, of which the network turns the 200 into a 183 for a while.
/// </summary>
public sealed class EarlyMediaTests
{
    private static readonly NetworkEndpoint FirstIndoor = NetworkEndpoint.FromIPv4(0x7F000001, 5061);

    private readonly House _house = new(seed: 61);
    private readonly Wiretap _sip;
    private readonly Resident _door;

    public EarlyMediaTests()
    {
        _sip = new Wiretap(_house);
        _door = _house.Add(House.Door(RingOrder.InOrder, FirstIndoor.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Require: 100rel\r\nRSeq: 5\r\n")]
    public void The_door_hears_whom_it_calls_and_says_nothing_itself_until_the_answer(string more)
    {
        using House house = _house;
        Resident indoor = house.Add(House.Indoor());
        bool isEarly = true;
        _sip.Loses = message => isEarly && IsAnswer(message, FirstIndoor) && Progress(message, more);

        _door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => _door.Ear.LoudPeriods > 50, 5));
        Assert.Equal((StationState.Ringing, 0), (_door.Host.State, indoor.Ear.LoudPeriods));
        isEarly = false;
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 50, 6));
        Assert.Equal(StationState.Talking, _door.Host.State);

        // What was secured while it rang counts.
        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => _door.Panel.StrikeOpenings == 1, 4));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void Early_media_without_a_word_do_not_end_a_call_that_rings()
    {
        using House house = _house;
        Resident indoor = house.Add(House.Indoor(), media => media with { PeerGone = TimeSpan.FromMinutes(1) });
        bool isEarly = true;
        _sip.Loses = message => isEarly && IsAnswer(message, FirstIndoor) && Progress(message, "");

        _door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => _door.Ear.LoudPeriods > 50, 5));

        // Longer than a peer may be silent in a call.
        bool isSilent = true;
        Func<NetworkEndpoint, NetworkEndpoint, byte[], bool> listen = house.Machine.Network.Swallows!;
        house.Machine.Network.Swallows = (from, to, bytes) =>
            (isSilent && to.Port is >= 20000 and < 21000) || listen(from, to, bytes);
        house.Run(14);
        Assert.Equal(StationState.Ringing, _door.Host.State);
        isSilent = isEarly = false;
        Assert.True(house.RunUntil(() => _door.Host.State == StationState.Talking, 6));
        Assert.True(house.RunUntil(() => indoor.Ear.LoudPeriods > 50, 4));
    }

    [Fact]
    public void Another_branch_of_a_fork_that_answers_is_heard_instead_and_alone_opens_the_door()
    {
        using House house = _house;
        Resident heard = house.Add(House.Indoor());
        Resident answering = house.Add(House.Indoor(answerAfter: 3));
        HashSet<string> forked = [];
        _sip.Loses = message =>
        {
            if (message.Text.StartsWith("INVITE ", StringComparison.Ordinal) && forked.Add(message.Header("Call-ID")))
            {
                _sip.Forge(message.Text, message.From, FirstIndoor.WithPort(5062));
            }

            return IsAnswer(message, FirstIndoor) && Progress(message, "");
        };

        _door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => _door.Ear.LoudPeriods > 50, 3));
        Assert.Equal(StationState.Ringing, _door.Host.State);
        Assert.True(house.RunUntil(() => answering.Ear.LoudPeriods > 50, 5));
        house.Run(2);
        Assert.InRange(_door.Ear.Pitch, answering.Voice.Hertz - 3, answering.Voice.Hertz + 3);
        Assert.Equal(0, heard.Ear.LoudPeriods);

        Assert.True(heard.Calls.TryDial(House.Code, house.Loop.Now));
        house.Run(3);
        Assert.Equal(0, _door.Panel.StrikeOpenings);
        Assert.True(answering.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => _door.Panel.StrikeOpenings == 1, 4));
    }

    private static bool IsAnswer(SipLine message, NetworkEndpoint from) => message.From == from
        && message.Text.StartsWith("SIP/2.0 200 ", StringComparison.Ordinal)
        && message.Header("CSeq").EndsWith("INVITE", StringComparison.Ordinal);

    /// <summary>Sends the answer as a provisional one.</summary>
    private bool Progress(SipLine answer, string more)
    {
        string text = answer.Text.Replace("SIP/2.0 200 OK\r\n", $"SIP/2.0 183 Session Progress\r\n{more}", StringComparison.Ordinal);
        _sip.Forge(text, answer.From, answer.To);
        return true;
    }
}
