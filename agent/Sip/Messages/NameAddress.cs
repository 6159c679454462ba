using System;
using System.Text;

namespace IntercomAgent.Sip;

/// <summary>A view of the value of From, To, Contact, Route or Record-Route: a URI, perhaps with a display name, and parameters.</summary>
internal readonly ref struct NameAddress
{
    /// <summary>The value up to its parameters: display name and URI.</summary>
    public ReadOnlySpan<byte> Address { get; private init; }

    /// <summary>The display name as it stands, quotes included; empty when there is none.</summary>
    public ReadOnlySpan<byte> DisplayName { get; private init; }

    /// <summary>The URI without angle brackets. Whether it can be read is another question.</summary>
    public ReadOnlySpan<byte> Uri { get; private init; }

    /// <summary>The parameters of the header field.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    /// <summary>The tag; empty when there is none.</summary>
    public ReadOnlySpan<byte> Tag => SipGrammar.TryFindParameter(Parameters, "tag"u8, out ReadOnlySpan<byte> tag) ? tag : default;

    /// <summary>Reads a value; false when its brackets or quotes are not closed or it names no URI.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out NameAddress address)
    {
        address = default;
        int nameEnd = !value.IsEmpty && value[0] == '"' ? SipGrammar.QuotedLength(value) : 0;
        int open = value[nameEnd..].IndexOf((byte)'<') + nameEnd;
        if (open < nameEnd)
        {
            // RFC 3261 section 20.10: without brackets every parameter belongs to the header field.
            int semicolon = value.IndexOf((byte)';');
            ReadOnlySpan<byte> bare = SipGrammar.Trim(semicolon < 0 ? value : value[..semicolon]);
            address = new NameAddress { Address = bare, Uri = bare, Parameters = semicolon < 0 ? default : value[(semicolon + 1)..] };
            return nameEnd == 0 && IsUri(bare);
        }

        int close = value[open..].IndexOf((byte)'>') + open;
        if (close < open)
        {
            return false;
        }

        ReadOnlySpan<byte> behind = SipGrammar.Trim(value[(close + 1)..]);
        address = new NameAddress
        {
            Address = value[..(close + 1)],
            DisplayName = SipGrammar.Trim(value[..open]),
            Uri = SipGrammar.Trim(value[(open + 1)..close]),
            Parameters = behind.IsEmpty ? default : behind[1..],
        };
        return IsUri(address.Uri) && (behind.IsEmpty || behind[0] == ';');
    }

    /// <summary>What a person is shown: the display name without its quotes, else the user, else the URI.</summary>
    public string ReadableName()
    {
        ReadOnlySpan<byte> name = DisplayName.Trim((byte)'"');
        if (name.IsEmpty)
        {
            name = SipUri.TryRead(Uri, out SipUri uri) && !uri.User.IsEmpty ? uri.User : Uri;
        }

        return Encoding.UTF8.GetString(name).Replace("\\", string.Empty, StringComparison.Ordinal);
    }

    private static bool IsUri(ReadOnlySpan<byte> uri) => uri.IndexOf((byte)':') > 0 && !uri.ContainsAnyInRange((byte)0, (byte)' ');
}
