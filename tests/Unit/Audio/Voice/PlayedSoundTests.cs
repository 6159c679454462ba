using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Voice;

public sealed class PlayedSoundTests
{
    private const int Lead = 40;

    private readonly PlayedSound _played = new(8000);

    [Fact]
    public void Gives_what_was_heard_while_the_period_was_captured_and_five_milliseconds_more()
    {
        _played.Add(Ramp(0, 800));
        short[] heard = new short[80];
        _played.TakeHeard(160, heard);

        // Of 800 samples 160 wait: those up to 640 were heard when the period ended.
        Assert.Equal(Ramp(640 - 80 + Lead, 80), heard);
    }

    [Fact]
    public void Before_anything_was_played_there_was_silence()
    {
        short[] heard = [.. Enumerable.Repeat((short)7, 80)];
        _played.TakeHeard(160, heard);
        Assert.All(heard, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void The_grain_of_the_device_moves_nothing()
    {
        _played.Add(Ramp(0, 4000));
        short[] heard = new short[80];
        _played.TakeHeard(160, heard);
        short[] first = [.. heard];
        for (int reading = 0; reading < 100; reading++)
        {
            _played.TakeHeard(160 + (reading % 2 == 0 ? 30 : -30), heard);
            Assert.Equal(first, heard);
        }
    }

    [Fact]
    public void A_device_that_starts_anew_with_a_longer_queue_is_followed_at_once()
    {
        _played.Add(Ramp(0, 4000));
        short[] heard = new short[80];
        _played.TakeHeard(160, heard);
        _played.TakeHeard(480, heard);
        Assert.Equal(Ramp(4000 - 480 - 80 + Lead, 80), heard);
    }

    private static short[] Ramp(int first, int count) => [.. Enumerable.Range(first, count).Select(value => (short)value)];
}
