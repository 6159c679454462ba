namespace IntercomAgent.Tests.Interop.Baresip;

/// <summary>What baresip tells about its call.</summary>
public enum BaresipEvent
{
    /// <summary>Somebody calls it.</summary>
    Incoming,

    /// <summary>The called end rings.</summary>
    Ringing,

    /// <summary>The call is answered, by either end.</summary>
    Established,

    /// <summary>Media are encrypted: DTLS has succeeded, and the certificate fits its fingerprint.</summary>
    Secure,

    /// <summary>The first RTP packet has come.</summary>
    MediaReceived,

    /// <summary>A telephone event has begun; its parameter is the digit.</summary>
    DigitStart,

    /// <summary>A telephone event has ended.</summary>
    DigitEnd,

    /// <summary>The peer's description has come; the parameter is <c>offer</c> or <c>answer</c>.</summary>
    RemoteDescription,

    /// <summary>An RTCP report of the other end has come.</summary>
    Report,

    /// <summary>The other end does not transfer the call; the parameter is its status.</summary>
    TransferFailed,

    /// <summary>The call is over; the parameter is the reason.</summary>
    Closed,
}

/// <summary>The names of the events on baresip's control connection.</summary>
internal static class BaresipEvents
{
    /// <summary>The value of the event's <c>type</c>.</summary>
    public static string Name(this BaresipEvent kind) => kind switch
    {
        BaresipEvent.Incoming => "CALL_INCOMING",
        BaresipEvent.Ringing => "CALL_RINGING",
        BaresipEvent.Established => "CALL_ESTABLISHED",
        BaresipEvent.Secure => "CALL_MENC",
        BaresipEvent.MediaReceived => "CALL_RTPESTAB",
        BaresipEvent.DigitStart => "CALL_DTMF_START",
        BaresipEvent.DigitEnd => "CALL_DTMF_END",
        BaresipEvent.RemoteDescription => "CALL_REMOTE_SDP",
        BaresipEvent.Report => "CALL_RTCP",
        BaresipEvent.TransferFailed => "TRANSFER_FAILED",
        BaresipEvent.Closed => "CALL_CLOSED",
    };
}
