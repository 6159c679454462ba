using System;
using System.Linq;
using System.Text.RegularExpressions;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>A board need not have libopus: the station says what is missing, offers the rest, and calls are in the best of that.</summary>
public sealed partial class MissingOpusTests
{
    private const string Said = "the Opus library is missing: install libopus0";

    private static readonly string[] WithoutLibrary = AgentProgram.WithoutLibrary("libopus.so.0");

    private static readonly AgentOptions Options = new() { Speech = Conversation.AtDoor, Codecs = ["OPUS", "G722", "PCMU"] };

    [Fact]
    public void Opus_is_left_out_of_the_offer_and_the_log_says_why()
    {
        using SipProbe house = new();
        AgentOptions options = Options with { Targets = [$"sip:house@127.0.0.1:{house.Port}"] };

        using AgentProgram whole = AgentProgram.Start(options);
        whole.Press();
        Assert.Equal(["opus", "G722", "PCMU"], CodecsOf(house.TakeRequest("INVITE", "486 Busy Here")));
        Assert.DoesNotContain("Opus is not offered", whole.Log, StringComparison.Ordinal);
        Assert.Equal(0, whole.End());

        using AgentProgram agent = AgentProgram.StartAt(WithoutLibrary, options);
        _ = agent.WaitFor($"Opus is not offered: {Said}");
        agent.Press();
        Assert.Equal(["G722", "PCMU"], CodecsOf(house.TakeRequest("INVITE", "486 Busy Here")));
        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void A_telephone_that_has_opus_is_called_with_the_next_best()
    {
        using BaresipPeer house = House();
        using AgentProgram agent = AgentProgram.StartAt(WithoutLibrary, Options with { Targets = [house.Address] });
        agent.Press();
        _ = agent.WaitFor("answered");

        Talk(agent, house);
    }

    [Fact]
    public void A_telephone_that_has_opus_calls_with_the_next_best()
    {
        using AgentProgram agent = AgentProgram.StartAt(WithoutLibrary, Options);
        using BaresipPeer house = House();
        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);

        Talk(agent, house);
    }

    /// <summary>It plays its file at the rate of its first codec, so that this is the one to be agreed on.</summary>
    private static BaresipPeer House() => BaresipPeer.Start(
        new BaresipOptions { User = "house", Speech = Conversation.Indoors, Codecs = "G722/16000/1,opus/48000/1,PCMU/8000/1" });

    private static void Talk(AgentProgram agent, BaresipPeer house)
    {
        Conversation.Begin(agent, house, "SRTP_");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
        Conversation.BothHeard(agent, house, CodecTests.G722SignalToNoise);
    }

    /// <summary>The codecs of an offer, in its order.</summary>
    private static string[] CodecsOf(string invite) =>
        [.. EncodingNames().Matches(invite).Select(match => match.Groups[1].Value).Where(name => name != "telephone-event")];

    [GeneratedRegex("^a=rtpmap:[0-9]+ ([^/]+)/", RegexOptions.Multiline)]
    private static partial Regex EncodingNames();
}
