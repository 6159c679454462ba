using System;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Media;

/// <summary>What a call's media want done, or tell. A datagram is a view of the buffer that was passed to Poll.</summary>
internal readonly ref struct MediaOutput
{
    /// <summary>Which of the outputs it is; it says which of the other members count.</summary>
    public MediaOutputKind Kind { get; init; }

    /// <summary>What to send.</summary>
    public ReadOnlySpan<byte> Datagram { get; init; }

    /// <summary>Where to send it.</summary>
    public NetworkEndpoint To { get; init; }

    /// <summary>The key that was pressed at the other end.</summary>
    public char Digit { get; init; }

    /// <summary>Why the media failed, in words for a person.</summary>
    public string? Problem { get; init; }

    /// <summary>When Advance has something to do.</summary>
    public Instant WakeAt { get; init; }
}

/// <summary>The kinds of <see cref="MediaOutput"/>, in the order of a call's life.</summary>
internal enum MediaOutputKind
{
    /// <summary>Send <c>Datagram</c> to <c>To</c>.</summary>
    Send,

    /// <summary>The handshake is done, the peer's fingerprint matched, and media flow under its keys.</summary>
    Secured,

    /// <summary>A key was pressed at the other end.</summary>
    Digit,

    /// <summary>The peer has sent nothing for so long that it counts as gone.</summary>
    PeerGone,

    /// <summary>The media cannot be secured, for <c>Problem</c>: the call has to end.</summary>
    Failed,

    /// <summary>Nothing more until the next input or until <c>WakeAt</c>.</summary>
    Idle,
}
