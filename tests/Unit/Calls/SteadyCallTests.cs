using System;
using IntercomAgent.Calls;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Gpio;
using IntercomAgent.Hal.Net;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IntercomAgent.Tests.Unit.Calls;

/// <summary>Two whole agents on the real machine: kernel sockets, the loop's timer, a call with all that belongs to it.</summary>
public sealed class SteadyCallTests
{
    /// <summary>Six seconds: the first report of RTCP has come and gone.</summary>
    private const int WarmUpPeriods = 300;

    /// <summary>Ten seconds: there are reports among them.</summary>
    private const int MeasuredPeriods = 500;

    [Theory]
    [InlineData("SRTP_AEAD_AES_128_GCM", 8000)]
    [InlineData("SRTP_AES128_CM_HMAC_SHA1_80", 48000)]
    public void A_call_that_is_up_makes_no_garbage(string profile, int deviceRate)
    {
        using Machine machine = new();
        TurnLoop loop = new(machine);
        ProgrammedPanel panel = new();
        Counter ear = new();
        using AgentHost indoor = Open(machine, loop, new StationSettings
        {
            Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("*")] },
        }, profile, deviceRate, new ProgrammedPanel(), new Counter());
        using AgentHost door = Open(machine, loop, new StationSettings
        {
            Buttons = [new RingPlan(RingOrder.InOrder, [new RingTarget($"sip:in@{indoor.SignallingEndpoint}", TimeSpan.FromSeconds(9))])],
        }, profile, deviceRate, panel, ear);

        panel.Press(0, machine.Now);
        Listen(loop, ear, WarmUpPeriods);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Listen(loop, ear, MeasuredPeriods);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        CallReport call = Assert.IsType<CallReport>(door.Calls.CurrentCall);
        Assert.Equal(profile, call.Security.Profile?.Name);
        Assert.Equal(0, allocated);
    }

    private static void Listen(TurnLoop loop, Counter ear, int periods)
    {
        int last = ear.LoudPeriods + periods;
        Instant latest = loop.Now + TimeSpan.FromSeconds(60);
        while (ear.LoudPeriods < last)
        {
            Assert.True(loop.Now < latest, "The call does not get on.");
            _ = loop.Turn(latest);
        }
    }

    private static AgentHost Open(Machine machine, TurnLoop loop, StationSettings station, string profile, int rate, ProgrammedPanel panel, Counter ear)
    {
        MachineRandom random = new(machine);
        DtlsIdentity identity = DtlsIdentity.Create(random, machine.UnixTime / 1_000_000_000);
        StationDevices devices = new(
            new TimerAudioSettings(rate, rate / 50, new ToneSource(400, rate), ear),
            new ProgrammedPanelSettings(panel));
        AgentHost? host = AgentHost.Open(
            machine, loop, Configure(station, profile), devices, identity, NullLogger.Instance, out string? problem);
        Assert.Null(problem);
        return Assert.IsType<AgentHost>(host);
    }

    private static AgentConfiguration Configure(StationSettings station, string profile)
    {
        AgentConfiguration given = ConfigurationFile.Default();
        return given with
        {
            Sip = given.Sip with { Local = NetworkEndpoint.FromIPv4(0x7F000001, 0) },
            Media = given.Media with { SrtpProfiles = [Find(profile)], FirstPort = 23000, LastPort = 23999 },
            Station = station,
        };
    }

    private static SrtpProfile Find(string name) => Array.Find(Enum.GetValues<SrtpProfile>(), profile => profile.Name == name);

    /// <summary>Counts the periods in which somebody is heard.</summary>
    private sealed class Counter : IAudioSink
    {
        public int LoudPeriods { get; private set; }

        public void Write(ReadOnlySpan<short> samples) => LoudPeriods += samples.ContainsAnyExceptInRange((short)-1000, (short)1000) ? 1 : 0;
    }
}
