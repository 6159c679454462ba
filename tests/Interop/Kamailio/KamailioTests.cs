using System;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Kamailio;

/// <summary>Doors and telephones register with a kamailio and call each other through it; it asks for a password each time.</summary>
public sealed class KamailioTests
{
    [Fact]
    public void Two_agents_register_with_SHA_256_and_call_each_other_by_name()
    {
        using KamailioProxy proxy = KamailioProxy.Start("SHA-256");
        using AgentProgram house = AgentProgram.Start(
            new AgentOptions { User = "house", RegistrarPort = proxy.Port, Speech = Conversation.Indoors });
        using AgentProgram door = AgentProgram.Start(
            new AgentOptions { RegistrarPort = proxy.Port, Targets = [proxy.Address("house")], Speech = Conversation.AtDoor });
        _ = house.WaitFor("<6>registered");
        _ = door.WaitFor("<6>registered");

        door.Press();
        _ = house.WaitFor("secured with");
        _ = door.WaitFor("secured with");
        System.Threading.Thread.Sleep(Limits.Talk);
        door.Press();
        _ = house.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
        Conversation.Heard(Conversation.AtDoor, Conversation.InCall(house.Heard()), "the house", house.Log);
        Conversation.Heard(Conversation.Indoors, Conversation.InCall(door.Heard()), "the door", door.Log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_door_and_a_telephone_call_each_other_by_name(bool fromDoor)
    {
        using KamailioProxy proxy = KamailioProxy.Start("MD5");
        using BaresipPeer house = BaresipPeer.Start(
            new BaresipOptions { User = "house", RegistrarPort = proxy.Port, Speech = Conversation.Indoors });

        // Who is called takes what the caller likes best.
        Call(proxy, house, fromDoor, profile: fromDoor ? "SRTP_AEAD_AES_128_GCM" : "SRTP_AES128_CM_HMAC_SHA1_80");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_telephone_that_speaks_plain_RTP_talks_with_the_door_encrypted_as_far_as_the_relay(bool fromDoor)
    {
        using RtpEngine relay = RtpEngine.Start();
        using KamailioProxy proxy = KamailioProxy.Start("MD5", relay);
        using BaresipPeer house = BaresipPeer.Start(
            new BaresipOptions { User = "house", RegistrarPort = proxy.Port, Speech = Conversation.Indoors, MediaEncryption = "" });

        Call(proxy, house, fromDoor, profile: "SRTP_");
    }

    private static void Call(KamailioProxy proxy, BaresipPeer house, bool fromDoor, string profile)
    {
        using AgentProgram door = AgentProgram.Start(
            new AgentOptions { RegistrarPort = proxy.Port, Targets = [proxy.Address("house")], Speech = Conversation.AtDoor });
        _ = door.WaitFor("<6>registered");

        if (fromDoor)
        {
            door.Press();
        }
        else
        {
            house.Dial(proxy.Address("door"));
        }

        Assert.Contains(profile, door.WaitFor("secured with"), StringComparison.Ordinal);
        _ = house.WaitFor(BaresipEvent.MediaReceived, Limits.Event);
        System.Threading.Thread.Sleep(Limits.Talk);
        house.SendDigits(AgentOptions.Code);
        _ = door.WaitFor("strike opens");
        house.HangUp();
        _ = door.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Conversation.BothHeard(door, house);
    }
}
