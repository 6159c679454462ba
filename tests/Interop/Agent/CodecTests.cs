using System;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>Calls with a telephone in the codecs that are wider than G.711, in both directions; keys count in each.</summary>
public sealed class CodecTests
{
    /// <summary>In decibels, for such speech: what the six bits of the lower sub-band leave.</summary>
    internal const double G722SignalToNoise = 20;

    /// <summary>The peer's own name of it: it knows no opus/48000/2 while its configuration wants one channel.</summary>
    private const string MonophonicOpus = "opus/48000/1";

    [Fact]
    public void A_telephone_is_called_with_g722()
    {
        using BaresipPeer house = House("G722/16000/1");
        using AgentProgram agent = Agent(house.Address);
        agent.Press();
        _ = agent.WaitFor("answered");
        Talk(agent, house);

        Conversation.BothHeard(agent, house, G722SignalToNoise);
    }

    [Fact]
    public void A_telephone_calls_with_g722()
    {
        using AgentProgram agent = Agent();
        using BaresipPeer house = House("G722/16000/1");
        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        Talk(agent, house);

        Conversation.BothHeard(agent, house, G722SignalToNoise);
    }

    [Fact]
    public void A_telephone_is_called_with_opus()
    {
        using BaresipPeer house = House(MonophonicOpus);
        using AgentProgram agent = Agent(house.Address);
        agent.Press();
        _ = agent.WaitFor("answered");
        Talk(agent, house);

        Conversation.BothHeardLike(agent, house);
    }

    [Fact]
    public void A_telephone_calls_with_opus()
    {
        using AgentProgram agent = Agent();
        using BaresipPeer house = House(MonophonicOpus);
        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        Talk(agent, house);

        Conversation.BothHeardLike(agent, house);
    }

    [Fact]
    public void The_comparison_that_opus_must_pass_tells_speech_from_other_speech_and_from_speech_with_holes()
    {
        short[] holes = (short[])Conversation.Indoors.Clone();
        for (int at = 0; at + 160 <= holes.Length; at += 1600)
        {
            Array.Clear(holes, at, 160);
        }

        Assert.True(SpectralComparison.Compare(Conversation.Indoors, Conversation.Indoors).MatchingFrames > 0.99);
        Assert.True(SpectralComparison.Compare(Conversation.Indoors, Conversation.AtDoor).MatchingFrames < 0.5);
        Assert.True(SpectralComparison.Compare(Conversation.Indoors, holes).MatchingFrames < 0.9);
    }

    private static BaresipPeer House(string codec) =>
        BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors, Codecs = codec });

    private static AgentProgram Agent(params string[] targets) => AgentProgram.Start(
        new AgentOptions { Targets = targets, Speech = Conversation.AtDoor, Codecs = ["OPUS", "G722", "PCMA", "PCMU"] });

    private static void Talk(AgentProgram agent, BaresipPeer house)
    {
        Conversation.Begin(agent, house, "SRTP_");
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
    }
}
