using System;

namespace IntercomAgent.Sip;

/// <summary>The extensions that we know (RFC 3261 section 19.2): what Supported says of us, and what a peer may Require.</summary>
internal static class SipOptions
{
    /// <summary>Reliable provisional responses (RFC 3262).</summary>
    public static ReadOnlySpan<byte> Reliable => "100rel"u8;

    /// <summary>Session timers (RFC 4028).</summary>
    public static ReadOnlySpan<byte> Timer => "timer"u8;

    /// <summary>The header line that says what we know.</summary>
    public static ReadOnlySpan<byte> SupportedLine => "Supported: 100rel, timer\r\n"u8;

    /// <summary>Whether we know this option.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> option) =>
        SipGrammar.EqualsIgnoreCase(option, Reliable) || SipGrammar.EqualsIgnoreCase(option, Timer);
}
