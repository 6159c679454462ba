using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Kamailio;

/// <summary>Doors and telephones register with a kamailio and call each other through it; it asks for a password each time.</summary>
public sealed class KamailioTests
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public void Two_agents_register_with_SHA_256_and_call_each_other_by_name(string transport)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTcp("SHA-256");
        AgentOptions usual = new() { RegistrarPort = proxy.Port, RegistrarTransport = transport };
        using AgentProgram house = AgentProgram.Start(usual with { User = "house", Speech = Conversation.Indoors });
        using AgentProgram door = AgentProgram.Start(
            usual with { Targets = [proxy.Address("house", transport)], Speech = Conversation.AtDoor });

        Conversation.OfTwoWhoAreRegistered(door, house);
    }

    [Theory]
    [InlineData(true, "udp")]
    [InlineData(false, "udp")]
    [InlineData(true, "tcp")]
    [InlineData(false, "tcp")]
    public void The_door_and_a_telephone_call_each_other_by_name(bool fromDoor, string transport)
    {
        using KamailioProxy proxy = KamailioProxy.StartWithTcp("MD5");
        using BaresipPeer house = BaresipPeer.Start(new BaresipOptions
        {
            User = "house",
            RegistrarPort = proxy.Port,
            Transport = transport,
            Speech = Conversation.Indoors,
        });

        // Who is called takes what the caller likes best.
        string profile = fromDoor ? "SRTP_AEAD_AES_128_GCM" : "SRTP_AES128_CM_HMAC_SHA1_80";
        Call(proxy, house, fromDoor, transport, profile);
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

        Call(proxy, house, fromDoor, "udp", "SRTP_", isPlainThere: true);
    }

    private static void Call(
        KamailioProxy proxy, BaresipPeer house, bool fromDoor, string transport, string profile, bool isPlainThere = false)
    {
        using AgentProgram door = AgentProgram.Start(new AgentOptions
        {
            RegistrarPort = proxy.Port,
            RegistrarTransport = transport,
            Targets = [proxy.Address("house", transport)],
            Speech = Conversation.AtDoor,
        });
        _ = door.WaitFor("<6>registered");

        if (fromDoor)
        {
            door.Press();
        }
        else
        {
            house.Dial(proxy.Address("door", transport));
        }

        Conversation.UntilTheTelephoneHangsUp(door, house, profile, isPlainThere);
    }
}
