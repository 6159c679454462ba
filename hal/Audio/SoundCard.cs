using System;
using System.Collections.Generic;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>A sound card of this machine.</summary>
/// <param name="Number">Its number, which may be another one after the next start.</param>
/// <param name="Id">Its short name, which stays: <c>Codec</c> in <c>hw:CARD=Codec</c>.</param>
/// <param name="Name">What it is, for a person.</param>
public sealed record SoundCard(int Number, string Id, string Name)
{
    /// <summary>The halves of its PCM devices.</summary>
    public required IReadOnlyList<SoundStream> Streams { get; init; }

    /// <summary>The mixer controls that make it louder.</summary>
    public required IReadOnlyList<string> VolumeControls { get; init; }

    /// <summary>The mixer controls that make its microphone more sensitive.</summary>
    public required IReadOnlyList<string> GainControls { get; init; }

    /// <summary>The control that is the volume when the settings name none; null when they have to.</summary>
    public string? UsualVolumeControl => MixerWishes.FindUsual(VolumeControls, PcmDirection.Playback);

    /// <summary>The control that is the gain when the settings name none; null when they have to.</summary>
    public string? UsualGainControl => MixerWishes.FindUsual(GainControls, PcmDirection.Capture);
}

/// <summary>One half of a PCM device: what captures, or what plays.</summary>
/// <param name="Captures">Whether it captures; else it plays.</param>
/// <param name="Device">The number of the device on its card.</param>
/// <param name="Name">What it is, for a person.</param>
public sealed record SoundStream(bool Captures, int Device, string Name)
{
    /// <summary>What it can do; null when it could not be asked.</summary>
    public SoundAbilities? Abilities { get; init; }

    /// <summary>Why it could not be asked: <c>busy, used by aplay (process 812)</c>; else null.</summary>
    public string? Problem { get; init; }
}

/// <summary>What the hardware of a stream can do, without any conversion.</summary>
public sealed record SoundAbilities
{
    /// <summary>The usual rates that it has, samples a second, the lowest first.</summary>
    public required IReadOnlyList<int> Rates { get; init; }

    /// <summary>The fewest channels.</summary>
    public required int FewestChannels { get; init; }

    /// <summary>The most channels.</summary>
    public required int MostChannels { get; init; }

    /// <summary>Its sample formats by ALSA's names, <c>S16_LE</c>.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>The shortest period, of all rates.</summary>
    public required TimeSpan ShortestPeriod { get; init; }

    /// <summary>The longest period, of all rates.</summary>
    public required TimeSpan LongestPeriod { get; init; }
}
