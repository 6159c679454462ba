using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Commands;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Tests.Simulation.World;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary><c>test speaker|microphone|echo</c> with a sound device of the simulated world.</summary>
public sealed class SoundTrialTests : IDisposable
{
    private const int Rate = 8000;
    private const int Period = 160;

    private readonly SimulatedMachine _machine = new(seed: 1);
    private readonly Recording _loudspeaker = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public void The_loudspeaker_plays_a_tone_and_then_speech()
    {
        Assert.Equal(0, Run(new SpeakerTrial(Rate), new SilenceSource(), seconds: 4));

        short[] tone = new short[Rate];
        new ToneSource(1000, Rate).Read(tone);
        List<short> played = _loudspeaker.Samples;
        Assert.Equal(4 * Rate, played.Count);
        Assert.Equal(tone, played[..Rate]);
        Assert.All(played[Rate..(Rate * 3 / 2)], sample => Assert.Equal(0, sample));
        Assert.True(played[(Rate * 3 / 2)..].Max() > 5000);
        string[] lines = Lines(_output);
        Assert.Equal("The loudspeaker plays a tone, then speech; Ctrl-C ends this.", lines[0]);
        Assert.StartsWith("loudspeaker [#######################       ] -15 dB, peak -12 dB", lines[1], StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void The_microphone_is_shown_once_a_second_and_nothing_is_played()
    {
        Assert.Equal(0, Run(new MicrophoneTrial(Rate), new ToneSource(425, Rate), seconds: 3.5));

        Assert.Equal(
            [
                "Speak into the microphone; Ctrl-C ends this.",
                "microphone [#######################       ] -15 dB, peak -12 dB",
                "microphone [#######################       ] -15 dB, peak -12 dB",
                "microphone [#######################       ] -15 dB, peak -12 dB",
            ], Lines(_output));
        Assert.All(_loudspeaker.Samples, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void In_a_terminal_one_line_is_written_again_ten_times_a_second()
    {
        Assert.Equal(0, Run(new MicrophoneTrial(Rate), new ToneSource(425, Rate), seconds: 2.05, isTerminal: true));

        string[] lines = Lines(_output);
        Assert.Equal(2, lines.Length);
        string[] written = lines[1].Split('\r')[1..];
        Assert.Equal(20, written.Length);
        Assert.All(written, line => Assert.Equal("microphone [#######################       ] -15 dB, peak -12 dB\e[K", line));
    }

    [Fact]
    public void A_microphone_that_gives_nothing_has_failed()
    {
        Assert.Equal(1, Run(new MicrophoneTrial(Rate), new SilenceSource(), seconds: 1.5));

        Assert.Equal("microphone [                              ] silence: nothing arrives", Lines(_output)[1]);
        Assert.Equal(
            [
                "intercom-agent: the microphone gave nothing but silence: is it the right device, plugged in, its gain up?",
                "Try: intercom-agent devices",
            ], Lines(_error));
    }

    [Fact]
    public void The_echo_is_what_was_heard_a_second_ago()
    {
        Counter microphone = new();
        Assert.Equal(0, Run(new EchoTrial(Rate), microphone, seconds: 3));

        List<short> played = _loudspeaker.Samples;
        Assert.Equal(3 * Rate, played.Count);
        Assert.All(played[..Rate], sample => Assert.Equal(0, sample));
        Assert.Equal(Enumerable.Range(0, 2 * Rate).Select(Counter.At), played[Rate..]);
        Assert.All(Lines(_output)[1..], line => Assert.Matches(@"^heard \[#+ *\] .*  played \[[# ]{8}\] ", line));
        Assert.All(Lines(_output), line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void Ctrl_C_ends_it_at_once()
    {
        long begin = _machine.Now;
        _machine.After(TimeSpan.FromSeconds(1.25), () => _machine.Raise(Signal.Interrupt));
        Assert.Equal(0, Run(new EchoTrial(Rate), new ToneSource(425, Rate), seconds: 30));

        Assert.Equal(TimeSpan.FromSeconds(1.25).TotalNanoseconds, _machine.Now - begin);
        Assert.Equal(0, _machine.OpenPorts);
    }

    [Fact]
    public void A_hang_up_of_the_terminal_does_not_end_it()
    {
        _machine.After(TimeSpan.FromSeconds(1), () => _machine.Raise(Signal.HangUp));
        Assert.Equal(0, Run(new EchoTrial(Rate), new ToneSource(425, Rate), seconds: 3));
        Assert.Equal(3 * Rate, _loudspeaker.Samples.Count);
    }

    [Fact]
    public void A_device_that_cannot_be_opened_says_why_and_what_to_try()
    {
        _machine.AudioProblem = "cannot capture from the sound device hw:7: no such device";
        Assert.Equal(1, Run(new MicrophoneTrial(Rate), new SilenceSource(), seconds: 3));

        Assert.Equal("", _output.ToString());
        Assert.Equal(
            ["intercom-agent: cannot capture from the sound device hw:7: no such device", "Try: intercom-agent devices"], Lines(_error));
        Assert.Equal(0, _machine.OpenPorts);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_device_that_is_lost_is_told_and_has_failed_unless_it_comes_back(bool comesBack, int expected)
    {
        _machine.After(TimeSpan.FromSeconds(1), () => _machine.AudioIncidents.Enqueue(new AudioIncident(AudioIncidentKind.Lost, "it has gone")));
        if (comesBack)
        {
            _machine.After(
                TimeSpan.FromSeconds(2), () => _machine.AudioIncidents.Enqueue(new AudioIncident(AudioIncidentKind.Recovered, "it is there")));
        }

        Assert.Equal(expected, Run(new MicrophoneTrial(Rate), new ToneSource(425, Rate), seconds: 3));
        Assert.Equal(comesBack ? ["intercom-agent: it has gone", "intercom-agent: it is there"] : ["intercom-agent: it has gone"], Lines(_error));
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private int Run(ISoundTrial trial, IAudioSource microphone, double seconds, bool isTerminal = false) => SoundTrialRun.Run(
        _machine, new TimerAudioSettings(Rate, Period, microphone, _loudspeaker), trial, TimeSpan.FromSeconds(seconds),
        new StandardStreams(_output, _error, ErrorIsTerminal: false) { OutputIsTerminal = isTerminal });

    private static string[] Lines(StringWriter text) => text.ToString().TrimEnd('\n').Split('\n');

    private sealed class Recording : IAudioSink
    {
        public List<short> Samples { get; } = [];

        public void Write(ReadOnlySpan<short> samples) => Samples.AddRange(samples);
    }

    /// <summary>Counts upwards, again and again, so that each sample says where it comes from.</summary>
    private sealed class Counter : IAudioSource
    {
        private int _next;

        public static short At(int index) => (short)(index % 20_000);

        public void Read(Span<short> samples)
        {
            foreach (ref short sample in samples)
            {
                sample = At(_next++);
            }
        }
    }
}
