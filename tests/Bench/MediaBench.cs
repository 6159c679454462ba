using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// What one period of the audio clock, 20 ms, costs in a call that is up: two whole agents, compiled as the program is, on one loop over
/// real sockets, in which both sides talk. Their sound device is a timer at the codec's rate.
/// </summary>
internal static class MediaBench
{
    private const uint Loopback = 0x7F000001;
    private const int Periods = 500;
    private const double PeriodSeconds = 0.02;

    /// <summary>The first reports of RTCP have come and gone.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(7);

    public static IEnumerable<Row> Measure() =>
        from codec in (AudioCodec[])[AudioCodec.Pcmu, AudioCodec.G722, AudioCodec.Opus]
        from isCleaned in (bool[])[false, true]
        from row in Measure(codec, isCleaned)
        select row;

    private static IEnumerable<Row> Measure(AudioCodec codec, bool isCleaned)
    {
        int rate = CodecFacts.Of(codec).SampleRate;
        short[] speech = EspeakVoice.Read(rate);
        using Machine machine = new();
        TurnLoop loop = new(machine);
        ProgrammedPanel button = new();
        AgentConfiguration configuration = Configure(codec, isCleaned);
        StationSettings answering = new() { Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("*")] } };
        using AgentHost indoor = Open(
            machine, loop, configuration with { Station = answering }, speech[(speech.Length / 2)..], new ProgrammedPanel());
        RingTarget target = new($"sip:indoor@{indoor.SignallingEndpoint}", TimeSpan.FromSeconds(10));
        StationSettings ringing = new() { Buttons = [new RingPlan(RingOrder.InOrder, [target])] };
        using AgentHost door = Open(machine, loop, configuration with { Station = ringing }, speech, button);
        _ = loop.Turn(loop.Now);
        button.Press(0, loop.Now.Nanoseconds);
        Run(loop, loop.Now + WarmUp);
        long before = door.Calls.CurrentCall?.Stream.PacketsReceived ?? throw new InvalidOperationException("There is no call to measure.");
        if (door.Audio.SampleRate != rate)
        {
            throw new InvalidOperationException($"The call is mixed at {door.Audio.SampleRate} Hz.");
        }

        // In this order: the clock is found in its library when it is read first, and that allocates.
        TimeSpan busy = ProcessorClock.Now;
        long garbage = GC.GetAllocatedBytesForCurrentThread();
        Run(loop, loop.Now + TimeSpan.FromSeconds(Periods * PeriodSeconds));
        garbage = GC.GetAllocatedBytesForCurrentThread() - garbage;
        busy = ProcessorClock.Now - busy;
        long packets = door.Calls.CurrentCall!.Stream.PacketsReceived - before;
        string name = $"period in {CodecFacts.Of(codec).Name}{(isCleaned ? ", echo and noise" : "")}";
        return
        [
            new($"{name}: allocated", "bytes", garbage / 2.0 / Periods),
            new("  processor time", "µs", busy.TotalMicroseconds / 2 / Periods),
            new($"  packets that arrived in {Periods}", "", packets),
        ];
    }

    // What is done to a microphone's sound is a sound card's business; here it is done to a timer's.
    private static AgentConfiguration Configure(AudioCodec codec, bool isCleaned)
    {
        string text = isCleaned ? "[audio]\nkind = \"alsa\"" : "";
        AgentConfiguration given = ConfigurationFile.Parse(text, "/", out IReadOnlyList<ConfigurationProblem> problems)
            ?? throw new InvalidOperationException(problems[0].ToString());
        return given with
        {
            Sip = given.Sip with { Local = NetworkEndpoint.FromIPv4(Loopback, 0) },
            Media = given.Media with { Codecs = [codec] },
        };
    }

    private static AgentHost Open(
        Machine machine, TurnLoop loop, AgentConfiguration configuration, short[] speech, ProgrammedPanel panel)
    {
        int rate = configuration.Media.SampleRate;
        int period = (int)(rate * PeriodSeconds);
        TalkingRoom room = new(speech, period);
        StationDevices devices = new(new TimerAudioSettings(rate, period, room, room), new ProgrammedPanelSettings(panel));
        DtlsIdentity identity = DtlsIdentity.Create(new MachineRandom(machine), machine.UnixTime / 1_000_000_000);
        return AgentHost.Open(machine, loop, configuration, devices, identity, NullLogger.Instance, out string? problem)
            ?? throw new InvalidOperationException(problem);
    }

    private static void Run(TurnLoop loop, Instant until)
    {
        while (loop.Now < until)
        {
            _ = loop.Turn(until);
        }
    }
}
