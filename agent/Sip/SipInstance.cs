using System;
using System.Text;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>The name that a device has in all its lives and networks, for registrars (RFC 5626 section 4.1).</summary>
internal static class SipInstance
{
    /// <summary><c>urn:uuid:…</c>: a UUID of version 8, the one whose content its maker decides (RFC 9562 section 5.8).</summary>
    /// <param name="identity">
    /// What is the device's own and lives just as long, so that nothing more has to be kept. A hash is made of it, which tells nobody.
    /// </param>
    public static string Of(string identity)
    {
        Span<byte> hash = stackalloc byte[MessageDigest.MaximumLength];
        _ = MessageDigest.Compute(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes($"intercom-agent {identity}"), hash);
        Span<byte> uuid = hash[..16];
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(uuid, bigEndian: true)}";
    }
}
