using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Namespaces;
using IntercomAgent.Tests.Interop.Tls;
using Xunit;

namespace IntercomAgent.Tests.Interop.Linphone;

/// <summary>A Linphone and the door call each other, without a server.</summary>
public sealed class LinphoneTests
{
    [Fact]
    public void It_calls_the_door_and_both_hear_the_other_encrypted()
    {
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors);
        using AgentProgram door = StartDoor(network);

        house.Dial(door.Address);

        _ = door.WaitFor("secured with");
        BothTalk(house, door);
    }

    [Fact]
    public void The_button_rings_it_and_both_hear_the_other_encrypted()
    {
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors);
        using AgentProgram door = AgentProgram.StartAt(network.Command(null), AtDoor with { Targets = [LinphonePeer.Address] });

        door.Press();

        _ = door.WaitFor("secured with");
        BothTalk(house, door);
    }

    [Fact]
    public void With_keys_in_the_signalling_it_calls_over_TLS_and_both_hear_the_other()
    {
        using CertificateFiles files = CertificateFiles.Create();
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors, "srtp", files);
        string certificate = files.Issue("door", isFor: $"IP:{LinphonePeer.Host}");
        using AgentProgram door = AgentProgram.StartAt(
            network.Command(null), AtDoor with { Tls = files.Section(certificate, 5071), Sdes = "tls" });

        house.Dial($"sip:door@{LinphonePeer.Host}:5071;transport=tls");

        _ = door.WaitFor(", by keys from the signalling");
        BothTalk(house, door);
    }

    [Fact]
    public void With_keys_that_go_by_UDP_it_is_turned_away()
    {
        using CertificateFiles files = CertificateFiles.Create();
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors, "srtp");
        string certificate = files.Issue("door", isFor: $"IP:{LinphonePeer.Host}");
        using AgentProgram door = AgentProgram.StartAt(
            network.Command(null), AtDoor with { Tls = files.Section(certificate, 5071), Sdes = "tls" });

        house.Dial(door.Address);

        _ = door.WaitFor("which does not go over TLS as media.sdes wants it");
        Assert.Equal(0, door.End());
    }

    /// <summary>What is said is not compared: it plays the keys that are pressed, too.</summary>
    [Fact]
    public void Its_keys_open_the_strike()
    {
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors);
        using AgentProgram door = StartDoor(network);

        house.Dial(door.Address);

        _ = door.WaitFor("secured with");
        Thread.Sleep(Limits.Talk);
        house.SendDigits(AgentOptions.Code);
        _ = door.WaitFor("strike opens");
        HangUp(house, door);
    }

    private static AgentOptions AtDoor => new() { Host = LinphonePeer.Host, Speech = Conversation.AtDoor };

    private static AgentProgram StartDoor(NetworkNamespace network) => AgentProgram.StartAt(network.Command(null), AtDoor);

    /// <summary>Both talk, it hangs up, and what each has said has arrived.</summary>
    private static void BothTalk(LinphonePeer house, AgentProgram door)
    {
        // It stretches its first second.
        Thread.Sleep(2 * Limits.Talk);
        HangUp(house, door);
        Conversation.Heard(Conversation.Indoors, door.Heard(), "the agent", door.Log);
        Conversation.Heard(Conversation.AtDoor, house.Heard(), "the telephone", house.Output);
    }

    private static void HangUp(LinphonePeer house, AgentProgram door)
    {
        house.HangUp();
        _ = door.WaitFor("the other side hung up");
        house.WaitForEnd();
        Assert.Equal(0, door.End());
    }
}
