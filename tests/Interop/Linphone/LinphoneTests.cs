using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Namespaces;
using Xunit;

namespace IntercomAgent.Tests.Interop.Linphone;

/// <summary>A Linphone calls the door, without a server.</summary>
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
        // It stretches its first second.
        Thread.Sleep(2 * Limits.Talk);
        HangUp(house, door);
        Conversation.Heard(Conversation.Indoors, Conversation.InCall(door.Heard()), "the agent", door.Log);
        Conversation.Heard(Conversation.AtDoor, house.Heard(), "the telephone", house.Output);
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

    private static AgentProgram StartDoor(NetworkNamespace network) => AgentProgram.StartAt(
        network.Command(null),
        new AgentOptions { Host = LinphonePeer.Host, Speech = Conversation.AtDoor });

    private static void HangUp(LinphonePeer house, AgentProgram door)
    {
        house.HangUp();
        _ = door.WaitFor("the other side hung up");
        house.WaitForEnd();
        Assert.Equal(0, door.End());
    }
}
