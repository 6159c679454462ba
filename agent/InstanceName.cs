using System;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent;

/// <summary>
/// The name that a device has in all its lives and networks, for registrars (RFC 5626 section 4.1). It is made from the certificate, which
/// lives just as long, so that nothing more has to be kept; and by a hash, so that it tells nobody the fingerprint.
/// </summary>
internal static class InstanceName
{
    /// <summary><c>urn:uuid:…</c>: a UUID of version 8, the one whose content its maker decides (RFC 9562 section 5.8).</summary>
    public static string Of(CertificateFingerprint fingerprint)
    {
        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, Encoding.ASCII.GetBytes($"intercom-agent {fingerprint}"), hash);
        Span<byte> uuid = hash[..16];
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(uuid, bigEndian: true)}";
    }
}
