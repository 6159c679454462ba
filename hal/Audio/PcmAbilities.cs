using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>Asks libasound what a stream can do, without choosing anything.</summary>
internal static unsafe class PcmAbilities
{
    private static readonly int[] UsualRates = [8000, 16_000, 32_000, 44_100, 48_000, 96_000];

    private static readonly (PcmFormat Format, string Name)[] UsualFormats =
    [
        (PcmFormat.SND_PCM_FORMAT_S16_LE, "S16_LE"),
        (PcmFormat.SND_PCM_FORMAT_S24_LE, "S24_LE"),
        (PcmFormat.SND_PCM_FORMAT_S24_3LE, "S24_3LE"),
        (PcmFormat.SND_PCM_FORMAT_S32_LE, "S32_LE"),
        (PcmFormat.SND_PCM_FORMAT_FLOAT_LE, "FLOAT_LE"),
        (PcmFormat.SND_PCM_FORMAT_U8, "U8"),
        (PcmFormat.SND_PCM_FORMAT_IEC958_SUBFRAME_LE, "IEC958_SUBFRAME_LE"),
    ];

    /// <summary>Opens the stream for a moment and asks. Null, with the reason, when it cannot be opened or asked.</summary>
    public static SoundAbilities? Read(string name, PcmDirection direction, out Errno error)
    {
        error = Alsa.ErrorOf(AlsaPcm.Open(out PcmHandle pcm, name, direction, PcmModes.SND_PCM_NONBLOCK));
        if (error != Errno.None)
        {
            // Nothing was opened, whatever the library left behind.
            pcm.SetHandleAsInvalid();
        }

        SoundAbilities? abilities = error != Errno.None ? null : Read(pcm, out error);
        pcm.Dispose();
        return abilities;
    }

    private static SoundAbilities? Read(PcmHandle pcm, out Errno error)
    {
        nint all;
        error = Alsa.ErrorOf(AlsaHardware.New(&all));
        if (error != Errno.None)
        {
            return null;
        }

        error = Alsa.ErrorOf(AlsaHardware.All(pcm, all));
        error = error != Errno.None ? error : Alsa.ErrorOf(AlsaHardware.SetResampling(pcm, all, 0));
        SoundAbilities? abilities = error != Errno.None ? null : Describe(pcm, all);
        AlsaHardware.Free(all);
        return abilities;
    }

    private static SoundAbilities Describe(PcmHandle pcm, nint all)
    {
        // What cannot be asked stays 0, and is shown as that.
        uint fewest = 0;
        uint most = 0;
        uint shortest = 0;
        uint longest = 0;
        int direction;
        _ = AlsaHardware.LeastChannels(all, &fewest);
        _ = AlsaHardware.MostChannels(all, &most);
        _ = AlsaHardware.ShortestPeriod(all, &shortest, &direction);
        _ = AlsaHardware.LongestPeriod(all, &longest, &direction);
        List<int> rates = [.. UsualRates.Where(rate => AlsaHardware.TestRate(pcm, all, (uint)rate, 0) >= 0)];
        return new SoundAbilities
        {
            Rates = rates,
            FewestChannels = (int)Math.Min(fewest, int.MaxValue),
            MostChannels = (int)Math.Min(most, int.MaxValue),
            Formats = [.. UsualFormats.Where(usual => AlsaHardware.TestFormat(pcm, all, usual.Format) >= 0).Select(usual => usual.Name)],
            ShortestPeriod = TimeSpan.FromMicroseconds(shortest),
            LongestPeriod = TimeSpan.FromMicroseconds(longest),
        };
    }
}
