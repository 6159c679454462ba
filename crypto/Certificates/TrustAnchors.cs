using System;
using System.Collections.Generic;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>The authorities whose word counts: the certificates of a file that a person has named.</summary>
public sealed class TrustAnchors
{
    private readonly List<PathCertificate> _anchors;

    private TrustAnchors(List<PathCertificate> anchors) => _anchors = anchors;

    /// <summary>How many there are.</summary>
    public int Count => _anchors.Count;

    /// <summary>The authorities.</summary>
    internal IReadOnlyList<PathCertificate> Anchors => _anchors;

    /// <summary>
    /// Reads all certificates of a PEM text; a bundle of an operating system has some whose keys we do not accept, and which vouch for
    /// nobody here. Null when there is none at all, or something that cannot be read, with a problem that a person can act on.
    /// </summary>
    public static TrustAnchors? TryReadPem(ReadOnlySpan<char> pem, out string? problem)
    {
        List<PathCertificate> anchors = [];
        PemBlocks blocks = new(pem);
        problem = null;
        while (problem is null && blocks.TryTake(out ReadOnlySpan<char> label, out byte[] content))
        {
            if (label is not ("CERTIFICATE" or "TRUSTED CERTIFICATE"))
            {
                continue;
            }

            if (PathCertificate.TryRead(content) is { } anchor)
            {
                anchors.Add(anchor);
            }
            else
            {
                problem = $"its certificate number {anchors.Count + 1} cannot be read";
            }
        }

        problem ??= anchors.Count == 0 ? "it has no block 'CERTIFICATE'" : null;
        return problem is null ? new TrustAnchors(anchors) : null;
    }
}
