using System;

namespace IntercomAgent.Sip;

/// <summary>The extensions that we know (RFC 3261 section 19.2): what Supported says of us, and what a peer may Require.</summary>
internal static class SipOptions
{
    /// <summary>Reliable provisional responses (RFC 3262).</summary>
    public static ReadOnlySpan<byte> Reliable => "100rel"u8;

    /// <summary>Session timers (RFC 4028).</summary>
    public static ReadOnlySpan<byte> Timer => "timer"u8;

    /// <summary>Calls that take the place of others (RFC 3891).</summary>
    private static ReadOnlySpan<byte> Replaces => "replaces"u8;

    /// <summary>Transfers of which nobody wants to be told (RFC 4488).</summary>
    private static ReadOnlySpan<byte> NoReferSubscription => "norefersub"u8;

    /// <summary>The header line that says what we know.</summary>
    public static ReadOnlySpan<byte> SupportedLine => "Supported: 100rel, timer\r\n"u8;

    /// <summary>The header line that says so where calls are made, answered and asked about: with what concerns transfers.</summary>
    /// <param name="transfers">Whether calls may be transferred.</param>
    public static ReadOnlySpan<byte> FullSupportedLine(bool transfers) =>
        transfers ? "Supported: 100rel, timer, replaces, norefersub\r\n"u8 : SupportedLine;

    /// <summary>Whether we know this option.</summary>
    /// <param name="option">Its tag.</param>
    /// <param name="transfers">Whether calls may be transferred.</param>
    public static bool IsKnown(ReadOnlySpan<byte> option, bool transfers) =>
        SipGrammar.EqualsIgnoreCase(option, Reliable)
        || SipGrammar.EqualsIgnoreCase(option, Timer)
        || (transfers && (SipGrammar.EqualsIgnoreCase(option, Replaces) || SipGrammar.EqualsIgnoreCase(option, NoReferSubscription)));
}
