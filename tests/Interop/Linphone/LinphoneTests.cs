using System.Threading;
using IntercomAgent.Tests.Interop.Agent;
using IntercomAgent.Tests.Interop.Namespaces;
using Xunit;

namespace IntercomAgent.Tests.Interop.Linphone;

/// <summary>The door and a Linphone call each other, without a server.</summary>
public sealed class LinphoneTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_hear_the_other_encrypted_and_a_code_opens_the_strike(bool fromDoor)
    {
        using NetworkNamespace network = NetworkNamespace.Start("house");
        using LinphonePeer house = LinphonePeer.Start(network, Conversation.Indoors);
        using AgentProgram door = AgentProgram.StartAt(
            network.Command(null),
            new AgentOptions { Host = LinphonePeer.Host, Targets = [LinphonePeer.Address], Speech = Conversation.AtDoor });

        if (fromDoor)
        {
            door.Press();
        }
        else
        {
            house.Dial(door.Address);
        }

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
