using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls.Messages;

/// <summary>
/// The extensions of ClientHello and ServerHello that mean something to us; what is absent is null or false. Others, among them those
/// that only test our tolerance (RFC 8701), are noted by number and otherwise ignored.
/// </summary>
internal sealed record HelloExtensions
{
    private const ushort SupportedGroupsType = 10;
    private const ushort PointFormatsType = 11;
    private const ushort SignatureSchemesType = 13;
    private const ushort UseSrtpType = 14;
    private const ushort EncryptThenMacType = 22;
    private const ushort ExtendedMasterSecretType = 23;
    private const ushort SupportedVersionsType = 43;
    private const ushort RenegotiationInfoType = 0xFF01;

    // A current browser sends some twenty; with more, the search for duplicates would begin to cost something.
    private const int MaximumExtensions = 64;

    /// <summary>supported_groups (RFC 8422 section 5.1.1).</summary>
    public IReadOnlyList<ushort>? Groups { get; init; }

    /// <summary>Whether ec_point_formats is there. Only the uncompressed format is left (RFC 8422 section 5.1.2).</summary>
    public bool PointFormats { get; init; }

    /// <summary>signature_algorithms (RFC 5246 section 7.4.1.4.1).</summary>
    public IReadOnlyList<ushort>? SignatureSchemes { get; init; }

    /// <summary>The profiles of use_srtp (RFC 5764 section 4.1.1).</summary>
    public IReadOnlyList<ushort>? SrtpProfiles { get; private init; }

    /// <summary>The master key identifier of use_srtp. We send and use none.</summary>
    public byte[] SrtpMasterKeyIdentifier { get; private init; } = [];

    /// <summary>encrypt_then_mac (RFC 7366 section 2).</summary>
    public bool EncryptThenMac { get; init; }

    /// <summary>extended_master_secret (RFC 7627 section 5.1).</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>supported_versions of a ClientHello (RFC 8446 section 4.2.1).</summary>
    public IReadOnlyList<ushort>? SupportedVersions { get; private init; }

    /// <summary>The renegotiated_connection of renegotiation_info, empty in an initial handshake (RFC 5746 section 3.2).</summary>
    public byte[]? RenegotiationInfo { get; init; }

    /// <summary>The numbers of all other extensions.</summary>
    public IReadOnlyList<ushort> Others { get; private init; } = [];

    /// <summary>With these profiles in use_srtp; without the extension if there are none.</summary>
    public HelloExtensions WithSrtpProfiles(IReadOnlyList<ushort> profiles) =>
        this with { SrtpProfiles = profiles.Count == 0 ? null : profiles };

    /// <summary>Reads what is left of a hello message; null if it is malformed or holds an extension twice.</summary>
    public static HelloExtensions? Read(ref WireReader reader)
    {
        HelloExtensions? extensions = new();
        if (reader.AtEnd)
        {
            // RFC 5246 section 7.4.1.2: a hello without extensions may end before their length.
            return extensions;
        }

        if (!reader.TryTakeVector16(out ReadOnlySpan<byte> all))
        {
            return null;
        }

        HashSet<ushort> seen = [];
        WireReader inner = new(all);
        while (extensions is not null && !inner.AtEnd)
        {
            if (!inner.TryReadUInt16(out ushort type)
                || !inner.TryTakeVector16(out ReadOnlySpan<byte> data)
                || !seen.Add(type)
                || seen.Count > MaximumExtensions)
            {
                return null;
            }

            extensions = extensions.ReadOne(type, data);
        }

        return extensions;
    }

    /// <summary>Writes the extensions with their length.</summary>
    public void Write(ref WireWriter writer)
    {
        int all = writer.BeginLength16();
        if (Groups is not null)
        {
            WriteList(ref writer, SupportedGroupsType, Groups);
        }

        if (PointFormats)
        {
            writer.WriteUInt16(PointFormatsType);
            writer.Write([0, 2, 1, 0]);
        }

        if (SignatureSchemes is not null)
        {
            WriteList(ref writer, SignatureSchemesType, SignatureSchemes);
        }

        if (SrtpProfiles is not null)
        {
            writer.WriteUInt16(UseSrtpType);
            int mark = writer.BeginLength16();
            WireLists.WriteVector16(ref writer, SrtpProfiles);
            writer.WriteByte(0);
            writer.EndLength16(mark);
        }

        if (EncryptThenMac)
        {
            writer.WriteUInt16(EncryptThenMacType);
            writer.WriteUInt16(0);
        }

        if (ExtendedMasterSecret)
        {
            writer.WriteUInt16(ExtendedMasterSecretType);
            writer.WriteUInt16(0);
        }

        if (RenegotiationInfo is not null)
        {
            writer.WriteUInt16(RenegotiationInfoType);
            writer.Write([0, 1, 0]);
        }

        writer.EndLength16(all);
    }

    private static void WriteList(ref WireWriter writer, ushort type, IReadOnlyList<ushort> numbers)
    {
        writer.WriteUInt16(type);
        int mark = writer.BeginLength16();
        WireLists.WriteVector16(ref writer, numbers);
        writer.EndLength16(mark);
    }

    // Null if the extension is malformed.
    private HelloExtensions? ReadOne(ushort type, ReadOnlySpan<byte> data)
    {
        WireReader reader = new(data);
        switch (type)
        {
            case SupportedGroupsType:
                return WireLists.ReadVector16(data) is { } groups ? this with { Groups = groups } : null;
            case PointFormatsType:
                return reader.TryTakeVector8(out _) && reader.AtEnd ? this with { PointFormats = true } : null;
            case SignatureSchemesType:
                return WireLists.ReadVector16(data) is { } schemes ? this with { SignatureSchemes = schemes } : null;
            case UseSrtpType:
                return reader.TryTakeVector16(out ReadOnlySpan<byte> list)
                    && reader.TryTakeVector8(out ReadOnlySpan<byte> identifier)
                    && reader.AtEnd
                    && WireLists.Read(list) is { } profiles
                        ? this with { SrtpProfiles = profiles, SrtpMasterKeyIdentifier = identifier.ToArray() }
                        : null;
            case EncryptThenMacType:
                return data.IsEmpty ? this with { EncryptThenMac = true } : null;
            case ExtendedMasterSecretType:
                return data.IsEmpty ? this with { ExtendedMasterSecret = true } : null;
            case SupportedVersionsType:
                return reader.TryTakeVector8(out ReadOnlySpan<byte> versions) && reader.AtEnd && WireLists.Read(versions) is { } offered
                    ? this with { SupportedVersions = offered }
                    : null;
            case RenegotiationInfoType:
                return reader.TryTakeVector8(out ReadOnlySpan<byte> info) && reader.AtEnd
                    ? this with { RenegotiationInfo = info.ToArray() }
                    : null;
            default:
                return this with { Others = [.. Others, type] };
        }
    }
}
