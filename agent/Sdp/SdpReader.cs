using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IntercomAgent.Crypto.Certificates;

namespace IntercomAgent.Sdp;

/// <summary>
/// Reads a session description (RFC 8866). Lines and attributes that we do not use are passed over. Of those that we use, one that
/// cannot be read makes the description malformed where a guess could do harm (addresses, roles, tags); where there is a good default
/// (<c>rtpmap</c>, <c>ptime</c>, <c>rtcp</c>, a hash function that we do not know), it counts as absent.
/// </summary>
internal static class SdpReader
{
    /// <summary>Reads a whole description. The result is null unless the verdict is <see cref="SdpVerdict.Accepted"/>.</summary>
    public static SdpVerdict Read(ReadOnlySpan<byte> text, out SessionDescription? description)
    {
        SessionDescription read = new();
        SdpVerdict verdict = ReadLines(text, read);
        description = verdict == SdpVerdict.Accepted ? read : null;
        if (description is null)
        {
            read.Dispose();
        }

        return verdict;
    }

    private static SdpVerdict ReadLines(ReadOnlySpan<byte> text, SessionDescription read)
    {
        int lines = 0;
        ReadOnlySpan<byte> rest = text.TrimEnd("\r\n"u8);
        while (!rest.IsEmpty)
        {
            if (!SdpText.TryTakeLine(ref rest, out byte type, out ReadOnlySpan<byte> value) || !IsInPlace(lines, type, value))
            {
                return SdpVerdict.Malformed;
            }

            if (++lines > SdpLimits.Lines)
            {
                return SdpVerdict.TooLarge;
            }

            SdpVerdict verdict = ReadLine(read, type, value);
            if (verdict != SdpVerdict.Accepted)
            {
                return verdict;
            }
        }

        return lines >= 2 ? SdpVerdict.Accepted : SdpVerdict.Malformed;
    }

    /// <summary>RFC 8866 section 5: version and origin come first, and only there. More of the order matters to nobody.</summary>
    private static bool IsInPlace(int index, byte type, ReadOnlySpan<byte> value) => index switch
    {
        0 => type == 'v' && value.SequenceEqual("0"u8),
        1 => type == 'o' && value.Count((byte)' ') == 5,
        _ => type is not ((byte)'v' or (byte)'o'),
    };

    private static SdpVerdict ReadLine(SessionDescription description, byte type, ReadOnlySpan<byte> value)
    {
        SdpSection section = description.Media is [.., { } last] ? last.Own : description.Session;
        switch (type)
        {
            case (byte)'m':
                return ReadMedia(description, value);
            case (byte)'t' when description.Time is null:
                description.Time = ReadRepeated(value.Contains((byte)' '), value);
                return description.Time is null ? SdpVerdict.Malformed : SdpVerdict.Accepted;
            case (byte)'c':
                section.Connection ??= SdpConnection.Read(value);
                return SdpVerdict.Accepted;
            case (byte)'a':
                return ReadAttribute(description, section, value);
            default:
                return SdpVerdict.Accepted;
        }
    }

    private static SdpVerdict ReadMedia(SessionDescription description, ReadOnlySpan<byte> value)
    {
        if (description.Media.Count == SdpLimits.MediaDescriptions || value.Length > SdpLimits.MediaLine)
        {
            return SdpVerdict.TooLarge;
        }

        ReadOnlySpan<byte> rest = value;
        if (value.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            || !SdpText.TryTakeWord(ref rest, out ReadOnlySpan<byte> kind)
            || !SdpText.TryTakeWord(ref rest, out ReadOnlySpan<byte> port)
            || !SdpText.TryTakeWord(ref rest, out ReadOnlySpan<byte> protocol)
            || !TryReadPort(port, out ushort number))
        {
            return SdpVerdict.Malformed;
        }

        ReadOnlySpan<byte> formats = rest.TrimEnd((byte)' ');
        int count = formats.Count((byte)' ') + 1;
        if (formats.IsEmpty || formats[0] == ' ' || formats.IndexOf("  "u8) >= 0)
        {
            return SdpVerdict.Malformed;
        }

        description.Media.Add(new MediaDescription(description.Session, Latin1(kind), number, Latin1(protocol), Latin1(formats)));
        return count > SdpLimits.Formats ? SdpVerdict.TooLarge : SdpVerdict.Accepted;
    }

    /// <summary>Reads <c>49170</c> or <c>49170/2</c>; of several ports the first is ours.</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port)
    {
        int slash = text.IndexOf((byte)'/');
        bool valid = SdpText.TryReadNumber(slash < 0 ? text : text[..slash], ushort.MaxValue, out int number)
            && (slash < 0 || SdpText.TryReadNumber(text[(slash + 1)..], ushort.MaxValue, out _));
        port = (ushort)number;
        return valid;
    }

