using System;
using System.Text;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Sdp;

/// <summary>
/// One <c>a=crypto</c> of the peer's (RFC 4568): a way to protect media that it offers or takes, and the key of what it sends. It owns the
/// key.
/// </summary>
internal sealed class SdpCrypto : IDisposable
{
    /// <summary>Digits of the largest tag (section 9.1).</summary>
    private const int TagDigits = 9;

    /// <summary>
    /// Packets that a key must be good for. They are 350 minutes at 50 packets a second, and the longest call that can be configured has 120:
    /// so a key lives as long as its call, and nothing has to be counted.
    /// </summary>
    private const long LeastLifetime = 1L << 20;

    /// <summary>Packets that a key is good for at most (section 6.2).</summary>
    private const long MostLifetime = 1L << 48;

    /// <summary>Bytes of the longest master key identifier (section 6.1).</summary>
    private const int LongestIdentifier = 128;

    private static readonly SrtpProfile[] Suites = Enum.GetValues<SrtpProfile>();

    private SdpCrypto(int tag) => Tag = tag;

    /// <summary>What tells it from the other ones of its media line.</summary>
    public int Tag { get; }

    /// <summary>
    /// The key of what the peer sends, and what it is for; null when the line breaks a rule, or asks for what we do not do: another suite,
    /// more keys than one, a short life, or packets without encryption or authentication.
    /// </summary>
    public SrtpMasterKey? Key { get; private set; }

    /// <summary>Reads the value of the attribute; null when it has no tag that an answer could repeat.</summary>
    public static SdpCrypto? Read(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = value;
        if (!TryTakeWord(ref rest, out ReadOnlySpan<byte> text) || text.Length > TagDigits || !TryReadNumber(text, out long tag))
        {
            return null;
        }

        bool isUsable = TryTakeWord(ref rest, out ReadOnlySpan<byte> suite) & TryTakeWord(ref rest, out ReadOnlySpan<byte> key);
        while (TryTakeWord(ref rest, out ReadOnlySpan<byte> parameter))
        {
            isUsable &= IsHarmless(parameter);
        }

        return new SdpCrypto((int)tag) { Key = isUsable && TryFindSuite(suite, out SrtpProfile profile) ? ReadKey(profile, key) : null };
    }

    /// <summary>Gives the key away.</summary>
    public SrtpMasterKey? TakeKey()
    {
        SrtpMasterKey? key = Key;
        Key = null;
        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => Key?.Dispose();

    private static bool TryFindSuite(ReadOnlySpan<byte> name, out SrtpProfile profile)
    {
        foreach (SrtpProfile suite in Suites)
        {
            profile = suite;
            if (Ascii.EqualsIgnoreCase(name, suite.SuiteName))
            {
                return true;
            }
        }

        profile = default;
        return false;
    }

    /// <summary>Reads <c>inline:KEY|2^20|1:4</c> (section 9.2).</summary>
    private static SrtpMasterKey? ReadKey(SrtpProfile profile, ReadOnlySpan<byte> parameter)
    {
        ReadOnlySpan<byte> method = "inline:"u8;
        if (parameter.Length < method.Length || parameter[^1] == '|' || !Ascii.EqualsIgnoreCase(parameter[..method.Length], method))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = parameter[method.Length..];
        ReadOnlySpan<byte> key = TakeField(ref rest);
        ReadOnlySpan<byte> next = TakeField(ref rest);
        bool hasLifetime = !next.IsEmpty && !next.Contains((byte)':');
        ReadOnlySpan<byte> identifier = hasLifetime ? TakeField(ref rest) : next;
        Span<byte> name = stackalloc byte[LongestIdentifier];
        int nameLength = 0;
        return rest.IsEmpty && (!hasLifetime || IsLifetime(next)) && (identifier.IsEmpty || TryReadIdentifier(identifier, name, out nameLength))
            ? SrtpMasterKey.TryRead(profile, key, name[..nameLength])
            : null;
    }

    /// <summary>Takes what is before the next bar.</summary>
    private static ReadOnlySpan<byte> TakeField(scoped ref ReadOnlySpan<byte> rest)
    {
        int bar = rest.IndexOf((byte)'|');
        ReadOnlySpan<byte> field = bar < 0 ? rest : rest[..bar];
        rest = bar < 0 ? default : rest[(bar + 1)..];
        return field;
    }

    /// <summary>Reads <c>1:4</c>: a number, and how many bytes of a packet it takes.</summary>
    private static bool TryReadIdentifier(ReadOnlySpan<byte> text, Span<byte> name, out int length)
    {
        int colon = text.IndexOf((byte)':');
        length = 0;
        if (colon < 0
            || !TryReadNumber(text[..colon], out long value)
            || !TryReadNumber(text[(colon + 1)..], out long bytes)
            || value == 0
            || bytes is 0 or > LongestIdentifier
            || (bytes < sizeof(long) && value >> (8 * (int)bytes) != 0))
        {
            return false;
        }

        length = (int)bytes;
        for (int index = length - 1; index >= 0; index--)
        {
            name[index] = (byte)value;
            value >>= 8;
        }

        return true;
    }

    private static bool IsLifetime(ReadOnlySpan<byte> text)
    {
        bool isPower = SdpText.TryTakePrefix(text, "2^"u8, out ReadOnlySpan<byte> exponent);
        bool isRead = TryReadNumber(isPower ? exponent : text, out long number);
        long lifetime = !isPower ? number : number <= 48 ? 1L << (int)number : long.MaxValue;
        return isRead && lifetime is >= LeastLifetime and <= MostLifetime;
    }

    /// <summary>Whether a session parameter (section 6.3) changes nothing of what we do.</summary>
    private static bool IsHarmless(ReadOnlySpan<byte> parameter)
    {
        int equals = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? parameter : parameter[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : parameter[(equals + 1)..];
        return parameter[0] == '-'

            // Of forward error correction there is none, in whatever order.
            || (Ascii.EqualsIgnoreCase(name, "FEC_ORDER"u8)
                && (Ascii.EqualsIgnoreCase(value, "FEC_SRTP"u8) || Ascii.EqualsIgnoreCase(value, "SRTP_FEC"u8)))
            || (Ascii.EqualsIgnoreCase(name, "WSH"u8) && TryReadNumber(value, out long size) && size >= 64);
    }

    /// <summary>Reads digits that do not begin with a zero, unless that is all, to a number that a long holds.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            number = (number * 10) + (digit - '0');
            if (!char.IsAsciiDigit((char)digit) || number > MostLifetime)
            {
                return false;
            }
        }

        return digits.Length > 0 && (digits[0] != '0' || digits.Length == 1);
    }

    /// <summary>Takes the next word, before and behind which there may be several spaces or tabs (section 9.1).</summary>
    private static bool TryTakeWord(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
    {
        rest = rest.TrimStart(" \t"u8);
        int end = rest.IndexOfAny(" \t"u8);
        word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return !word.IsEmpty;
    }
}
