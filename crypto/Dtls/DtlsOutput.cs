using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>What a <see cref="DtlsOutput"/> asks for or tells.</summary>
public enum DtlsOutputKind
{
    /// <summary>Send <see cref="DtlsOutput.Datagram"/> to <see cref="DtlsOutput.Path"/>.</summary>
    Send,

    /// <summary>
    /// The peer's certificate has come, unproven as yet: compare <see cref="DtlsEndpoint.PeerCertificate"/> with the fingerprint of the
    /// signalling, and abort with <see cref="DtlsAlert.BadCertificate"/> if it differs.
    /// </summary>
    PeerCertificate,

    /// <summary>The handshake is complete: keys can be exported.</summary>
    Connected,

    /// <summary>The association has ended in order.</summary>
    Closed,

    /// <summary>The association has failed for <see cref="DtlsOutput.Reason"/>.</summary>
    Failed,

    /// <summary>Nothing more for now; call <see cref="DtlsEndpoint.Advance"/> at <see cref="DtlsOutput.WakeAt"/>.</summary>
    Idle,
}

/// <summary>One output of <see cref="DtlsEndpoint.Poll"/>; only the members that belong to its kind are set.</summary>
public readonly ref struct DtlsOutput
{
    /// <summary>What this output is.</summary>
    public required DtlsOutputKind Kind { get; init; }

    /// <summary>The datagram to send: a part of the buffer that was given to Poll.</summary>
    public ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>Where the datagram goes.</summary>
    public TransportPath Path { get; init; }

    /// <summary>Why the association failed.</summary>
    public DtlsFailure Reason { get; init; }

    /// <summary>The alert that was received, with <see cref="DtlsFailure.AlertReceived"/>; else the one that was sent, if any.</summary>
    public DtlsAlert? Alert { get; init; }

    /// <summary>When the engine wants to be advanced; <see cref="Instant.Never"/> if only input can wake it.</summary>
    public Instant WakeAt { get; init; }
}
