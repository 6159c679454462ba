namespace IntercomAgent.Crypto.Dtls;

/// <summary>The alerts of RFC 5246 section 7.2, RFC 5746, RFC 7627 and RFC 8446 by their number; a peer may send others.</summary>
public enum DtlsAlert : byte
{
    /// <summary>The peer ends the association in order.</summary>
    CloseNotify = 0,

    /// <summary>A message came that must not come now.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record did not authenticate; with DTLS it is dropped instead.</summary>
    BadRecordMac = 20,

    /// <summary>A record was too long.</summary>
    RecordOverflow = 22,

    /// <summary>No parameters that both sides accept.</summary>
    HandshakeFailure = 40,

    /// <summary>The certificate is not the one that was announced, or cannot be read.</summary>
    BadCertificate = 42,

    /// <summary>The certificate's key is of a kind that is not supported.</summary>
    UnsupportedCertificate = 43,

    /// <summary>The certificate was revoked.</summary>
    CertificateRevoked = 44,

    /// <summary>The certificate's dates do not fit.</summary>
    CertificateExpired = 45,

    /// <summary>The certificate is unacceptable for another reason.</summary>
    CertificateUnknown = 46,

    /// <summary>A field of the handshake is out of range or contradicts another.</summary>
    IllegalParameter = 47,

    /// <summary>The certificate's issuer is not known.</summary>
    UnknownCa = 48,

    /// <summary>The peer does not allow it.</summary>
    AccessDenied = 49,

    /// <summary>A message could not be decoded.</summary>
    DecodeError = 50,

    /// <summary>A signature or a Finished message is wrong.</summary>
    DecryptError = 51,

    /// <summary>The version is recognized but not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>The peer wants stronger parameters.</summary>
    InsufficientSecurity = 71,

    /// <summary>An error that has nothing to do with the peer.</summary>
    InternalError = 80,

    /// <summary>The user gave up.</summary>
    UserCanceled = 90,

    /// <summary>A warning: renegotiation is refused.</summary>
    NoRenegotiation = 100,

    /// <summary>An extension came that was not offered.</summary>
    UnsupportedExtension = 110,
}
