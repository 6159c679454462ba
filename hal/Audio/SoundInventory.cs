using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>The sound cards of this machine, and what ALSA's configuration offers besides. Looking opens each stream for a moment.</summary>
/// <param name="Cards">The cards, by their numbers.</param>
/// <param name="Names">Names of PCMs that are on no particular card: <c>default</c>, <c>null</c>.</param>
public sealed record SoundInventory(IReadOnlyList<SoundCard> Cards, IReadOnlyList<string> Names)
{
    private const string Proc = "/proc";

    /// <summary>
    /// Looks what there is. Null when it cannot be known, with a sentence for a person; the sentence also comes with an inventory that
    /// lacks something.
    /// </summary>
    public static SoundInventory? Read(out string? problem)
    {
        if (!Alsa.IsInstalled())
        {
            problem = Alsa.Missing;
            return null;
        }

        List<SoundCard> cards = ReadCards();
        problem = cards.Count == 0 && HasCardsOfOthers()
            ? "there is a sound card in /dev/snd, but this user may not open it: it takes the group audio, or root" : null;
        return new SoundInventory(cards, ReadNames());
    }

    /// <summary>
    /// What keeps the settings' streams from being used now, as a sentence; null when nothing does. They are opened for a moment.
    /// </summary>
    public static string? FindProblem(AlsaAudioSettings settings)
    {
        if (!Alsa.IsInstalled())
        {
            return Alsa.Missing;
        }

        using PcmPair? pair = PcmPair.Open(new AlsaLibrary(), settings, out _, out string? problem);
        return problem;
    }

    private static unsafe List<SoundCard> ReadCards()
    {
        List<SoundCard> cards = [];
        int number = -1;
        while (AlsaControl.NextCard(&number) >= 0 && number >= 0)
        {
            int opened = AlsaControl.Open(
                out ControlHandle control, string.Create(CultureInfo.InvariantCulture, $"hw:{number}"), PcmModes.SND_PCM_NONBLOCK);
            if (opened < 0)
            {
                // It was pulled out in this moment: there is nothing to close.
                control.SetHandleAsInvalid();
            }
            else if (ReadCard(control, number) is { } card)
            {
                cards.Add(card);
            }

            control.Dispose();
        }

        return cards;
    }

    private static unsafe SoundCard? ReadCard(ControlHandle control, int number)
    {
        nint info;
        if (AlsaControl.NewCardInfo(&info) < 0)
        {
            return null;
        }

        bool isKnown = AlsaControl.GetCardInfo(control, info) >= 0;
        string id = isKnown ? Text(AlsaControl.IdOf(info)) : "";
        string name = isKnown ? Text(AlsaControl.NameOf(info)) : "";
        AlsaControl.FreeCardInfo(info);
        MixerControls mixer = new();
        return !isKnown ? null : new SoundCard(number, id, name)
        {
            Streams = ReadStreams(control, number),
            VolumeControls = mixer.Names(number, PcmDirection.Playback),
            GainControls = mixer.Names(number, PcmDirection.Capture),
        };
    }

    private static unsafe List<SoundStream> ReadStreams(ControlHandle control, int card)
    {
        List<SoundStream> streams = [];
        nint info;
        if (AlsaPcm.NewInfo(&info) < 0)
        {
            return streams;
        }

        int device = -1;
        while (AlsaControl.NextDevice(control, &device) >= 0 && device >= 0)
        {
            foreach (PcmDirection direction in (ReadOnlySpan<PcmDirection>)[PcmDirection.Capture, PcmDirection.Playback])
            {
                AlsaControl.SetDevice(info, (uint)device);
                AlsaControl.SetDirection(info, direction);
                if (AlsaControl.GetPcmInfo(control, info) >= 0)
                {
                    streams.Add(Ask(new SoundStream(direction == PcmDirection.Capture, device, Text(AlsaControl.PcmNameOf(info))), card));
                }
            }
        }

        AlsaPcm.FreeInfo(info);
        return streams;
    }

    private static SoundStream Ask(SoundStream stream, int card)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"hw:{card},{stream.Device}");
        SoundAbilities? abilities = PcmAbilities.Read(
            name, stream.Captures ? PcmDirection.Capture : PcmDirection.Playback, out Errno error);
        string? owner = error is Errno.EBUSY or Errno.EAGAIN ? PcmOwner.Find(Proc, card, stream.Device, stream.Captures) : null;
        string? problem = error switch
        {
            Errno.None => null,
            Errno.EBUSY or Errno.EAGAIN => owner is null ? "busy" : $"busy, used by {owner}",
            _ => SystemError.Describe(error),
        };
        return stream with { Abilities = abilities, Problem = problem };
    }

    private static unsafe List<string> ReadNames()
    {
        List<string> names = [];
        nint* hints;
        if (AlsaControl.GetHints(-1, "pcm", &hints) < 0)
        {
            return names;
        }

        for (nint* hint = hints; *hint != 0; hint++)
        {
            byte* text = AlsaControl.PartOf(*hint, "NAME");
            string name = Text(text);
            NativeMemory.Free(text);
            if (!name.Contains("CARD=", StringComparison.Ordinal))
            {
                names.Add(name);
            }
        }

        _ = AlsaControl.FreeHints(hints);
        return names;
    }

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static bool HasCardsOfOthers() => Directory.Exists("/dev/snd") && Directory.EnumerateFiles("/dev/snd", "controlC*").Any();
}
