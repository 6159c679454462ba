using System;
using System.IO;
using System.Text;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Files;

namespace IntercomAgent;

/// <summary>
/// The file that keeps the agent's key and certificate across restarts, so that a peer which remembers its fingerprint knows it again.
/// Only its owner may read it, and a half-written one never takes its place.
/// </summary>
internal static class IdentityFile
{
    private const int MaximumLength = 16 * 1024;

    /// <summary>
    /// Reads the identity, or makes one when the file is missing. Null when the file is broken or cannot be written, with the reason: a
    /// broken file, or one with another kind of key, is not replaced, as it may be somebody else's.
    /// </summary>
    public static DtlsIdentity? Open(string file, CertificateKind kind, IRandomSource random, long unixTime, out string? problem)
    {
        if (!File.Exists(file))
        {
            return Create(file, kind, random, unixTime, out problem);
        }

        if (!TextFile.TryRead(file, MaximumLength, out string text, out problem))
        {
            problem = $"{file}: {problem}";
            return null;
        }

        DtlsIdentity? identity = DtlsIdentity.TryReadPem(text, out problem);
        if (identity is not null && identity.Kind != kind)
        {
            identity = null;
            problem = "its key is not of the kind that identity.certificate asks for; remove the file, and a new key is made";
        }

        problem = identity is null ? $"{file}: {problem}" : null;
        return identity;
    }

    private static DtlsIdentity? Create(string file, CertificateKind kind, IRandomSource random, long unixTime, out string? problem)
    {
        DtlsIdentity identity = DtlsIdentity.Create(random, unixTime / 1_000_000_000, kind);
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"{file}: cannot be written: {failure.Message}";
            return null;
        }

        byte[] content = Encoding.ASCII.GetBytes(identity.ToPem());
        return new FileReplacement(new DiskFiles(), file, content).TryFinish(out problem) ? identity : null;
    }
}
