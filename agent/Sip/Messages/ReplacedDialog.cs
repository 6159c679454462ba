using System;

namespace IntercomAgent.Sip;

/// <summary>A view of the value of Replaces (RFC 3891 section 6.1): which dialog a new call takes the place of.</summary>
internal readonly ref struct ReplacedDialog
{
    /// <summary>Call-ID.</summary>
    public ReadOnlySpan<byte> CallId { get; private init; }

    /// <summary>The tag of who is asked to replace it.</summary>
    public ReadOnlySpan<byte> ToTag { get; private init; }

    /// <summary>The tag of the other side, whose part ends.</summary>
    public ReadOnlySpan<byte> FromTag { get; private init; }

    /// <summary>Whether it may be replaced only while it is early.</summary>
    public bool IsEarlyOnly { get; private init; }

    /// <summary>Reads a value; false without a Call-ID, or without exactly one of each tag.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out ReplacedDialog dialog)
    {
        dialog = default;
        int semicolon = value.IndexOf((byte)';');
        ReadOnlySpan<byte> callId = SipGrammar.Trim(semicolon < 0 ? value : value[..semicolon]);
        ReadOnlySpan<byte> rest = semicolon < 0 ? default : value[(semicolon + 1)..];
        ReadOnlySpan<byte> to = default;
        ReadOnlySpan<byte> from = default;
        bool isEarlyOnly = false;
        while (SipGrammar.TryTakeParameter(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> parameter))
        {
            bool isTo = SipGrammar.EqualsIgnoreCase(name, "to-tag"u8);
            bool isFrom = SipGrammar.EqualsIgnoreCase(name, "from-tag"u8);
            if ((isTo && !to.IsEmpty) || (isFrom && !from.IsEmpty) || ((isTo || isFrom) && !SipGrammar.IsToken(parameter)))
            {
                return false;
            }

            to = isTo ? parameter : to;
            from = isFrom ? parameter : from;
            isEarlyOnly |= SipGrammar.EqualsIgnoreCase(name, "early-only"u8);
        }

        dialog = new ReplacedDialog { CallId = callId, ToTag = to, FromTag = from, IsEarlyOnly = isEarlyOnly };
        return IsCallId(callId) && !to.IsEmpty && !from.IsEmpty;
    }

    /// <summary>Whether a dialog is the one that is meant.</summary>
    /// <param name="callId">Its Call-ID.</param>
    /// <param name="localTag">Our tag in it.</param>
    /// <param name="remoteTag">The peer's tag in it.</param>
    public bool Names(ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> remoteTag) =>
        CallId.SequenceEqual(callId) && IsSameTag(ToTag, localTag) && IsSameTag(FromTag, remoteTag);

    /// <summary>The header line for a request of ours.</summary>
    public byte[] ToLine() =>
    [
        .. "Replaces: "u8, .. CallId, .. ";to-tag="u8, .. ToTag, .. ";from-tag="u8, .. FromTag,
        .. IsEarlyOnly ? ";early-only"u8 : default, .. "\r\n"u8,
    ];

    /// <summary>Section 6.1: peers from before RFC 3261 have no tag, for which zero stands.</summary>
    private static bool IsSameTag(ReadOnlySpan<byte> named, ReadOnlySpan<byte> tag) =>
        named.SequenceEqual(tag) || (named.SequenceEqual("0"u8) && tag.IsEmpty);

    /// <summary>RFC 3261 section 25.1: nothing that could end the header line, or begin another value.</summary>
    private static bool IsCallId(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !value.ContainsAny(",;"u8);
}
