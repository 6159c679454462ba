using System;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Takes the blocks of a PEM text (RFC 7468) one after the other. What stands between them is not looked at.</summary>
/// <param name="pem">The text.</param>
internal ref struct PemBlocks(ReadOnlySpan<char> pem)
{
    private ReadOnlySpan<char> _rest = pem;

    /// <summary>The next block; false when there is none. One whose content is no base 64 has no bytes.</summary>
    /// <param name="label">What the block is, as <c>CERTIFICATE</c>.</param>
    /// <param name="content">What it holds. A caller that reads keys wipes it.</param>
    public bool TryTake(out ReadOnlySpan<char> label, out byte[] content)
    {
        if (!PemEncoding.TryFind(_rest, out PemFields fields))
        {
            label = default;
            content = [];
            return false;
        }

        label = _rest[fields.Label];
        content = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(_rest[fields.Base64Data], content, out int length) || length != content.Length)
        {
            content = [];
        }

        _rest = _rest[fields.Location.End..];
        return true;
    }
}
