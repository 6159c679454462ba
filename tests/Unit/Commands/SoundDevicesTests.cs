using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Commands;
using IntercomAgent.Configuration;
using IntercomAgent.Hal.Audio;
using IntercomAgent.Tests.Unit.Configuration;
using Xunit;

namespace IntercomAgent.Tests.Unit.Commands;

public sealed class SoundDevicesTests
{
    private static readonly SoundAbilities Telephone = new()
    {
        Rates = [8000, 16_000, 44_100, 48_000],
        FewestChannels = 1,
        MostChannels = 2,
        Formats = ["S16_LE"],
        ShortestPeriod = TimeSpan.FromMicroseconds(1333),
        LongestPeriod = TimeSpan.FromMilliseconds(2048),
    };

    private static readonly SoundAbilities Studio = Telephone with
    {
        Rates = [48_000, 96_000],
        FewestChannels = 2,
        MostChannels = 2,
        Formats = ["S24_LE", "S32_LE"],
    };

    [Fact]
    public void A_card_is_shown_with_what_it_can_do_and_what_to_write()
    {
        SoundCard codec = Card("Codec", Microphone(Telephone), Loudspeaker(Telephone), Loudspeaker(null) with { Device = 3 }) with
        {
            VolumeControls = ["Line", "Speaker"],
            GainControls = ["Mic"],
        };

        Assert.Equal(
            """
            Sound card Codec (USB Audio Codec), now number 1
              half         kHz                      channels  formats                 period           write
              microphone   8, 16, 44.1, 48          1 to 2    S16_LE                  1.3 to 2048 ms   capture_device = "hw:CARD=Codec"
              loudspeaker  8, 16, 44.1, 48          1 to 2    S16_LE                  1.3 to 2048 ms   playback_device = "hw:CARD=Codec"
              loudspeaker  busy, used by aplay (process 812)                                           playback_device = "plughw:CARD=Codec,DEV=3"
              volume controls: Line, Speaker; gain controls: Mic

            Names of ALSA's configuration: null, horn.

            In the configuration:
              [audio]
              kind = "alsa"
              device = "hw:CARD=Codec"
              #volume_percent = 80
              #gain_percent = 60

            """,
            Tell([codec], "null", "horn"));
    }

    [Fact]
    public void Without_a_card_it_says_what_stands_for_one() => Assert.Equal(
        "Sound: this machine has no card that can be opened; without one, kind = \"silence\", \"tone\" or \"file\" in [audio] stands for it.\n",
        Tell([]));

    [Fact]
    public void A_card_that_lacks_what_the_agent_speaks_is_used_with_conversion() =>
        Assert.Equal(["device = \"plughw:CARD=Codec\""], Devices(Card("Codec", Microphone(Studio), Loudspeaker(Telephone))));

    [Fact]
    public void Halves_that_share_no_rate_are_used_with_conversion() => Assert.Equal(
        ["device = \"plughw:CARD=Codec\""],
        Devices(Card("Codec", Microphone(Telephone with { Rates = [16_000] }), Loudspeaker(Telephone with { Rates = [48_000] }))));

    [Fact]
    public void A_card_with_many_channels_is_used_with_conversion() => Assert.Equal(
        ["capture_device = \"plughw:CARD=Array\"", "playback_device = \"none\""],
        Devices(Card("Array", Microphone(Telephone with { FewestChannels = 4, MostChannels = 4 }))));

    [Fact]
    public void A_card_with_both_halves_is_better_than_two_cards() => Assert.Equal(
        ["device = \"hw:CARD=Codec\""],
        Devices(Card("Headphones", Loudspeaker(Telephone)), Card("Codec", Microphone(Telephone), Loudspeaker(Telephone))));

    [Fact]
    public void Two_cards_with_a_half_each_are_used_together() => Assert.Equal(
        ["capture_device = \"hw:CARD=Webcam\"", "playback_device = \"hw:CARD=Headphones\""],
        Devices(Card("Headphones", Loudspeaker(Telephone)), Card("Webcam", Microphone(Telephone))));

    [Fact]
    public void What_suits_comes_before_what_is_converted_and_that_before_what_is_busy() => Assert.Equal(
        ["capture_device = \"none\"", "playback_device = \"hw:CARD=Headphones\""],
        Devices(
            Card("Busy", Loudspeaker(null)),
            Card("Hdmi", Loudspeaker(Telephone with { Formats = ["IEC958_SUBFRAME_LE"] })),
            Card("Headphones", Loudspeaker(Telephone))));

    [Fact]
    public void A_control_without_a_usual_name_is_named()
    {
        SoundCard card = Card("Codec", Loudspeaker(Telephone)) with { VolumeControls = ["Left \"A\""] };
        Assert.Equal(["#volume_percent = 80", "#volume_control = \"Left \\\"A\\\"\""], SoundAdvice.Section([card]).Skip(4));
    }

    /// <summary>What is shown can be pasted, and switched on.</summary>
    [Fact]
    public void What_is_to_be_written_is_valid()
    {
        SoundCard card = Card("Codec", Microphone(Telephone), Loudspeaker(Studio)) with
        {
            VolumeControls = ["Left \"A\" \\ B"],
            GainControls = ["Gain"],
        };

        AlsaConfiguration alsa = ConfigurationDouble.Read(
            string.Join('\n', SoundAdvice.Section([card])).Replace("#", "", StringComparison.Ordinal)).Audio.Alsa!;

        Assert.Equal(("plughw:CARD=Codec", "plughw:CARD=Codec"), (alsa.CaptureDevice, alsa.PlaybackDevice));
        Assert.Equal(("Left \"A\" \\ B", 80), (alsa.VolumeControl, alsa.VolumePercent));
        Assert.Equal(("Gain", 60), (alsa.GainControl, alsa.GainPercent));
    }

    private static IEnumerable<string> Devices(params SoundCard[] cards) =>
        SoundAdvice.Section(cards).Where(line => line.Contains("device", StringComparison.Ordinal));

    private static string Tell(IReadOnlyList<SoundCard> cards, params string[] names)
    {
        using StringWriter output = new() { NewLine = "\n" };
        SoundDevices.Tell(new SoundInventory(cards, names), output);
        return output.ToString();
    }

    private static SoundCard Card(string id, params SoundStream[] streams) => new(1, id, $"USB Audio {id}")
    {
        Streams = streams,
        VolumeControls = [],
        GainControls = [],
    };

    private static SoundStream Microphone(SoundAbilities? abilities) => Stream(true, abilities);

    private static SoundStream Loudspeaker(SoundAbilities? abilities) => Stream(false, abilities);

    private static SoundStream Stream(bool captures, SoundAbilities? abilities) => new(captures, 0, "USB Audio")
    {
        Abilities = abilities,
        Problem = abilities is null ? "busy, used by aplay (process 812)" : null,
    };
}
