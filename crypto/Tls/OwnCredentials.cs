using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using SignatureScheme = IntercomAgent.Crypto.Certificates.SignatureScheme;

namespace IntercomAgent.Crypto.Tls;

/// <summary>Our own certificates and what signs for them, in one handshake.</summary>
internal sealed class OwnCredentials : TlsCredentialedSigner
{
    private readonly TlsIdentity _identity;
    private readonly SignatureScheme _scheme;
    private readonly IRandomSource _random;

    private OwnCredentials(TlsIdentity identity, SignatureScheme scheme, IRandomSource random, TlsContext context)
    {
        _identity = identity;
        _scheme = scheme;
        _random = random;
        TlsCertificate[] certificates =
            [.. identity.Certificates.Select(one => context.Crypto.CreateCertificate(CertificateType.X509, one))];

        // RFC 8446 section 4.4.2: since TLS 1.3 each certificate has extensions, and the message says which request it answers.
        Certificate = context.SecurityParameters.NegotiatedVersion.Equals(ProtocolVersion.TLSv13)
            ? new Certificate([], [.. certificates.Select(static one => new CertificateEntry(one, null))])
            : new Certificate(certificates);
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public SignatureAndHashAlgorithm SignatureAndHashAlgorithm => OwnTlsCertificate.PartsOf(_scheme);

    /// <summary>Ours, if the peer accepts a scheme of our key in this version of TLS; else null.</summary>
    /// <param name="identity">What we have.</param>
    /// <param name="accepted">What the peer says that it accepts.</param>
    /// <param name="random">What salts and blinds.</param>
    /// <param name="context">The handshake.</param>
    public static OwnCredentials? Choose(
        TlsIdentity identity, IEnumerable<SignatureAndHashAlgorithm>? accepted, IRandomSource random, TlsContext context)
    {
        bool isOld = !context.SecurityParameters.NegotiatedVersion.Equals(ProtocolVersion.TLSv13);
        List<SignatureScheme?> schemes = [.. (accepted ?? []).Select(OwnTlsCertificate.SchemeOf)];
        foreach (SignatureScheme scheme in identity.Key.Schemes)
        {
            if (schemes.Contains(scheme) && (isOld || scheme.IsPss || scheme.IsEcdsa))
            {
                return new OwnCredentials(identity, scheme, random, context);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public byte[] GenerateRawSignature(byte[] hash) => throw new NotSupportedException("Our keys hash what they sign themselves.");

    /// <inheritdoc/>
    public TlsStreamSigner GetStreamSigner() => new StreamSigner(this);

    /// <summary>Gathers what is to be signed.</summary>
    private sealed class StreamSigner(OwnCredentials owner) : MemoryStream, TlsStreamSigner
    {
        public Stream Stream => this;

        public byte[] GetSignature() => owner._identity.Key.Begin(owner._scheme, ToArray(), owner._random).Finish();
    }
}
