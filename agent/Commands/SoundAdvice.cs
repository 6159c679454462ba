using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Commands;

/// <summary>What to write in <c>[audio]</c> for the sound cards that there are.</summary>
internal static class SoundAdvice
{
    /// <summary>The rates that the agent opens a device with.</summary>
    private static readonly int[] Rates = [8000, 16_000, 32_000, 44_100, 48_000];

    /// <summary>The value for one half: the card itself where it has what the agent speaks, else with ALSA's conversion before it.</summary>
    public static string DeviceOf(SoundCard card, SoundStream stream) => DeviceOf(card, stream, SuitsAsItIs(stream));

    /// <summary>The whole section for the best choice, line by line; empty when there is no card with a PCM device.</summary>
    public static IReadOnlyList<string> Section(IReadOnlyList<SoundCard> cards)
    {
        SoundCard? whole = cards.FirstOrDefault(card => HasHalf(card, captures: true) && HasHalf(card, captures: false));
        IEnumerable<SoundCard> candidates = whole is null ? cards : [whole];
        List<(SoundCard Card, SoundStream Stream)> streams =
            [.. candidates.SelectMany(card => card.Streams.Select(stream => (card, stream))).OrderBy(half => Rank(half.stream))];
        if (streams.Count == 0)
        {
            return [];
        }

        List<(SoundCard Card, SoundStream Stream)> capture = [.. streams.Where(half => half.Stream.Captures).Take(1)];
        List<(SoundCard Card, SoundStream Stream)> playback = [.. streams.Where(half => !half.Stream.Captures).Take(1)];
        bool direct = Agree([.. capture.Concat(playback).Select(half => half.Stream)]);
        return
        [
            "[audio]",
            "kind = \"alsa\"",
            .. Devices(
                capture.Select(half => DeviceOf(half.Card, half.Stream, direct)).SingleOrDefault("none"),
                playback.Select(half => DeviceOf(half.Card, half.Stream, direct)).SingleOrDefault("none")),
            .. playback.SelectMany(half => Control("volume", 80, half.Card.UsualVolumeControl, half.Card.VolumeControls)),
            .. capture.SelectMany(half => Control("gain", 60, half.Card.UsualGainControl, half.Card.GainControls)),
        ];
    }

    private static string DeviceOf(SoundCard card, SoundStream stream, bool direct) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(direct ? "hw" : "plughw")}:CARD={card.Id}{(stream.Device == 0 ? "" : $",DEV={stream.Device}")}");

    private static IEnumerable<string> Devices(string capture, string playback) => capture == playback
        ? [$"device = \"{capture}\""]
        : [$"capture_device = \"{capture}\"", $"playback_device = \"{playback}\""];

    /// <summary>The lines of a mixer control. They say what could be set, and change nothing as they are.</summary>
    private static IEnumerable<string> Control(string what, int percent, string? usual, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"#{what}_percent = {percent}");
            if (usual is null)
            {
                yield return $"#{what}_control = \"{Escape(names[0])}\"";
            }
        }
    }

    private static bool HasHalf(SoundCard card, bool captures) => card.Streams.Any(stream => stream.Captures == captures);

    /// <summary>The best come first: what needs no conversion, what does, what is not known now.</summary>
    private static int Rank(SoundStream stream) => stream.Abilities is null ? 2 : SuitsAsItIs(stream) ? 0 : 1;

    private static bool SuitsAsItIs(SoundStream stream) => Agree([stream]);

    /// <summary>Whether the streams need no conversion, and have a rate that is common to them.</summary>
    private static bool Agree(IReadOnlyList<SoundStream> streams) =>
        streams.All(stream => stream.Abilities is { FewestChannels: <= 2, MostChannels: >= 1 } abilities && abilities.Formats.Contains("S16_LE"))
        && Rates.Any(rate => streams.All(stream => stream.Abilities!.Rates.Contains(rate)));

    /// <summary>As a basic string of TOML.</summary>
    private static string Escape(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
