using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Calls;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Demo;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Media;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IntercomAgent.Tests.Unit.Calls;

/// <summary>Two whole agents on the real machine: kernel sockets, the loop's timer, a call with all that belongs to it.</summary>
public sealed class SteadyCallTests
{
    /// <summary>Eight seconds: the call is up, and the first report of RTCP has come and gone.</summary>
    private const int WarmUpPeriods = 400;

    /// <summary>Ten seconds: there are reports among them.</summary>
    private const int MeasuredPeriods = 500;

    /// <summary>What is said takes up at least that share of them; the rest is between the words.</summary>
    private const double LeastLoudShare = 0.25;

    [Theory]
    [InlineData("SRTP_AEAD_AES_128_GCM", "Pcmu", 8000, false)]
    [InlineData("SRTP_AES128_CM_HMAC_SHA1_80", "Opus", 48_000, true)]
    [InlineData("SRTP_AEAD_AES_128_GCM", "Opus", 8000, true)]
    public void A_call_that_is_up_makes_no_garbage(string profile, string codecName, int deviceRate, bool isCleaned)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(codecName);
        Assert.True(OpusLibrary.IsInstalled() && SpeexDsp.IsInstalled(), "Without its libraries a call does less.");
        using Machine machine = new();
        TurnLoop loop = new(machine);
        ProgrammedPanel panel = new();
        Counter ear = new();
        AgentConfiguration configuration = Configure(profile, codec, isCleaned);
        using AgentHost indoor = Open(
            machine, loop, configuration with
            {
                Station = new StationSettings { Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("*")] } },
            }, deviceRate, new ProgrammedPanel(), new Counter());
        RingTarget target = new($"sip:in@{indoor.SignallingEndpoint}", TimeSpan.FromSeconds(9));
        using AgentHost door = Open(
            machine, loop, configuration with { Station = new StationSettings { Buttons = [new RingPlan(RingOrder.InOrder, [target])] } },
            deviceRate, panel, ear);

        panel.Press(0, machine.Now);
        Listen(loop, door, WarmUpPeriods);
        long loud = ear.LoudSamples;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Listen(loop, door, MeasuredPeriods);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        CallReport call = Assert.IsType<CallReport>(door.Calls.CurrentCall);
        Assert.Equal(profile, call.Security.Profile?.Name);
        Assert.Equal(CodecFacts.Of(codec).SampleRate, door.Audio.SampleRate);
        Assert.InRange((double)(ear.LoudSamples - loud) / (MeasuredPeriods * deviceRate / 50), LeastLoudShare, 1.01);
        Assert.Equal(0, allocated);
    }

    private static void Listen(TurnLoop loop, AgentHost host, int periods)
    {
        long last = host.AudioPeriods + periods;
        Instant latest = loop.Now + TimeSpan.FromSeconds(60);
        while (host.AudioPeriods < last)
        {
            Assert.True(loop.Now < latest, "The sound device does not get on.");
            _ = loop.Turn(latest);
        }
    }

    private static AgentHost Open(
        Machine machine, TurnLoop loop, AgentConfiguration configuration, int rate, ProgrammedPanel panel, Counter ear)
    {
        MachineRandom random = new(machine);
        DtlsIdentity identity = DtlsIdentity.Create(random, machine.UnixTime / 1_000_000_000);
        StationDevices devices = new(
            new TimerAudioSettings(rate, rate / 50, new Talker(rate), ear), new ProgrammedPanelSettings(panel));
        AgentHost? host = AgentHost.Open(machine, loop, configuration, devices, identity, NullLogger.Instance, out string? problem);
        Assert.Null(problem);
        return Assert.IsType<AgentHost>(host);
    }

    /// <summary>What is done to a microphone's sound is a sound card's business; here it is done to a timer's.</summary>
    private static AgentConfiguration Configure(string profile, AudioCodec codec, bool isCleaned)
    {
        AgentConfiguration? given = ConfigurationFile.Parse(
            isCleaned ? "[audio]\nkind = \"alsa\"" : "", "/", out IReadOnlyList<ConfigurationProblem> problems);
        Assert.Empty(problems);
        Assert.NotNull(given);
        Assert.Equal(isCleaned ? EchoControl.Cancel : null, given.Audio.Alsa?.Voice.Echo);
        return given with
        {
            Sip = given.Sip with { Local = NetworkEndpoint.FromIPv4(0x7F000001, 0) },
            Media = given.Media with { Codecs = [codec], SrtpProfiles = [Find(profile)], FirstPort = 23000, LastPort = 23999 },
        };
    }

    private static SrtpProfile Find(string name) => Array.Find(Enum.GetValues<SrtpProfile>(), profile => profile.Name == name);

    /// <summary>Counts the samples in which somebody is heard.</summary>
    private sealed class Counter : IAudioSink
    {
        public long LoudSamples { get; private set; }

        public void Write(ReadOnlySpan<short> samples) =>
            LoudSamples += samples.ContainsAnyExceptInRange((short)-1000, (short)1000) ? samples.Length : 0;
    }

    /// <summary>Somebody who talks without end: a tone would be taken for noise, and lowered.</summary>
    private sealed class Talker : IAudioSource
    {
        private readonly short[] _speech;
        private int _next;

        public Talker(int rate)
        {
            short[] speech = DemoSpeech.Visitor();
            short[] converted = new short[(speech.Length * rate / AudioStream.SampleRate) + 1];
            Resampler resampler = new(AudioStream.SampleRate, rate, speech.Length);
            _speech = converted[..resampler.Convert(speech, converted)];
        }

        public void Read(Span<short> samples)
        {
            foreach (ref short sample in samples)
            {
                sample = _speech[_next];
                _next = (_next + 1) % _speech.Length;
            }
        }
    }
}
