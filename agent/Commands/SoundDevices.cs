using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using IntercomAgent.Hal.Audio;

namespace IntercomAgent.Commands;

/// <summary>The sound part of <c>devices</c>: cards, what they can do, who uses them, and what to write in the configuration.</summary>
internal static class SoundDevices
{
    private const int HertzPerKilohertz = 1000;

    /// <summary>Lists all cards; returns the exit status.</summary>
    public static int List(StandardStreams streams)
    {
        SoundInventory? inventory = SoundInventory.Read(out string? problem);
        if (problem is not null)
        {
            streams.Error.WriteLine($"intercom-agent: {problem}");
        }

        if (inventory is not null)
        {
            Tell(inventory, streams.Output);
        }

        return problem is null ? ExitStatus.Ok : ExitStatus.Failed;
    }

    /// <summary>Tells of an inventory.</summary>
    public static void Tell(SoundInventory inventory, TextWriter output)
    {
        foreach (SoundCard card in inventory.Cards)
        {
            Tell(card, output);
        }

        if (inventory.Names.Count > 0)
        {
            output.WriteLine($"Names of ALSA's configuration: {Join(inventory.Names)}.");
            output.WriteLine();
        }

        IReadOnlyList<string> section = SoundAdvice.Section(inventory.Cards);
        output.WriteLine(section.Count > 0
            ? "In the configuration:"
            : "Sound: this machine has no card that can be opened; without one, kind = \"silence\", \"tone\" or \"file\" in [audio] stands for it.");
        foreach (string line in section)
        {
            output.WriteLine($"  {line}");
        }
    }

    private static void Tell(SoundCard card, TextWriter output)
    {
        output.WriteLine($"Sound card {card.Id} ({card.Name}), now number {card.Number.ToString(CultureInfo.InvariantCulture)}");
        output.WriteLine("  half         kHz                      channels  formats                 period           write");
        foreach (SoundStream stream in card.Streams)
        {
            Tell(card, stream, output);
        }

        output.WriteLine($"  volume controls: {Join(card.VolumeControls)}; gain controls: {Join(card.GainControls)}");
        output.WriteLine();
    }

    private static void Tell(SoundCard card, SoundStream stream, TextWriter output)
    {
        string half = stream.Captures ? "microphone" : "loudspeaker";
        string able = stream.Abilities is { } abilities
            ? $"{Kilohertz(abilities.Rates),-23}  {Channels(abilities),-8}  {Join(abilities.Formats),-22}  {Period(abilities),-15}"
            : $"{stream.Problem,-74}";
        string key = stream.Captures ? "capture_device" : "playback_device";
        output.WriteLine($"  {half,-11}  {able}  {key} = \"{SoundAdvice.DeviceOf(card, stream)}\"");
    }

    private static string Kilohertz(IReadOnlyList<int> rates) => Join(
        [.. rates.Select(rate => ((double)rate / HertzPerKilohertz).ToString("0.###", CultureInfo.InvariantCulture))]);

    private static string Channels(SoundAbilities abilities) => string.Create(
        CultureInfo.InvariantCulture,
        $"{abilities.FewestChannels}{(abilities.MostChannels == abilities.FewestChannels ? "" : $" to {abilities.MostChannels}")}");

    private static string Period(SoundAbilities abilities) => string.Create(
        CultureInfo.InvariantCulture,
        $"{abilities.ShortestPeriod.TotalMilliseconds:0.#} to {abilities.LongestPeriod.TotalMilliseconds:0} ms");

    private static string Join(IReadOnlyList<string> words) => words.Count == 0 ? "none" : string.Join(", ", words);
}
