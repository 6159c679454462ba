using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Configuration;

/// <summary>What a configuration file may say of TLS: <c>[sip.tls]</c>. The files that it names are read, and judged.</summary>
/// <param name="tls">The section.</param>
/// <param name="inFolder">What makes a path of the file absolute.</param>
internal sealed class TlsSchema(ConfigurationSection tls, Func<string, string> inFolder)
{
    /// <summary>Where Debian's ca-certificates has the authorities of the public Internet.</summary>
    private const string UsualAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>Characters of a file of authorities: the public ones have some 220,000.</summary>
    private const int MaximumAuthorities = 1_000_000;

    /// <summary>Characters of a file with our own certificates, or our key.</summary>
    private const int MaximumOwn = 64 * 1024;

    private const int MaximumPinned = 8;
    private const ushort UsualPort = 5061;

    /// <summary>Reads the section.</summary>
    public TlsConfiguration Read()
    {
        IReadOnlyList<string> pinned = ReadPinned();
        string? certificate = ReadFile("certificate_file", MaximumOwn);
        Secret? key = ReadFile("key_file", MaximumOwn) is { } text ? new Secret(text) : null;
        CheckPair(certificate, key);
        bool demands = tls.Switch("require_client_certificate", otherwise: false);
        int port = tls.WholeNumber("listen_port", 1, ushort.MaxValue, UsualPort);
        foreach (string given in new[] { "require_client_certificate", "listen_port" })
        {
            if (tls.Has(given) && !tls.Has("certificate_file"))
            {
                tls.Report(given, "given, but without certificate_file nobody can connect");
            }
        }

        return new TlsConfiguration
        {
            Authorities = ReadAuthorities(pinned.Count > 0),
            Pinned = pinned,
            Certificate = certificate,
            Key = key,
            ListenPort = (ushort)port,
            DemandClientCertificate = demands,
        };
    }

    /// <summary>The fingerprint that a text is; null when it is none.</summary>
    internal static CertificateFingerprint? ReadFingerprint(string text) => CertificateFingerprint.Parse(Encoding.UTF8.GetBytes(text));

    private string? ReadAuthorities(bool arePinned)
    {
        string? named = tls.OptionalText("ca_file");
        if (named is null && arePinned)
        {
            return null;
        }

        if (!TextFile.TryRead(inFolder(named ?? UsualAuthorities), MaximumAuthorities, out string content, out string? problem))
        {
            string advice = named is null
                ? $"missing, and {UsualAuthorities} cannot be read ({problem}); write ca_file = \"/etc/intercom-agent/ca.pem\""
                : $"\"{named}\": {problem}";
            tls.Report("ca_file", advice);
        }
        else if (TrustAnchors.TryReadPem(content, out problem) is null)
        {
            tls.Report("ca_file", $"\"{named ?? UsualAuthorities}\": {problem}");
        }

        return content;
    }

    private IReadOnlyList<string> ReadPinned()
    {
        const string example = "\"sha-256 4A:AD:…\"";
        IReadOnlyList<string> pinned = tls.Texts("pinned_certificates", 0, MaximumPinned, example);
        foreach (string one in pinned)
        {
            if (ReadFingerprint(one) is null)
            {
                tls.Report("pinned_certificates", $"\"{one}\" is no fingerprint; expected {example}");
            }
        }

        return pinned;
    }

    private string? ReadFile(string key, int maximumLength)
    {
        if (tls.OptionalText(key) is not { } name)
        {
            return null;
        }

        if (TextFile.TryRead(inFolder(name), maximumLength, out string content, out string? problem))
        {
            return content;
        }

        tls.Report(key, $"\"{name}\": {problem}");
        return null;
    }

    private void CheckPair(string? certificate, Secret? key)
    {
        if (tls.Has("certificate_file") != tls.Has("key_file"))
        {
            (string there, string missing) = tls.Has("key_file") ? ("key_file", "certificate_file") : ("certificate_file", "key_file");
            tls.Report(there, $"given without {missing}; expected both or neither");
        }
        else if (certificate is not null && key is not null
            && TlsIdentity.TryReadPem(certificate, key.Reveal(), out string? problem) is null)
        {
            tls.Report("certificate_file", problem!);
        }
    }
}
