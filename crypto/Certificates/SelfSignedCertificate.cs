using System;
using IntercomAgent.Crypto.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Builds the X.509 certificate (RFC 5280) that carries our public key to a peer and says nothing else.</summary>
internal static class SelfSignedCertificate
{
    // The same for every station, so that the certificate does not tell where or whose it is.
    private const string Subject = "CN=intercom-agent";

    // RFC 5280 section 4.1.2.2 allows 20 bytes; 16 random ones never meet again.
    private const int SerialNumberLength = 16;

    // A board without a battery may believe that it is 1970 or yesterday, so the certificate begins a day early …
    private static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    // … and stays valid for longer than a board lives. Peers of DTLS-SRTP compare fingerprints, not dates.
    private static readonly TimeSpan Validity = TimeSpan.FromDays(365 * 30);

    /// <summary>The certificate in DER, signed with SHA-256.</summary>
    /// <param name="key">The key that it is for and signed with.</param>
    /// <param name="random">Gives the serial number.</param>
    /// <param name="unixTimeSeconds">The present, as far as it is known.</param>
    public static byte[] Build(SigningKey key, IRandomSource random, long unixTimeSeconds)
    {
        AlgorithmIdentifier algorithm = key.CertificateSignature;
        X509Name name = new(Subject);
        DateTime now = DateTimeOffset.FromUnixTimeSeconds(unixTimeSeconds).UtcDateTime;
        V3TbsCertificateGenerator generator = new();
        generator.SetSerialNumber(new DerInteger(ChooseSerialNumber(random)));
        generator.SetSignature(algorithm);
        generator.SetIssuer(name);
        generator.SetSubject(name);
        generator.SetStartDate(new Time(now - Backdating));
        generator.SetEndDate(new Time(now + Validity));
        generator.SetSubjectPublicKeyInfo(key.PublicKeyInfo);

        TbsCertificateStructure body = generator.GenerateTbsCertificate();
        byte[] signature = key.Begin(key.Schemes[^1], body.GetEncoded(Asn1Encodable.Der), random).Finish();
        return new DerSequence(body, algorithm, new DerBitString(signature)).GetEncoded(Asn1Encodable.Der);
    }

    private static BigInteger ChooseSerialNumber(IRandomSource random)
    {
        byte[] serial = new byte[SerialNumberLength];
        random.Fill(serial);

        // RFC 5280 section 4.1.2.2: positive, never zero.
        serial[0] |= 1;
        return new BigInteger(1, serial);
    }
}
