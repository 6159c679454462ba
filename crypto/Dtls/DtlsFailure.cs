namespace IntercomAgent.Crypto.Dtls;

/// <summary>Why an association failed, in terms that a person can act on.</summary>
public enum DtlsFailure
{
    /// <summary>The peer did not answer, or not completely, within the handshake's limit.</summary>
    Timeout,

    /// <summary>The peer speaks no DTLS 1.2.</summary>
    UnsupportedVersion,

    /// <summary>No cipher suite that both sides accept.</summary>
    NoCommonCipherSuite,

    /// <summary>No elliptic curve that both sides accept.</summary>
    NoCommonGroup,

    /// <summary>The peer cannot verify what our certificate's key signs: ecdsa_secp256r1_sha256, or RSA with SHA-256.</summary>
    NoCommonSignatureScheme,

    /// <summary>No SRTP profile that both sides accept, or the peer does not know the extension use_srtp (RFC 5764).</summary>
    NoCommonSrtpProfile,

    /// <summary>The peer sent no certificate, or did not ask for ours: media is always authenticated on both sides (RFC 5763).</summary>
    NoMutualAuthentication,

    /// <summary>The peer's certificate has no key that we accept: P-256, P-384 or RSA of at least 2048 bits.</summary>
    UnsupportedCertificate,

    /// <summary>The peer does not own the certificate that it shows, or somebody changed a message: a signature is wrong.</summary>
    BadSignature,

    /// <summary>The Finished message is wrong: the two sides did not see the same handshake.</summary>
    BadFinished,

    /// <summary>The peer gave up; the output's alert says why.</summary>
    AlertReceived,

    /// <summary>This side's owner gave up, for instance because the fingerprint of the certificate is not the announced one.</summary>
    Aborted,

    /// <summary>The peer broke a rule of the protocol.</summary>
    ProtocolViolation,
}
