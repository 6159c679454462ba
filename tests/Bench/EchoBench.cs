using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using IntercomAgent.Tests.Unit.Audio.Voice;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// How much echo is taken out in simulated rooms, and how well a visitor is understood who talks at the same time: with the microphone's
/// path of the agent, and with the module of WebRTC.
/// </summary>
internal static class EchoBench
{
    private const int SampleRate = 16_000;

    /// <summary>The period that a door has unless its configuration says 10 ms, and that one.</summary>
    private const int Period = 20;
    private const int ShortPeriod = 10;
    private const int LagMilliseconds = 40;
    private const int Seed = 11;
    private const string Peer = "WebRTC's module (0.3)";

    private static readonly VoiceSettings Settings =
        new() { Echo = EchoControl.Cancel, NoiseSuppression = 12, AutomaticGain = false, WindFilter = true };

    public static IEnumerable<Row> Measure()
    {
        foreach (EchoRoom room in (EchoRoom[])[EchoRoom.Porch, EchoRoom.Hall, EchoRoom.Staircase])
        {
            foreach ((string how, double drive, double level) in ((string, double, double)[])[("", 0, 0), (", loud", 2, 6)])
            {
                EchoScene scene = new(room, SampleRate, drive, level, LagMilliseconds, Seed);
                EchoResult ours = Run(scene, Period, out double ourCost);
                EchoResult hasty = Run(scene, ShortPeriod, out double hastyCost);
                (short[] sent, double theirCost) = WebRtcEcho.Clean(scene.Microphone, scene.Loudspeaker, SampleRate);
                EchoResult theirs = scene.Judge(sent);
                string where = room.Name + how;
                yield return new($"echo less after 2 s, {where}", "dB", ours.Enhancement(2, 4), theirs.Enhancement(2, 4), Peer);
                yield return new($"echo less later, {where}", "dB", ours.Enhancement(14, 20), theirs.Enhancement(14, 20), Peer);
                yield return new("  with periods of 10 ms", "dB", hasty.Enhancement(14, 20));
                yield return new($"ESTOI in double talk, {where}", "0 to 1", ours.Understood(true), theirs.Understood(true), Peer);
                yield return new("  with periods of 10 ms", "0 to 1", hasty.Understood(true));
                yield return new($"ESTOI untreated, {where}", "0 to 1", ours.Understood(false));
                yield return new($"processor for 10 ms, {where}", "µs", ourCost, theirCost, Peer);
                yield return new("  with periods of 10 ms", "µs", hastyCost);
            }
        }
    }

    private static EchoResult Run(EchoScene scene, int period, out double microseconds)
    {
        using CapturedVoice voice = new(SampleRate, SampleRate * period / 1000, Settings, hasLibrary: true);
        System.TimeSpan started = ProcessorClock.Now;
        EchoResult result = scene.Run(voice, period);
        microseconds = (ProcessorClock.Now - started).TotalMicroseconds / (EchoScene.Seconds * 1000.0 / ShortPeriod);
        return result;
    }
}
