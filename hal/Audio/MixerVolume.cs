using System;

namespace IntercomAgent.Hal.Audio;

/// <summary>
/// What a percentage of a control means: what alsamixer and <c>amixer -M</c> show for it. An ear hears ratios, and so most cards count in
/// decibels: half of their range would be nearly silence. What follows is the mapping of alsa-utils, alsamixer/volume_mapping.c.
/// </summary>
internal static class MixerVolume
{
    /// <summary>A range that is no wider than this, in hundredths of a decibel, is divided evenly.</summary>
    private const long EvenRange = 2400;

    /// <summary>Hundredths of a decibel of a ratio of ten, where the ratio is that of the cubes: 60 dB.</summary>
    private const double Cubed = 6000;

    /// <summary>The least value of a control that is silent there (SND_CTL_TLV_DB_GAIN_MUTE).</summary>
    private const long Mute = -9_999_999;

    /// <summary>The value of a control in hundredths of a decibel.</summary>
    /// <param name="least">Its least value, in hundredths of a decibel.</param>
    /// <param name="most">Its greatest value.</param>
    /// <param name="percent">0 to 100.</param>
    public static long Decibels(long least, long most, int percent)
    {
        if (percent == 0 || most - least <= EvenRange)
        {
            return Even(least, most, percent);
        }

        double quietest = least == Mute ? 0 : Math.Pow(10, (least - most) / Cubed);
        double loudness = quietest + ((1 - quietest) * percent / 100);
        return most + (long)Math.Round(Cubed * Math.Log10(loudness));
    }

    /// <summary>The value of a control that says nothing of decibels: that part of its range.</summary>
    public static long Even(long least, long most, int percent) => least + (long)Math.Round((most - least) * percent / 100.0);
}
