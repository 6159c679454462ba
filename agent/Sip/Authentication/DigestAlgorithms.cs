using System;
using IntercomAgent.Crypto.Primitives;

namespace IntercomAgent.Sip;

/// <summary>The names of the hashes in challenges and answers (RFC 7616 section 6.1, RFC 8760).</summary>
internal static class DigestAlgorithms
{
    /// <summary>Whether that hash cannot be broken today, so that nobody may be talked out of it.</summary>
    public static bool IsStrong(DigestAlgorithm algorithm) => algorithm is DigestAlgorithm.Sha256 or DigestAlgorithm.Sha512Truncated256;

    /// <summary>Reads a name; false for a hash that we do not know.</summary>
    /// <param name="name">The name, perhaps of a session variant.</param>
    /// <param name="algorithm">The hash.</param>
    /// <param name="isSession">Whether it is a session variant.</param>
    public static bool TryRead(ReadOnlySpan<byte> name, out DigestAlgorithm algorithm, out bool isSession)
    {
        isSession = name.Length > 5 && SipGrammar.EqualsIgnoreCase(name[^5..], "-sess"u8);
        ReadOnlySpan<byte> hash = isSession ? name[..^5] : name;
        bool isSha256 = SipGrammar.EqualsIgnoreCase(hash, "SHA-256"u8);
        bool isSha512 = SipGrammar.EqualsIgnoreCase(hash, "SHA-512-256"u8);
        algorithm = isSha256 ? DigestAlgorithm.Sha256 : isSha512 ? DigestAlgorithm.Sha512Truncated256 : DigestAlgorithm.Md5;
        return isSha256 || isSha512 || SipGrammar.EqualsIgnoreCase(hash, "MD5"u8);
    }
}
