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

    /// <summary>Waits until both ends know that the call is encrypted, and both have spoken.</summary>
    public static void Begin(AgentProgram agent, BaresipPeer peer, string profile)
    {
        Assert.EndsWith("audio,RTP", peer.WaitFor(BaresipEvent.Secure, Limits.Event), StringComparison.Ordinal);
        Assert.Contains(profile, agent.WaitFor("secured with"), StringComparison.Ordinal);
        _ = peer.WaitFor(BaresipEvent.MediaReceived, Limits.Event);
        Thread.Sleep(Limits.Talk);
    }

    /// <summary>Compares what was heard at each end with what was said at the other. The call is over and the agent has ended.</summary>
    public static void BothHeard(AgentProgram agent, BaresipPeer peer)
    {
        Heard(AtDoor, peer.ReceivedAudio(), "the telephone", peer.Output);
        Heard(Indoors, agent.Heard(), "the agent", agent.Log);
    }

    /// <summary>Asserts that speech has arrived: nearly every frame, from the first second to the last.</summary>
    public static void Heard(short[] said, short[] heard, string who, string log)
    {
        SpeechComparison comparison = SpeechComparison.Compare(said, heard);
        Assert.True(
            comparison.ComparedFrames > 100 && comparison.Correlation > NearlyAll && comparison.MatchingFrames > NearlyAll
                && comparison.SignalToNoise > 25,
            $"{who} heard {comparison}\n{log}");
    }

    /// <summary>What a station played while the call lasted: its recording begins before the call and ends after it.</summary>
    public static short[] InCall(short[] recorded)
    {
        int first = Array.FindIndex(recorded, sample => sample != 0);
        return first < 0 ? [] : recorded[first..(Array.FindLastIndex(recorded, sample => sample != 0) + 1)];
    }
}
