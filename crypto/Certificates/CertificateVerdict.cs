namespace IntercomAgent.Crypto.Certificates;

/// <summary>What came of the verification of a peer's certificates.</summary>
public enum CertificateVerdict
{
    /// <summary>An authority that we trust vouches for the first of them.</summary>
    Trusted,

    /// <summary>There is none, or the first is none that can be read.</summary>
    Unreadable,

    /// <summary>No authority that we trust has signed it, directly or by others that may do so.</summary>
    UnknownAuthority,

    /// <summary>Its last day is over, or that of one above it.</summary>
    Expired,

    /// <summary>Its first day has not come, or that of one above it.</summary>
    NotYetValid,

    /// <summary>It says itself that it is for something else.</summary>
    WrongPurpose,

    /// <summary>Its key is of a kind or length that we do not accept.</summary>
    UnsupportedKey,

    /// <summary>It demands an extension to be heeded that we do not know (RFC 5280 section 4.2).</summary>
    UnknownExtension,

    /// <summary>It is another one than the certificate that was demanded.</summary>
    NotPinned,

    /// <summary>It is for somebody else than was asked for (RFC 5922 section 7.3).</summary>
    WrongName,
}
