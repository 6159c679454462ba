using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>The volume controls of one direction of a sound card; what a test puts in its place has no card.</summary>
internal interface IMixerControls
{
    /// <summary>The names of a card's controls; empty when it has none, or no mixer.</summary>
    IReadOnlyList<string> Names(int card, PcmDirection direction);

    /// <summary>Sets a control, 0 to 100 percent as <see cref="MixerVolume"/> says, and switches it on; false when the card refuses.</summary>
    bool TrySet(int card, PcmDirection direction, string name, int percent);
}

/// <summary>What the settings wish of the mixer, made true when the device opens.</summary>
internal static class MixerWishes
{
    /// <summary>What cards call the control of a loudspeaker, the most telling first.</summary>
    private static readonly string[] VolumeNames = ["Speaker", "Headphone", "PCM", "Master", "Digital", "Playback"];

    /// <summary>What cards call the control of a microphone.</summary>
    private static readonly string[] GainNames = ["Mic", "Capture", "ADC", "Internal Mic", "Headset Mic", "Digital"];

    /// <summary>Sets the controls; returns a sentence for each wish that could not be met.</summary>
    public static IReadOnlyList<string> Apply(IMixerControls mixer, AlsaAudioSettings settings, int captureCard, int playbackCard)
    {
        string? volume = settings.VolumePercent is { } loud
            ? Set(mixer, playbackCard, PcmDirection.Playback, settings.VolumeControl, loud) : null;
        string? gain = settings.GainPercent is { } sensitive
            ? Set(mixer, captureCard, PcmDirection.Capture, settings.GainControl, sensitive) : null;
        return [.. new[] { volume, gain }.OfType<string>()];
    }

    /// <summary>The first of the usual names that a card has; null when it has none.</summary>
    public static string? FindUsual(IReadOnlyList<string> names, PcmDirection direction) =>
        (direction == PcmDirection.Playback ? VolumeNames : GainNames).FirstOrDefault(names.Contains);

    private static string? Set(IMixerControls mixer, int card, PcmDirection direction, string? wished, int percent)
    {
        string what = direction == PcmDirection.Playback ? "volume" : "gain";
        IReadOnlyList<string> names = mixer.Names(card, direction);
        string? name = wished is null ? FindUsual(names, direction) : names.FirstOrDefault(known => known == wished);
        if (name is null)
        {
            string found = names.Count == 0 ? "the sound card has none" : $"there are: {string.Join(", ", names)}";
            return $"no {what} control{(wished is null ? "" : $" \"{wished}\"")} to set; {found}";
        }

        return mixer.TrySet(card, direction, name, percent)
            ? null : string.Create(CultureInfo.InvariantCulture, $"cannot set the {what} control \"{name}\" to {percent} %");
    }
}

/// <summary>libasound's simple mixer elements.</summary>
internal sealed unsafe class MixerControls : IMixerControls
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names(int card, PcmDirection direction)
    {
        using MixerHandle? mixer = TryOpen(card);
        List<string> names = [];
        for (nint element = mixer is null ? 0 : AlsaMixer.First(mixer); element != 0; element = AlsaMixer.Next(element))
        {
            if (HasVolume(element, direction))
            {
                names.Add(Marshal.PtrToStringUTF8((nint)AlsaMixer.NameOf(element)) ?? "");
            }
        }

        return names;
    }

    /// <inheritdoc/>
    public bool TrySet(int card, PcmDirection direction, string name, int percent)
    {
        using MixerHandle? mixer = TryOpen(card);
        for (nint element = mixer is null ? 0 : AlsaMixer.First(mixer); element != 0; element = AlsaMixer.Next(element))
        {
            if (HasVolume(element, direction) && Marshal.PtrToStringUTF8((nint)AlsaMixer.NameOf(element)) == name)
            {
                return TrySet(element, direction, percent);
            }
        }

        return false;
    }

    private static bool TrySet(nint element, PcmDirection direction, int percent)
    {
        bool plays = direction == PcmDirection.Playback;
        bool hasSwitch = (plays ? AlsaMixer.HasPlaybackSwitch(element) : AlsaMixer.HasCaptureSwitch(element)) > 0;
        return (TrySetDecibels(element, plays, percent) || TrySetPart(element, plays, percent))
            && (!hasSwitch || (plays ? AlsaMixer.SetPlaybackSwitch(element, 1) : AlsaMixer.SetCaptureSwitch(element, 1)) >= 0);
    }

    /// <summary>False when the control says nothing of decibels.</summary>
    private static bool TrySetDecibels(nint element, bool plays, int percent)
    {
        CLong least;
        CLong most;
        if ((plays ? AlsaMixer.GetPlaybackDecibels(element, &least, &most) : AlsaMixer.GetCaptureDecibels(element, &least, &most)) < 0
            || least.Value >= most.Value)
        {
            return false;
        }

        CLong value = new((nint)MixerVolume.Decibels(least.Value, most.Value, percent));
        return (plays
            ? AlsaMixer.SetPlaybackDecibels(element, value, AlsaMixer.NearestBelow)
            : AlsaMixer.SetCaptureDecibels(element, value, AlsaMixer.NearestBelow)) >= 0;
    }

    private static bool TrySetPart(nint element, bool plays, int percent)
    {
        CLong least;
        CLong most;
        if ((plays ? AlsaMixer.GetPlaybackRange(element, &least, &most) : AlsaMixer.GetCaptureRange(element, &least, &most)) < 0)
        {
            return false;
        }

        CLong value = new((nint)MixerVolume.Even(least.Value, most.Value, percent));
        return (plays ? AlsaMixer.SetPlaybackVolume(element, value) : AlsaMixer.SetCaptureVolume(element, value)) >= 0;
    }

    private static bool HasVolume(nint element, PcmDirection direction) =>
        (direction == PcmDirection.Playback ? AlsaMixer.HasPlaybackVolume(element) : AlsaMixer.HasCaptureVolume(element)) > 0;

    /// <summary>The mixer of a card; null when it has none. A card that is not known is the default one.</summary>
    private static MixerHandle? TryOpen(int card)
    {
        if (AlsaMixer.Open(out MixerHandle mixer, 0) < 0)
        {
            mixer.SetHandleAsInvalid();
            mixer.Dispose();
            return null;
        }

        string name = card < 0 ? "default" : string.Create(CultureInfo.InvariantCulture, $"hw:{card}");
        if (AlsaMixer.Attach(mixer, name) >= 0 && AlsaMixer.Register(mixer, 0, null) >= 0 && AlsaMixer.Load(mixer) >= 0)
        {
            return mixer;
        }

        mixer.Dispose();
        return null;
    }
}