    private static SdpVerdict ReadAttribute(SessionDescription description, SdpSection section, ReadOnlySpan<byte> attribute)
    {
        int colon = attribute.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? attribute : attribute[..colon];
        ReadOnlySpan<byte> value = colon < 0 ? default : attribute[(colon + 1)..];
        bool valid = true;
        switch (name)
        {
            case var _ when colon < 0 && MediaDirections.Read(name) is { } direction:
                section.Direction = direction;
                break;
            // RFC 8858 section 3: who takes nothing but one port says so in addition; either asks for the same.
            case var _ when colon < 0 && (name.SequenceEqual("rtcp-mux"u8) || name.SequenceEqual("rtcp-mux-only"u8)):
                section.RtcpMux = true;
                break;
            case var _ when name.SequenceEqual("setup"u8):
                section.Setup = DtlsSetups.Read(value) ?? DtlsSetup.None;
                valid = section.Setup != DtlsSetup.None;
                break;
            case var _ when name.SequenceEqual("fingerprint"u8):
                return ReadFingerprint(section, value);
            case var _ when name.SequenceEqual("crypto"u8) && section != description.Session:
                return ReadCrypto(section, value);
            case var _ when name.SequenceEqual("tls-id"u8):
                section.TlsId = ReadRepeated(SdpText.IsVisible(value), value, TlsId.MaximumLength);
                valid = section.TlsId is not null;
                break;
            case var _ when name.SequenceEqual("mid"u8):
                section.Mid = ReadRepeated(SdpText.IsVisible(value), value);
                valid = section.Mid is not null;
                break;
            case var _ when name.SequenceEqual("group"u8) && SdpText.TryTakePrefix(value, "BUNDLE "u8, out ReadOnlySpan<byte> tags):
                description.Bundles.Add(Latin1(tags).Split(' '));
                break;
            default:
                ReadMediaAttribute(section, name, value);
                break;
        }

        return valid ? SdpVerdict.Accepted : SdpVerdict.Malformed;
    }

    private static SdpVerdict ReadFingerprint(SdpSection section, ReadOnlySpan<byte> value)
    {
        if (++section.FingerprintLines > SdpLimits.Fingerprints)
        {
            return SdpVerdict.TooLarge;
        }

        if (CertificateFingerprint.Parse(value) is { } fingerprint)
        {
            section.Fingerprints.Add(fingerprint);
        }

        return SdpVerdict.Accepted;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The description owns its keys.")]
    private static SdpVerdict ReadCrypto(SdpSection section, ReadOnlySpan<byte> value)
    {
        if (++section.CryptoLines > SdpLimits.Cryptos)
        {
            return SdpVerdict.TooLarge;
        }

        if (SdpCrypto.Read(value) is { } crypto)
        {
            section.Cryptos.Add(crypto);
        }

        return SdpVerdict.Accepted;
    }

    private static void ReadMediaAttribute(SdpSection section, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = value;
        bool isMap = name.SequenceEqual("rtpmap"u8);
        if (isMap || name.SequenceEqual("fmtp"u8))
        {
            // Of two encodings for one payload type the first holds: the mapping never changes (RFC 3264 section 8.3.2).
            if (SdpText.TryTakeWord(ref rest, out ReadOnlySpan<byte> type) && SdpText.TryReadNumber(type, 127, out int payloadType))
            {
                _ = (isMap ? section.Encodings : section.Parameters).TryAdd((byte)payloadType, Latin1(rest.Trim((byte)' ')));
            }
        }
        else if (name.SequenceEqual("rtcp-xr"u8))
        {
            section.ReportWishes ??= ReportWishes.Read(value);
        }
        else if (name.SequenceEqual("rtcp"u8)
            && SdpText.TryTakeWord(ref rest, out ReadOnlySpan<byte> port) && SdpText.TryReadNumber(port, ushort.MaxValue, out int number))
        {
            section.RtcpPort = (ushort)number;
            section.RtcpConnection = rest.IsEmpty ? null : SdpConnection.Read(rest);
        }
    }

    /// <summary>Keeps text that is visible ASCII and spaces, and not too long; else null.</summary>
    private static string? ReadRepeated(bool isValid, ReadOnlySpan<byte> value, int maximum = SdpLimits.RepeatedText) =>
        isValid && value.Length <= maximum && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Latin1(value) : null;

    private static string Latin1(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text);
}
