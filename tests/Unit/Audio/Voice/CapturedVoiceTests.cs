using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

public sealed class CapturedVoiceTests(ITestOutputHelper output)
{
    private const int Seed = 11;

    private static readonly VoiceSettings Cancelling =
        new() { Echo = EchoControl.Cancel, NoiseSuppression = 12, AutomaticGain = false, WindFilter = true };

    [Theory]
    [InlineData("porch", 0, 0, 40)]
    [InlineData("porch", 2, 6, 40)]
    [InlineData("hall", 0, 0, 40)]
    [InlineData("hall", 2, 6, 0)]
    [InlineData("staircase", 0, 0, 40)]
    [InlineData("staircase", 2, 6, 300)]
    public void Takes_the_echo_out_and_leaves_the_visitor(string room, int drive, int echoLevel, int lagMilliseconds)
    {
        EchoScene scene = new(Room(room), 8000, drive, echoLevel, lagMilliseconds, Seed);
        using CapturedVoice voice = new(8000, 80, Cancelling, hasLibrary: true);
        EchoResult result = scene.Run(voice, 10);

        double early = result.Enhancement(2, 4);
        double converged = result.Enhancement(14, 20);
        double raw = result.Understood(asSent: false);
        double understood = result.Understood(asSent: true);
        output.WriteLine(
            $"{room}, drive {drive}, echo {echoLevel} dB: less echo by {early:F1} dB after 2 s, {converged:F1} dB later; "
            + $"in double talk ESTOI {raw:F2} before, {understood:F2} after");
        Assert.True(early > 15, $"{early:F1} dB after two seconds");
        Assert.True(converged > 18, $"{converged:F1} dB after a quarter of a minute");
        Assert.True(understood > 0.7, $"ESTOI {understood:F2} while both talk");
        Assert.True(understood > raw + 0.1, $"ESTOI {raw:F2} before, {understood:F2} after");
    }

    [Theory]
    [InlineData("porch")]
    [InlineData("staircase")]
    public void Without_the_library_the_microphone_is_turned_down_while_the_loudspeaker_speaks(string room)
    {
        EchoScene scene = new(Room(room), 8000, 2, 6, 40, Seed);
        using CapturedVoice voice = new(8000, 80, Cancelling, hasLibrary: false);
        EchoResult result = scene.Run(voice, 10);

        double lowered = result.Enhancement(2, 20);
        output.WriteLine($"{room}: {lowered:F1} dB");
        Assert.True(lowered > 20, $"{lowered:F1} dB");
    }

    [Fact]
    public void Allocates_nothing_once_it_runs()
    {
        using CapturedVoice voice = new(8000, 80, Cancelling with { AutomaticGain = true }, hasLibrary: true);
        short[] frame = new short[80];
        Turn(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int frames)
        {
            for (int index = 0; index < frames; index++)
            {
                voice.Listen(80);
                voice.Clean(frame);
                voice.Played(frame);
            }
        }
    }

    [Fact]
    public void A_quiet_voice_is_made_louder_and_a_loud_one_is_not_clipped()
    {
        VoiceSettings gaining = VoiceSettings.None with { AutomaticGain = true };
        double quiet = Gain(0.1, gaining, out int _);
        double loud = Gain(1, gaining, out int greatest);
        output.WriteLine($"quiet by {quiet:F1} dB, loud by {loud:F1} dB, at most {greatest}");
        Assert.InRange(quiet, 6, 13);
        Assert.InRange(loud, -12, 3);
        Assert.InRange(greatest, 4000, 32_000);
    }

    [Fact]
    public void Steady_noise_is_lowered_while_nobody_speaks()
    {
        using CapturedVoice voice = new(8000, 80, VoiceSettings.None with { NoiseSuppression = 15 }, hasLibrary: true);
        Random random = new(Seed);
        double before = 0;
        double after = 0;
        short[] frame = new short[80];
        for (int index = 0; index < 800; index++)
        {
            for (int at = 0; at < frame.Length; at++)
            {
                frame[at] = (short)random.Next(-600, 600);
            }

            before += index < 400 ? 0 : Energy(frame);
            voice.Listen(0);
            voice.Clean(frame);
            after += index < 400 ? 0 : Energy(frame);
        }

        double lowered = 10 * Math.Log10(before / after);
        output.WriteLine($"{lowered:F1} dB");
        Assert.InRange(lowered, 10, 20);
    }

    [Fact]
    public void Nothing_is_changed_where_nothing_is_asked_for()
    {
        using CapturedVoice voice = new(8000, 80, VoiceSettings.None, hasLibrary: true);
        short[] frame = [.. Enumerable.Range(0, 80).Select(index => (short)(index * 300 - 9000))];
        short[] before = [.. frame];
        voice.Listen(160);
        voice.Clean(frame);
        Assert.Equal(before, frame);
    }

    [Fact]
    public void It_can_be_let_go_twice()
    {
        CapturedVoice voice = new(8000, 80, Cancelling, hasLibrary: true);
        voice.Dispose();
        voice.Dispose();
    }

    private static double Gain(double volume, VoiceSettings settings, out int greatest)
    {
        using CapturedVoice voice = new(8000, 80, settings, hasLibrary: true);
        short[] speech = IntercomAgent.Demo.DemoSpeech.Visitor();
        double before = 0;
        double after = 0;
        greatest = 0;
        short[] frame = new short[80];
        for (int round = 0; round < 5; round++)
        {
            for (int first = 0; first + frame.Length <= speech.Length; first += frame.Length)
            {
                for (int index = 0; index < frame.Length; index++)
                {
                    frame[index] = (short)(speech[first + index] * volume);
                }

                before += round == 4 ? Energy(frame) : 0;
                voice.Listen(0);
                voice.Clean(frame);
                after += round == 4 ? Energy(frame) : 0;
                greatest = round == 4 ? int.Max(greatest, frame.Max(sample => int.Abs((int)sample))) : 0;
            }
        }

        return 10 * Math.Log10(after / before);
    }

    private static double Energy(short[] frame) => frame.Sum(sample => (double)sample * sample);

    private static EchoRoom Room(string name) => name switch
    {
        "porch" => EchoRoom.Porch,
        "hall" => EchoRoom.Hall,
        "staircase" => EchoRoom.Staircase,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
