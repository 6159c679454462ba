using System;
using System.Threading;
using Xunit;

namespace IntercomAgent.Tests.Interop.Baresip;

/// <summary>What we rely on when a baresip stands for the house's telephone, tried on two of them.</summary>
public sealed class BaresipPeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void Two_of_them_talk_encrypted_press_keys_and_hang_up()
    {
        Assert.SkipUnless(BaresipPeer.IsInstalled, "baresip is not installed");
        short[] speech = TestSpeech.Create(seed: 1, seconds: 20);
        short[] other = TestSpeech.Create(seed: 2, seconds: 20);
        using BaresipPeer caller = BaresipPeer.Start(new BaresipOptions { User = "door", Speech = speech });
        using BaresipPeer called = BaresipPeer.Start(new BaresipOptions { User = "house", Speech = other, AnswersAlone = false });

        caller.Dial(called.Address);
        _ = called.WaitFor(BaresipEvent.Incoming, Limit);
        called.Accept();
        _ = caller.WaitFor(BaresipEvent.Established, Limit);
        Assert.Equal("0,audio,RTP", caller.WaitFor(BaresipEvent.Secure, Limit));
        Assert.Equal("0,audio,RTP", called.WaitFor(BaresipEvent.Secure, Limit));
        _ = called.WaitFor(BaresipEvent.MediaReceived, Limit);
        Thread.Sleep(TimeSpan.FromSeconds(3));
        caller.SendDigits("42#");
        Assert.Equal("42#", called.WaitForDigits(3, Limit));
        called.HangUp();
        _ = called.WaitFor(BaresipEvent.Closed, Limit);
        _ = caller.WaitFor(BaresipEvent.Closed, Limit);

        Heard(speech, called);
        Heard(other, caller);
    }

    private static void Heard(short[] said, BaresipPeer peer)
    {
        SpeechComparison comparison = SpeechComparison.Compare(said, peer.ReceivedAudio());
        Assert.True(comparison is { Correlation: > 0.95, MatchingFrames: > 0.95, ComparedFrames: > 100 }, $"{comparison}\n{peer.Output}");
    }
}
