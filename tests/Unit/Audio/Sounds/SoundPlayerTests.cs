using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Sounds;

public sealed class SoundPlayerTests
{
    private const int SampleRate = 8000;

    private readonly SoundPlayer _player = new(SampleRate);

    [Fact]
    public void Changes_nothing_while_it_is_silent()
    {
        short[] mix = Constant(1000, 160);
        _player.AddTo(mix);
        Assert.Equal(Constant(1000, 160), mix);
        Assert.True(_player.IsSilent);
    }

    [Fact]
    public void Plays_a_sound_once_and_turns_the_others_down_meanwhile()
    {
        _player.Play(Constant(100, SampleRate));
        short[] mix = Constant(8000, 2 * SampleRate);
        _player.AddTo(mix);

        Assert.All(mix[1000..7900], sample => Assert.Equal(2100, sample));
        Assert.All(mix[9000..], sample => Assert.Equal(8000, sample));
        Assert.True(_player.IsSilent);
        AssertNoStep(mix, 120);
    }

    [Fact]
    public void What_is_repeated_waits_for_what_is_played_once_and_begins_anew()
    {
        _player.Repeat(Ramp(4000));
        short[] first = Played(6000);
        _player.Play(Constant(300, 2000));
        short[] second = Played(6000);

        Assert.Equal(first[100], first[4100]);
        Assert.Equal(300, second[1000]);

        // Two milliseconds after the other's end it has begun from its beginning.
        Assert.InRange(second[2200], 0, 300);
        _player.Repeat(null);
        Assert.All(Played(6000)[200..], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void The_same_sound_asked_for_again_begins_again()
    {
        short[] ramp = Ramp(4000);
        _player.Play(ramp);
        _ = Played(3000);
        _player.Play(ramp);
        short[] again = Played(6000);

        Assert.InRange(again[100], 0, 200);
        Assert.All(again[4200..], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void One_sound_takes_the_place_of_another_without_a_click()
    {
        _player.Play(Constant(10_000, SampleRate));
        _ = Played(1000);
        _player.Play(new short[SampleRate]);
        short[] fading = Played(200);

        Assert.InRange(fading[0], 9000, 10_000);
        Assert.Equal(0, fading[100]);
        AssertNoStep(fading, 300);
    }

    [Fact]
    public void What_would_be_too_loud_is_clipped()
    {
        _player.Play(Constant(30_000, 1000));
        short[] mix = Constant(30_000, 1000);
        _player.AddTo(mix);
        Assert.Equal(short.MaxValue, mix[500]);
    }

    [Fact]
    public void Allocates_nothing()
    {
        short[] sound = Ramp(4000);
        short[] mix = new short[160];
        _player.Repeat(sound);
        _player.AddTo(mix);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int period = 0; period < 100; period++)
        {
            if (period % 10 == 0)
            {
                _player.Play(sound);
            }

            _player.AddTo(mix);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(48_000)]
    public void The_standard_sounds_begin_and_end_softly(int sampleRate)
    {
        foreach (Func<int, short[]> make in (Func<int, short[]>[])[
            StandardSounds.Pressed, StandardSounds.Ringing, StandardSounds.Unanswered, StandardSounds.Opened])
        {
            short[] sound = make(sampleRate);
            Assert.InRange(sound.Max(sample => int.Abs((int)sample)), 2000, 16_000);
            Assert.Equal(0, sound[0]);
            Assert.Equal(0, sound[^1]);
        }
    }

    private static void AssertNoStep(short[] samples, int greatest) => Assert.InRange(
        Enumerable.Range(1, samples.Length - 1).Max(index => int.Abs(samples[index] - samples[index - 1])), 0, greatest);

    private static short[] Constant(short value, int count) => [.. Enumerable.Repeat(value, count)];

    private static short[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(value => (short)value)];

    private short[] Played(int count)
    {
        short[] mix = new short[count];
        _player.AddTo(mix);
        return mix;
    }
}
