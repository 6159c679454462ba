using System;
using System.Threading;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>A telephone calls the agent.</summary>
public sealed class IncomingCallTests
{
    [Theory]
    [InlineData("PCMU", "AES_CM_128_HMAC_SHA1_80", "SRTP_AES128_CM_HMAC_SHA1_80")]
    [InlineData("PCMA", "AEAD_AES_128_GCM", "SRTP_AEAD_AES_128_GCM")]
    public void It_is_answered_both_hear_the_other_and_a_code_opens_the_strike(string codec, string profile, string agreed)
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Speech = Conversation.AtDoor,
            Codecs = [codec],
            Profiles = [profile],
        });
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });

        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        Conversation.Begin(agent, house, agreed);
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        _ = agent.WaitFor("strike closes");
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Conversation.BothHeard(agent, house);
    }

    [Fact]
    public void Sound_comes_back_after_a_hold()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Speech = Conversation.AtDoor });
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });

        house.Dial(agent.Address);
        _ = house.WaitFor(BaresipEvent.Established, Limits.Event);
        Conversation.Begin(agent, house, "SRTP_AES128_CM_HMAC_SHA1_80");
        house.Hold();
        Assert.Equal("answer", house.WaitFor(BaresipEvent.RemoteDescription, Limits.Event));
        Thread.Sleep(TimeSpan.FromSeconds(2));
        house.Resume();
        Assert.Equal("answer", house.WaitFor(BaresipEvent.RemoteDescription, Limits.Event));

        // This telephone records nothing after a hold, but it counts: it had about 200 packets before.
        house.WaitForPackets(300, Limits.Event);
        Thread.Sleep(Limits.Talk);
        house.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Assert.Single(agent.Log.Split('\n'), line => line.EndsWith(": answered", StringComparison.Ordinal));
        Conversation.Heard(Conversation.Indoors, agent.Heard()[^(5 * WaveFile.SampleRate)..], "the agent", agent.Log);
    }
}
