using IntercomAgent.Crypto.Dtls;

namespace IntercomAgent.Media;

/// <summary>Why media could not be secured, in words that tell a person what to look at.</summary>
internal static class SecurityProblem
{
    /// <summary>The certificate is not the one that signalling announced.</summary>
    public const string FingerprintMismatch =
        "the peer's certificate is not the one that its SDP names (a=fingerprint): something between the two changes SDP or media";

    /// <summary>It is the peer's part to begin, and it did not.</summary>
    public const string NotBegun =
        "the peer has not begun the DTLS handshake: its datagrams do not reach our media port, or it speaks no DTLS";

    /// <summary>Puts the failure of a handshake into words.</summary>
    public static string Describe(DtlsFailure failure, DtlsAlert? alert) => failure switch
    {
        DtlsFailure.Timeout => "the DTLS handshake got no answer: the peer's media port cannot be reached, or a firewall drops UDP",
        DtlsFailure.UnsupportedVersion => "the peer speaks no DTLS 1.2",
        DtlsFailure.NoCommonCipherSuite => "the peer has no cipher suite of ECDHE with AES-GCM or ChaCha20-Poly1305",
        DtlsFailure.NoCommonGroup => "the peer has neither the curve P-256 nor X25519",
        DtlsFailure.NoCommonSignatureScheme => "the peer cannot verify an ECDSA certificate",
        DtlsFailure.NoCommonSrtpProfile => "the peer has no common SRTP profile: see media.srtp_profiles in the configuration",
        DtlsFailure.NoMutualAuthentication => "the peer shows no certificate, or wants to see none",
        DtlsFailure.UnsupportedCertificate => "the peer's certificate has a key that is not accepted (P-256, P-384, RSA from 2048 bits)",
        DtlsFailure.BadSignature => "the peer does not own the certificate that it shows",
        DtlsFailure.BadFinished => "the handshake was changed on its way",
        DtlsFailure.AlertReceived => $"the peer gave up the DTLS handshake with the alert {alert}",
        DtlsFailure.Aborted => $"the DTLS handshake was given up with the alert {alert}",
        DtlsFailure.ProtocolViolation => "the peer broke a rule of DTLS",
    };
}
