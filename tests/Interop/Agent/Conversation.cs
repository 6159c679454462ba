using System;
using System.Threading;
using IntercomAgent.Tests.Interop.Baresip;
using Xunit;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>What is said between an agent and a telephone, and what must arrive of it.</summary>
internal static class Conversation
{
    /// <summary>What the visitor says: longer than any test, so that it does not repeat within a call.</summary>
    public static readonly short[] AtDoor = TestSpeech.Create(seed: 11, seconds: 40);

    /// <summary>What the house says, from the beginning of each call.</summary>
    public static readonly short[] Indoors = TestSpeech.Create(seed: 12, seconds: 20);

    private const double NearlyAll = 0.95;

    /// <summary>In decibels: G.711 gives about 36.</summary>
    private const double LeastSignalToNoise = 30;

    /// <summary>
    /// The call has been begun: both talk, the code opens the strike, the telephone hangs up, the agent ends, and what was said has arrived.
    /// </summary>
    /// <param name="agent">The door.</param>
    /// <param name="peer">The telephone.</param>
    /// <param name="profile">What protects the call at the door.</param>
    /// <param name="isPlainThere">Whether a relay takes the encryption off before the telephone.</param>
    public static void UntilTheTelephoneHangsUp(AgentProgram agent, BaresipPeer peer, string profile, bool isPlainThere = false)
    {
        Begin(agent, peer, profile, isPlainThere);
        peer.SendDigits(AgentOptions.Code);
        _ = agent.WaitFor("strike opens");
        peer.HangUp();
        _ = agent.WaitFor("the other side hung up");

        Assert.Equal(0, agent.End());
        BothHeard(agent, peer);
    }

    /// <summary>The same, but for the code, and it is the button that hangs up.</summary>
    public static void UntilTheButtonHangsUp(AgentProgram agent, BaresipPeer peer, string profile)
    {
        Begin(agent, peer, profile);
        agent.Press();
        _ = agent.WaitFor("hung up: the button was pressed");
        _ = peer.WaitFor(BaresipEvent.Closed, Limits.Event);

        Assert.Equal(0, agent.End());
        BothHeard(agent, peer);
    }

    /// <summary>Two agents are registered: the button of the one rings the other, both talk, the button hangs up, and both end.</summary>
    public static void OfTwoWhoAreRegistered(AgentProgram door, AgentProgram house)
    {
        _ = house.WaitFor("<6>registered");
        _ = door.WaitFor("<6>registered");
        door.Press();
        _ = house.WaitFor("secured with");
        _ = door.WaitFor("secured with");
        Thread.Sleep(Limits.Talk);
        door.Press();
        _ = house.WaitFor("the other side hung up");

        Assert.Equal(0, door.End());
        Assert.Equal(0, house.End());
        Heard(AtDoor, house.Heard(), "the house", house.Log);
        Heard(Indoors, door.Heard(), "the door", door.Log);
    }

    /// <summary>Waits until both ends know that the call is encrypted, and both have spoken.</summary>
    public static void Begin(AgentProgram agent, BaresipPeer peer, string profile, bool isPlainThere = false)
    {
        if (!isPlainThere)
        {
            Assert.Contains(",audio,", peer.WaitFor(BaresipEvent.Secure, Limits.Event), StringComparison.Ordinal);
        }

        Assert.Contains(profile, agent.WaitFor("secured with"), StringComparison.Ordinal);
        _ = peer.WaitFor(BaresipEvent.MediaReceived, Limits.Event);
        Thread.Sleep(Limits.Talk);
    }

    /// <summary>Compares what was heard at each end with what was said at the other. The call is over and the agent has ended.</summary>
    public static void BothHeard(AgentProgram agent, BaresipPeer peer, double leastSignalToNoise = LeastSignalToNoise)
    {
        Heard(AtDoor, peer.ReceivedAudio(), "the telephone", peer.Output, leastSignalToNoise);
        Heard(Indoors, agent.Heard(), "the agent", agent.Log, leastSignalToNoise);
    }

    /// <summary>
    /// Compares the same where the codec keeps the sound, but not its form: nearly every frame is as loud and has the same spectrum.
    /// </summary>
    public static void BothHeardLike(AgentProgram agent, BaresipPeer peer)
    {
        HeardLike(AtDoor, peer.ReceivedAudio(), "the telephone", peer.Output);
        HeardLike(Indoors, agent.Heard(), "the agent", agent.Log);
    }

    /// <summary>Asserts that speech has arrived: nearly every frame, from the first second to the last.</summary>
    public static void Heard(short[] said, short[] heard, string who, string log, double leastSignalToNoise = LeastSignalToNoise)
    {
        SpeechComparison comparison = SpeechComparison.Compare(said, InCall(heard));
        Assert.True(
            comparison.ComparedFrames > 100 && comparison.Correlation > NearlyAll && comparison.MatchingFrames > NearlyAll
                && comparison.SignalToNoise > leastSignalToNoise,
            $"{who} heard {comparison}\n{log}");
    }

    private static void HeardLike(short[] said, short[] heard, string who, string log)
    {
        SpectralComparison comparison = SpectralComparison.Compare(said, InCall(heard));
        Assert.True(comparison.ComparedFrames > 100 && comparison.MatchingFrames > NearlyAll, $"{who} heard {comparison}\n{log}");
    }

    /// <summary>What a station played while the call lasted: its recording begins before the call and ends after it.</summary>
    private static short[] InCall(short[] recorded)
    {
        int first = Array.FindIndex(recorded, sample => sample != 0);
        return first < 0 ? [] : recorded[first..(Array.FindLastIndex(recorded, sample => sample != 0) + 1)];
    }
}
