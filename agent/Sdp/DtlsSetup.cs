using System;

namespace IntercomAgent.Sdp;

/// <summary>Who begins the DTLS handshake (RFC 4145 section 4, RFC 5763 section 5).</summary>
internal enum DtlsSetup
{
    /// <summary>The description does not say.</summary>
    None,

    /// <summary>Only offered: the answerer chooses.</summary>
    ActPass,

    /// <summary>The one who says it: the DTLS client.</summary>
    Active,

    /// <summary>The other one; who says it is the DTLS server.</summary>
    Passive,

    /// <summary>Nobody for the time being; not allowed with DTLS.</summary>
    HoldConn,
}

/// <summary>The names of the roles.</summary>
internal static class DtlsSetups
{
    /// <summary>The attribute's value. <see cref="DtlsSetup.None"/> is never written.</summary>
    public static ReadOnlySpan<byte> Name(this DtlsSetup setup) => setup switch
    {
        DtlsSetup.ActPass => "actpass"u8,
        DtlsSetup.Active => "active"u8,
        DtlsSetup.Passive => "passive"u8,
        DtlsSetup.HoldConn => "holdconn"u8,
        DtlsSetup.None => throw new ArgumentOutOfRangeException(nameof(setup)),
    };

    /// <summary>The role that a value stands for; null for any other value.</summary>
    public static DtlsSetup? Read(ReadOnlySpan<byte> value) => value switch
    {
        _ when value.SequenceEqual("actpass"u8) => DtlsSetup.ActPass,
        _ when value.SequenceEqual("active"u8) => DtlsSetup.Active,
        _ when value.SequenceEqual("passive"u8) => DtlsSetup.Passive,
        _ when value.SequenceEqual("holdconn"u8) => DtlsSetup.HoldConn,
        _ => null,
    };
}
