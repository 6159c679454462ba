using System;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Tls;
using IntercomAgent.Tests.Unit;
using IntercomAgent.Tests.Unit.Dtls;
using IntercomAgent.Tests.Unit.Tls;

namespace IntercomAgent.Tests.Child;

/// <summary>Uses each public-key operation of the product once.</summary>
internal static class Cryptography
{
    /// <param name="certificate">A peer's RSA certificate in base 64.</param>
    /// <param name="signature">Its signature, rsa_pss_rsae_sha256, over the certificate.</param>
    public static void Use(string certificate, string signature)
    {
        // Both sides' keys, certificates, key exchange, signatures and verification.
        using DtlsPair pair = new();
        Demand(pair.Start().Run().AreConnected);
        Demand(DtlsIdentity.TryReadPem(pair.Client.Identity.ToPem(), out _) is not null);
        foreach (NamedGroup group in Enum.GetValues<NamedGroup>())
        {
            KeyShare own = KeyShare.Generate(group, new SeededRandom(1));
            Demand(own.Agree(KeyShare.Generate(group, new SeededRandom(2)).PublicKey) is not null);
        }

        DtlsIdentity rsa = DtlsIdentity.Create(new SeededRandom(1), 1_800_000_000, CertificateKind.Rsa2048);
        Demand(rsa.BeginSigning(SignatureScheme.RsaPssRsaeSha256, "x"u8, new SeededRandom(1)).Finish().Length == 256);

        foreach (DtlsIdentity own in new[] { pair.Client.Identity, rsa })
        {
            ConnectByTls(own.ToPem());
        }

        byte[] bytes = Convert.FromBase64String(certificate);
        PeerPublicKey peer = PeerPublicKey.TryRead(bytes)!;
        Demand(peer.Verify(SignatureScheme.RsaPssRsaeSha256, bytes, Convert.FromBase64String(signature)));
    }

    /// <summary>A certificate that vouches for itself, on both sides, in both versions.</summary>
    private static void ConnectByTls(string pem)
    {
        TlsIdentity identity = TlsIdentity.TryReadPem(pem, pem, out _)!;
        TlsSettings settings = TlsPair.Settings(TrustAnchors.TryReadPem(pem, out _), identity) with { DemandClientCertificate = true };
        Demand(new TlsPair(settings, settings, name: null).Run().AreConnected);
        Demand(new TlsPair(settings with { AllowTls13 = false }, settings, name: null).Run().AreConnected);
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("An operation failed.");
        }
    }
}
