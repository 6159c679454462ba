using System;
using System.Net.Sockets;
using System.Text;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>Calls whose signalling goes over TCP.</summary>
public sealed class TcpCallTests
{
    [Fact]
    public void The_button_rings_a_telephone_that_hangs_up()
    {
        using BaresipPeer house = Telephone();
        using AgentProgram agent = Door(house);

        agent.Press();
        _ = agent.WaitFor("answered");
        Conversation.UntilTheTelephoneHangsUp(agent, house, "SRTP_AEAD_AES_128_GCM");
    }

    [Fact]
    public void A_telephone_calls_and_the_button_hangs_up()
    {
        using BaresipPeer house = Telephone();
        using AgentProgram agent = Door(house);

        house.Dial($"{agent.Address};transport=tcp");
        Conversation.UntilTheButtonHangsUp(agent, house, "SRTP_AES128_CM_HMAC_SHA1_80");
    }

    [Fact]
    public void A_ping_is_answered_and_what_is_no_SIP_is_hung_up_on()
    {
        using AgentProgram agent = AgentProgram.Start(new AgentOptions());
        Uri at = new(agent.Address.Replace("sip:", "http://", StringComparison.Ordinal));
        using TcpClient client = new(at.Host, at.Port) { ReceiveTimeout = (int)Limits.Event.TotalMilliseconds };
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[16];
        stream.Write("\r\n\r\n"u8);
        Assert.Equal("\r\n", Encoding.ASCII.GetString(buffer, 0, stream.Read(buffer)));
        stream.Write("GET / HTTP/1.1\r\nHost: door\r\n\r\n"u8);
        Assert.Equal(0, stream.Read(buffer));
        Assert.Equal(0, agent.End());
    }

    private static BaresipPeer Telephone() =>
        BaresipPeer.Start(new BaresipOptions { User = "house", Speech = Conversation.Indoors, Transport = "tcp" });

    private static AgentProgram Door(BaresipPeer house) => AgentProgram.Start(
        new AgentOptions { Targets = [$"{house.Address};transport=tcp"], Speech = Conversation.AtDoor });
}
