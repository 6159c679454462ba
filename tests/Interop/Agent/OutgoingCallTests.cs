using System;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>The button is pressed, and the agent calls telephones.</summary>
public sealed class OutgoingCallTests
{
    [Theory]
    [InlineData("127.0.0.1", "PCMU", "AES_CM_128_HMAC_SHA1_80", "SRTP_AES128_CM_HMAC_SHA1_80")]
    [InlineData("127.0.0.1", "PCMA", "AEAD_AES_128_GCM", "SRTP_AEAD_AES_128_GCM")]
    [InlineData("[::1]", "PCMU", "AEAD_AES_256_GCM", "SRTP_AEAD_AES_256_GCM")]
    public void Both_hear_the_other_and_the_button_hangs_up(string host, string codec, string profile, string agreed)
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Host = host, Speech = Conversation.Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Host = host,
            Targets = [house.Address],
            Speech = Conversation.AtDoor,
            Codecs = [codec],
            Profiles = [profile],
        });

        agent.Press();
        _ = agent.WaitFor("answered");
        Conversation.Begin(agent, house, agreed);
        house.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        agent.Press();
        _ = agent.WaitFor("hung up: the button was pressed");
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
        Conversation.BothHeard(agent, house);
    }

    [Fact]
    public void The_call_limit_hangs_up()
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Targets = [house.Address], CallLimitSeconds = 10 });

        agent.Press();
        _ = agent.WaitFor("secured with");
        _ = agent.WaitFor("hung up: the call limit was reached");
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
    }

    [Fact]
    public void The_first_of_all_that_ring_wins_and_the_other_is_told_that_it_was_answered_elsewhere()
    {
        using BaresipPeer slow = BaresipPeer.Start(new BaresipOptions { User = "slow", Speech = Conversation.Indoors, AnswersAlone = false });
        using BaresipPeer fast = BaresipPeer.Start(new BaresipOptions { User = "fast", Speech = Conversation.Indoors, AnswersAlone = false });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [slow.Address, fast.Address],
            RingsAll = true,
            Speech = Conversation.AtDoor,
        });

        agent.Press();
        _ = slow.WaitFor(BaresipEvent.Incoming, Limits.Event);
        _ = fast.WaitFor(BaresipEvent.Incoming, Limits.Event);
        fast.Accept();
        _ = agent.WaitFor("taken back: answered elsewhere");
        _ = slow.WaitFor(BaresipEvent.Closed, Limits.Event);
        Conversation.Begin(agent, fast, "SRTP_AEAD_AES_128_GCM");
        fast.HangUp();
        _ = agent.WaitFor("the other side hung up");

        // RFC 3326 section 2: what the cause of 200 in a CANCEL means.
        Assert.Contains("Reason: SIP;cause=200;text=\"Call completed elsewhere\"", slow.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, agent.End());
        Conversation.BothHeard(agent, fast);
    }

    [Fact]
    public void A_telephone_transfers_the_visitor_to_another_and_hears_that_it_is_done()
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        using BaresipPeer office = BaresipPeer.Start(new BaresipOptions { User = "office", Speech = Conversation.Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [house.Address, office.Address],
            AllowsTransfer = true,
            Speech = Conversation.AtDoor,
        });

        agent.Press();
        _ = agent.WaitFor("secured with");
        house.Transfer(office.Address);
        _ = agent.WaitFor("its transfer: it is done");
        Assert.Equal("Call transfered", house.WaitFor(BaresipEvent.Closed, Limits.Event));
        Conversation.Begin(agent, office, "SRTP_AEAD_AES_128_GCM");
        office.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        office.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        Conversation.Heard(Conversation.AtDoor, office.ReceivedAudio(), "the office", office.Output);
    }

    [Theory]
    [InlineData(true, "403 Forbidden")]
    [InlineData(false, "405 Method Not Allowed")]
    public void A_telephone_is_told_that_the_visitor_is_sent_nowhere_else_or_nowhere_at_all(bool allows, string said)
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [house.Address],
            AllowsTransfer = allows,
            Speech = Conversation.AtDoor,
        });

        agent.Press();
        Conversation.Begin(agent, house, "SRTP_AEAD_AES_128_GCM");
        house.Transfer("sip:stranger@127.0.0.1:9");
        Assert.Contains(said, house.WaitFor(BaresipEvent.TransferFailed, Limits.Event), StringComparison.Ordinal);

        // This telephone hangs up then.
        _ = agent.WaitFor("the other side hung up");
        Assert.Equal(0, agent.End());
        Assert.DoesNotContain("call 2", agent.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_target_that_is_not_there_the_next_one_rings()
    {
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors });
        using AgentProgram agent = AgentProgram.Start(new AgentOptions
        {
            Targets = [$"sip:nobody@127.0.0.1:{FreePorts.Next()}", house.Address],
            RingSeconds = 2,
        });

        agent.Press();
        _ = agent.WaitFor("call 2: calling");
        _ = agent.WaitFor("call 2: answered");

        Assert.Equal(0, agent.End());
        _ = house.WaitFor(BaresipEvent.Closed, Limits.Event);
    }
}
