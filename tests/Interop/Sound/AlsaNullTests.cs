using System.IO;
using System.Linq;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Interop.Sound;

/// <summary>The real libasound with its null plug-in, which has no clock and whose descriptor is always ready.</summary>
public sealed class AlsaNullTests
{
    private const long Second = 1_000_000_000;

    private const string NameOfThread = "/proc/thread-self/comm";

    private static readonly AlsaAudioSettings Null = new(8000, 80) { CaptureDevice = "null", PlaybackDevice = "null" };

    [Fact]
    public void A_stream_without_a_clock_gives_periods_in_real_time_without_a_thread_and_without_spinning()
    {
        // The runtime's threads come and go meanwhile; one that the library started would have inherited this name.
        const string OwnName = "sound-test";
        string name = File.ReadAllText(NameOfThread);
        File.WriteAllText(NameOfThread, OwnName);
        using Machine machine = new();
        using IAudioDevice? device = machine.OpenAudioDevice(Null, new Readiness(ServiceClass.AudioClock, 1), out string? problem);
        Assert.Null(problem);
        Assert.NotNull(device);
        short[] period = new short[device.PeriodSamples];
        Readiness[] ready = new Readiness[4];
        int periods = 0;
        int wakes = 0;
        long end = machine.ReadClock() + Second;
        while (machine.Now < end)
        {
            _ = machine.Wait(end, ready);
            wakes++;
            while (device.TryCapture(period))
            {
                device.Play(period);
                periods++;
            }
        }

        Assert.InRange(periods, 50, 130);
        Assert.InRange(wakes, 50, 600);
        Assert.Equal(8000, device.SampleRate);
        int threads = Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task) == OwnName);
        File.WriteAllText(NameOfThread, name);
        Assert.Equal(1, threads);
    }

    [Fact]
    public void What_a_stream_can_do_is_asked_without_choosing_anything()
    {
        SoundAbilities? abilities = PcmAbilities.Read("null", PcmDirection.Capture, out Errno error);
        Assert.Equal(Errno.None, error);
        Assert.NotNull(abilities);
        Assert.Equal([8000, 16_000, 32_000, 44_100, 48_000, 96_000], abilities.Rates);
        Assert.Equal(1, abilities.FewestChannels);
        Assert.InRange(abilities.MostChannels, 2, int.MaxValue);
        Assert.Contains("S16_LE", abilities.Formats);
        Assert.True(abilities.ShortestPeriod < abilities.LongestPeriod);

        Assert.Null(PcmAbilities.Read("hw:CARD=nowhere", PcmDirection.Capture, out error));
        Assert.NotEqual(Errno.None, error);
    }

    [Fact]
    public void A_device_that_does_not_exist_is_named()
    {
        using Machine machine = new();
        AlsaAudioSettings settings = Null with { CaptureDevice = "hw:CARD=nowhere" };
        Assert.Null(machine.OpenAudioDevice(settings, new Readiness(ServiceClass.AudioClock, 1), out string? problem));
        Assert.StartsWith("cannot capture from the sound device hw:CARD=nowhere: no such ", problem);
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            // A thread of the runtime has ended since it was listed.
            return string.Empty;
        }
    }
}
