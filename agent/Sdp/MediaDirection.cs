using System;

namespace IntercomAgent.Sdp;

/// <summary>Who sends (RFC 8866 section 6.7), from the point of view of whoever says it.</summary>
[Flags]
internal enum MediaDirection
{
    /// <summary>Nobody.</summary>
    Inactive = 0,

    /// <summary>The one who says it.</summary>
    SendOnly = 1,

    /// <summary>The other one.</summary>
    ReceiveOnly = 2,

    /// <summary>Both.</summary>
    SendReceive = SendOnly | ReceiveOnly,
}

/// <summary>The names and the two sides of a direction.</summary>
internal static class MediaDirections
{
    /// <summary>The same direction from the other end's point of view.</summary>
    public static MediaDirection Reversed(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => MediaDirection.ReceiveOnly,
        MediaDirection.ReceiveOnly => MediaDirection.SendOnly,
        MediaDirection.Inactive or MediaDirection.SendReceive => direction,
    };

    /// <summary>The attribute's name.</summary>
    public static ReadOnlySpan<byte> Name(this MediaDirection direction) => direction switch
    {
        MediaDirection.Inactive => "inactive"u8,
        MediaDirection.SendOnly => "sendonly"u8,
        MediaDirection.ReceiveOnly => "recvonly"u8,
        MediaDirection.SendReceive => "sendrecv"u8,
    };

    /// <summary>The direction that an attribute's name stands for; null for any other attribute.</summary>
    public static MediaDirection? Read(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("inactive"u8) => MediaDirection.Inactive,
        _ when name.SequenceEqual("sendonly"u8) => MediaDirection.SendOnly,
        _ when name.SequenceEqual("recvonly"u8) => MediaDirection.ReceiveOnly,
        _ when name.SequenceEqual("sendrecv"u8) => MediaDirection.SendReceive,
        _ => null,
    };
}
