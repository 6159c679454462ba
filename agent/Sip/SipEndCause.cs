using System;

namespace IntercomAgent.Sip;

/// <summary>Why we end a call.</summary>
internal enum SipEndCause
{
    /// <summary>Somebody hung up, or a limit was reached.</summary>
    HungUp,

    /// <summary>Another telephone answered.</summary>
    AnsweredElsewhere,

    /// <summary>We are engaged.</summary>
    Busy,

    /// <summary>We do not take this call.</summary>
    Declined,

    /// <summary>We do not take this call in the way that it demands.</summary>
    Forbidden,

    /// <summary>The sessions do not fit together, or the media failed.</summary>
    NotAcceptable,

    /// <summary>We go out of service.</summary>
    ShuttingDown,
}

/// <summary>What a cause means on the wire.</summary>
internal static class SipEndCauses
{
    /// <summary>The final response to an INVITE that has had none.</summary>
    public static int Status(SipEndCause cause) => cause switch
    {
        SipEndCause.HungUp or SipEndCause.AnsweredElsewhere or SipEndCause.ShuttingDown => 480,
        SipEndCause.Busy => 486,
        SipEndCause.Declined => 603,
        SipEndCause.Forbidden => 403,
        SipEndCause.NotAcceptable => 488,
    };

    /// <summary>The Reason line of CANCEL and BYE (RFC 3326); empty where the method says enough.</summary>
    public static ReadOnlySpan<byte> ReasonLine(SipEndCause cause) => cause switch
    {
        SipEndCause.AnsweredElsewhere => "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"u8,
        SipEndCause.NotAcceptable => "Reason: SIP;cause=488;text=\"Not Acceptable Here\"\r\n"u8,
        SipEndCause.Busy => "Reason: SIP;cause=486;text=\"Busy Here\"\r\n"u8,
        SipEndCause.Declined => "Reason: SIP;cause=603;text=\"Decline\"\r\n"u8,
        SipEndCause.Forbidden => "Reason: SIP;cause=403;text=\"Forbidden\"\r\n"u8,
        SipEndCause.HungUp or SipEndCause.ShuttingDown => default,
    };

    /// <summary>The cause in words for a person.</summary>
    public static string Text(SipEndCause cause) => cause switch
    {
        SipEndCause.HungUp => "hung up",
        SipEndCause.AnsweredElsewhere => "answered elsewhere",
        SipEndCause.Busy => "busy",
        SipEndCause.Declined => "declined",
        SipEndCause.Forbidden => "forbidden",
        SipEndCause.NotAcceptable => "not acceptable",
        SipEndCause.ShuttingDown => "shutting down",
    };
}
