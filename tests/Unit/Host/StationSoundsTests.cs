using System.Linq;
using IntercomAgent.Configuration;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class StationSoundsTests
{
    private const short Pressed = 4000;
    private const short Ringing = 2000;
    private const short Unanswered = 1000;
    private const short Opened = 500;

    private readonly StationSounds _sounds = new(
        new SoundsConfiguration { Pressed = Constant(Pressed), Ringing = Constant(Ringing), Unanswered = Constant(Unanswered), Opened = Constant(Opened) },
        bestRate: 8000);

    [Fact]
    public void A_button_that_was_taken_is_heard_and_then_that_it_rings()
    {
        _sounds.Follow(StationState.Ringing, isToneHeard: false);

        Assert.Equal((Pressed, Ringing, Ringing), (Heard(), Heard(), Heard()));
    }

    [Fact]
    public void A_telephone_that_is_heard_while_it_rings_is_left_alone()
    {
        _sounds.Follow(StationState.Ringing, isToneHeard: true);

        Assert.Equal((Pressed, (short)0), (Heard(), Heard()));
    }

    [Fact]
    public void A_visitor_who_is_sent_on_hears_that_it_rings_and_no_button()
    {
        _sounds.Follow(StationState.Talking, isToneHeard: false);
        _sounds.Follow(StationState.Ringing, isToneHeard: false);

        Assert.Equal(Ringing, Heard());
    }

    [Theory]
    [InlineData(StationFact.NobodyAnswered, Unanswered)]
    [InlineData(StationFact.NobodyReachable, Unanswered)]
    [InlineData(StationFact.CodeWrong, 0)]
    internal void That_nobody_came_is_heard(StationFact fact, short expected)
    {
        _sounds.Obey(new StationOutput(StationOutputKind.Note, Fact: fact));

        Assert.Equal(expected, Heard());
    }

    [Fact]
    public void That_the_door_opens_is_heard()
    {
        _sounds.Obey(new StationOutput(StationOutputKind.OpenStrike));

        Assert.Equal((Opened, (short)0), (Heard(), Heard()));
    }

    private static SoundChoice Constant(short value) =>
        new($"{value}.wav") { Samples = [.. Enumerable.Repeat(value, 800)], SampleRate = 8000 };

    /// <summary>What is heard in the middle of the next tenth of a second.</summary>
    private short Heard()
    {
        short[] mix = new short[800];
        _sounds.AddTo(mix);
        return mix[400];
    }
}
