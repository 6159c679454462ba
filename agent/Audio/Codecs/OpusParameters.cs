using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// What a receiver of Opus wishes (RFC 7587 section 6.1): the parameters of its <c>a=fmtp</c>. Those that say what it sends are of no use
/// to us, since a decoder takes anything.
/// </summary>
/// <param name="MaxPlaybackRate">The sample rate above which it plays nothing, 8000 to 48,000.</param>
/// <param name="MaxAverageBitRate">Bits a second that it takes, 6000 to 510,000.</param>
/// <param name="UseInbandFec">Whether it makes use of packets that repeat the one before.</param>
/// <param name="UseDtx">Whether it likes packets to be left out while nobody speaks.</param>
/// <param name="ConstantBitRate">Whether it wants packets of one size.</param>
internal readonly record struct OpusParameters(
    int MaxPlaybackRate, int MaxAverageBitRate, bool UseInbandFec, bool UseDtx, bool ConstantBitRate)
{
    private const int LowestRate = 8000;
    private const int HighestRate = 48_000;
    private const int LowestBitRate = 6000;
    private const int HighestBitRate = 510_000;

    /// <summary>
    /// What we wish. Even what is the default is said, for whoever has other ones. Packets that are left out while nobody speaks would
    /// spare us nothing that matters at a door, and cost the first sound of each word.
    /// </summary>
    public const string OurWishes = "maxplaybackrate=48000;stereo=0;useinbandfec=1;usedtx=0";

    /// <summary>What holds where nothing is said.</summary>
    public static OpusParameters Default => new(HighestRate, HighestBitRate, UseInbandFec: false, UseDtx: false, ConstantBitRate: false);

    /// <summary>
    /// Reads <c>maxplaybackrate=16000; useinbandfec=1</c>. What is unknown or out of its range counts as not said.
    /// </summary>
    public static OpusParameters Read(ReadOnlySpan<char> text)
    {
        OpusParameters read = Default;
        foreach (Range range in text.Split(';'))
        {
            ReadOnlySpan<char> parameter = text[range].Trim(' ');
            int equals = parameter.IndexOf('=');
            if (equals < 0 || !TryReadNumber(parameter[(equals + 1)..], out int value))
            {
                continue;
            }

            // RFC 4855 section 1: parameters are named in either case.
            ReadOnlySpan<char> name = parameter[..equals];
            if (Is(name, "maxplaybackrate") && value is >= LowestRate and <= HighestRate)
            {
                read = read with { MaxPlaybackRate = value };
            }
            else if (Is(name, "maxaveragebitrate") && value is >= LowestBitRate and <= HighestBitRate)
            {
                read = read with { MaxAverageBitRate = value };
            }
            else if (value is 0 or 1)
            {
                read = Is(name, "useinbandfec") ? read with { UseInbandFec = value == 1 }
                    : Is(name, "usedtx") ? read with { UseDtx = value == 1 }
                    : Is(name, "cbr") ? read with { ConstantBitRate = value == 1 }
                    : read;
            }
        }

        return read;
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static bool TryReadNumber(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit) || value > HighestBitRate)
            {
                return false;
            }

            value = (10 * value) + (digit - '0');
        }

        return !text.IsEmpty;
    }
}
