namespace IntercomAgent.Crypto.Dtls;

/// <summary>Why a received datagram, record or message was dropped. None of these ends an association.</summary>
public enum DtlsDropReason
{
    /// <summary>It came after the end.</summary>
    Ended,

    /// <summary>A record, handshake message or alert cannot be decoded.</summary>
    Malformed,

    /// <summary>The record's version is not DTLS 1.0 to 1.2.</summary>
    WrongVersion,

    /// <summary>The record's epoch is neither 0 nor 1, or a message came in an epoch where it does not belong.</summary>
    WrongEpoch,

    /// <summary>A plain record from a path that is neither the association's nor named by signalling.</summary>
    WrongPath,

    /// <summary>An encrypted record did not authenticate.</summary>
    BadRecord,

    /// <summary>An authentic record came a second time, or too late to be told from a second time.</summary>
    Replayed,

    /// <summary>A message or record is longer than any that we wait for.</summary>
    TooLong,

    /// <summary>A message lies further ahead in its sender's order than is kept.</summary>
    TooFarAhead,

    /// <summary>An encrypted record came before its keys and there was no room to keep it.</summary>
    TooEarly,

    /// <summary>A handshake message that has been handled already, or that cannot come now.</summary>
    OutOfPlace,

    /// <summary>
    /// A ClientHello with a wrong cookie, or one of too many hellos at once. The first without any is in order, and is not counted.
    /// </summary>
    NoCookie,

    /// <summary>The peer asked for a new handshake within the association: refused.</summary>
    Renegotiation,

    /// <summary>Application data: the association carries none, its keys protect media.</summary>
    ApplicationData,

    /// <summary>A plain alert that proves nothing: from elsewhere, or after the handshake.</summary>
    UnauthenticatedAlert,
}
