using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Hal.Net;
using IntercomAgent.Rtp;

namespace IntercomAgent.Sdp;

/// <summary>
/// A description as it was read (RFC 8866). Text that an answer repeats is kept as Latin-1, so that it goes back byte for byte. Disposing
/// wipes the keys that nobody has taken.
/// </summary>
internal sealed class SessionDescription : IDisposable
{
    /// <summary>The value of the first <c>t=</c>; an answer repeats it (RFC 3264 section 6).</summary>
    public string? Time { get; set; }

    /// <summary>What holds for every media description that does not say otherwise.</summary>
    public SdpSection Session { get; } = new();

    /// <summary>The identification tags of each <c>a=group:BUNDLE</c> (RFC 9143).</summary>
    public List<string[]> Bundles { get; } = [];

    /// <summary>The media descriptions, in their order.</summary>
    public List<MediaDescription> Media { get; } = [];

    /// <summary>Whether the media description is one of a bundle.</summary>
    public bool IsBundled(MediaDescription media) =>
        media.Own.Mid is { } mid && Bundles.Exists(bundle => Array.IndexOf(bundle, mid) >= 0);

    /// <inheritdoc/>
    public void Dispose() => Media.ForEach(static media => media.Own.Cryptos.ForEach(static crypto => crypto.Dispose()));
}

/// <summary>The lines of the session or of one media description that we use.</summary>
internal sealed class SdpSection
{
    /// <summary><c>c=</c>; null when there is none.</summary>
    public SdpConnection? Connection { get; set; }

    /// <summary><c>a=sendrecv</c> and its siblings.</summary>
    public MediaDirection? Direction { get; set; }

    /// <summary><c>a=setup</c></summary>
    public DtlsSetup Setup { get; set; }

    /// <summary>The fingerprints with a hash function that we know.</summary>
    public List<CertificateFingerprint> Fingerprints { get; } = [];

    /// <summary>The number of <c>a=fingerprint</c> lines, the unknown hash functions included.</summary>
    public int FingerprintLines { get; set; }

    /// <summary>
    /// The <c>a=crypto</c> lines with a tag, those that we cannot use included; of a media description only (RFC 4568 section 4).
    /// </summary>
    public List<SdpCrypto> Cryptos { get; } = [];

    /// <summary>The number of <c>a=crypto</c> lines, those without a tag included.</summary>
    public int CryptoLines { get; set; }

    /// <summary><c>a=tls-id</c></summary>
    public string? TlsId { get; set; }

    /// <summary><c>a=mid</c></summary>
    public string? Mid { get; set; }

    /// <summary><c>a=rtcp-mux</c></summary>
    public bool RtcpMux { get; set; }

    /// <summary>The port of <c>a=rtcp</c> (RFC 3605).</summary>
    public ushort? RtcpPort { get; set; }

    /// <summary>The address of <c>a=rtcp</c>, where it has one.</summary>
    public SdpConnection? RtcpConnection { get; set; }

    /// <summary><c>a=rtcp-xr</c>; null when there is none.</summary>
    public XrWishes? ReportWishes { get; set; }

    /// <summary><c>a=rtpmap</c>: the encoding of a payload type, <c>PCMU/8000</c>.</summary>
    public Dictionary<byte, string> Encodings { get; } = [];

    /// <summary><c>a=fmtp</c>: the parameters of a payload type, <c>useinbandfec=1</c>.</summary>
    public Dictionary<byte, string> Parameters { get; } = [];
}

/// <summary>An <c>m=</c> line and what follows it.</summary>
/// <param name="session">The session's section, from which it inherits.</param>
/// <param name="kind">The kind of media: <c>audio</c>.</param>
/// <param name="port">The port; 0 means rejected or switched off.</param>
/// <param name="protocolName">The protocol, as it is written.</param>
/// <param name="formats">The formats, as they are written.</param>
internal sealed class MediaDescription(SdpSection session, string kind, ushort port, string protocolName, string formats)
{
    /// <summary>The kind of media: <c>audio</c>.</summary>
    public string Kind => kind;

    /// <summary>The port; 0 means rejected or switched off.</summary>
    public ushort Port => port;

    /// <summary>The protocol, as it is written.</summary>
    public string ProtocolName => protocolName;

    /// <summary>The protocol.</summary>
    public SdpProtocol Protocol { get; } = SdpProtocols.Read(protocolName);

    /// <summary>The formats, as they are written: separated by one space each.</summary>
    public string Formats => formats;

    /// <summary>What the media description itself says.</summary>
    public SdpSection Own { get; } = new();

    /// <summary>The address for media; null when there is none.</summary>
    public SdpConnection? Connection => Own.Connection ?? session.Connection;

    /// <summary>The direction. RFC 8866 section 6.7: <c>sendrecv</c> when nothing is said.</summary>
    public MediaDirection Direction => Own.Direction ?? session.Direction ?? MediaDirection.SendReceive;

    /// <summary>The extended reports that are asked for (RFC 3611 section 5.1); null where that is not said.</summary>
    public XrWishes? ReportWishes => Own.ReportWishes ?? session.ReportWishes;

    /// <summary>The DTLS role that is offered or taken.</summary>
    public DtlsSetup Setup => Own.Setup != DtlsSetup.None ? Own.Setup : session.Setup;

    /// <summary>Where the keys come from.</summary>
    public MediaKeying Keying => Protocol.Keying(Fingerprints.Count > 0);

    /// <summary>The usable fingerprints. RFC 8122 section 5: those of the session hold only where the media description has none.</summary>
    public IReadOnlyList<CertificateFingerprint> Fingerprints => Own.FingerprintLines > 0 ? Own.Fingerprints : session.Fingerprints;
}

/// <summary>Where <c>c=</c> or <c>a=rtcp</c> points to.</summary>
/// <param name="Address">The address, with port 0; null for a host name, a multicast group or another kind of network.</param>
internal readonly record struct SdpConnection(NetworkEndpoint? Address)
{
    private static readonly SearchValues<byte> IPv6Bytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads <c>IN IP4 192.0.2.1</c>.</summary>
    public static SdpConnection Read(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> text = default;
        bool isIPv4 = SdpText.TryTakePrefix(value, "IN IP4 "u8, out text);
        bool isAddress = isIPv4 ? IsDottedQuad(text) : SdpText.TryTakePrefix(value, "IN IP6 "u8, out text) && IsColonSeparated(text);
        if (!isAddress)
        {
            return default;
        }

        return NetworkEndpoint.TryParseAddress(Encoding.Latin1.GetString(text), 0, out NetworkEndpoint address) && !IsMulticast(address)
            ? new SdpConnection(address)
            : default;
    }

    /// <summary>Four decimal numbers; the short, octal and hexadecimal forms that old libraries also take are refused.</summary>
    private static bool IsDottedQuad(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        foreach (Range part in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> digits = text[part];
            if (!SdpText.TryReadNumber(digits, 255, out _) || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }

    private static bool IsColonSeparated(ReadOnlySpan<byte> text) =>
        text.Contains((byte)':') && !text.ContainsAnyExcept(IPv6Bytes);

    private static bool IsMulticast(NetworkEndpoint address) =>
        address.IsIPv4 ? (byte)(address.Address >> 24) is >= 224 and <= 239 : (byte)(address.Address >> 120) == 0xFF;
}
