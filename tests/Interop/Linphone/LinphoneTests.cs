using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Namespaces;
using Xunit;

namespace IntercomAgent.Tests.Interop.Linphone;

/// <summary>A Linphone calls the door, without a server.</summary>
public sealed class LinphoneTests
{
    [Fact]
    public void It_calls_the_door_both_hear_the_other_encrypted_and_a_code_opens_the_strike()
    {
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors);
        using AgentProgram door = AgentProgram.StartAt(
            network.Command(null),
            new AgentOptions { Host = LinphonePeer.Host, Speech = Conversation.AtDoor });

        house.Dial(door.Address);

        _ = door.WaitFor("secured with");
        Thread.Sleep(Limits.Talk);
        house.SendDigits(AgentOptions.Code);
        _ = door.WaitFor("strike opens");
        house.HangUp();
        _ = door.WaitFor("the other side hung up");
        house.WaitForEnd();

        Assert.Equal(0, door.End());
        Conversation.Heard(Conversation.Indoors, door.Heard(), "the agent", door.Log, Conversation.Recognisable);
        Conversation.Heard(Conversation.AtDoor, house.Heard(), "the telephone", house.Output, Conversation.Recognisable);
    }
}
