using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace IntercomAgent.Crypto.Certificates;

/// <summary>Whom a certificate is for: the SIP domains (RFC 5922 section 7.1) and the addresses in it.</summary>
public sealed class CertificateNames
{
    private const string SipScheme = "sip:";

    private readonly string[] _domains;
    private readonly IPAddress[] _addresses;

    private CertificateNames(string[] domains, IPAddress[] addresses)
    {
        _domains = domains;
        _addresses = addresses;
    }

    /// <summary>The SIP domains, as they are written.</summary>
    public IReadOnlyList<string> Domains => _domains;

    /// <summary>Whether it names nobody.</summary>
    public bool IsEmpty => _domains.Length == 0 && _addresses.Length == 0;

    /// <summary>
    /// Whether this name or literal address is among them: the whole name, letters of either case, and no wildcard (RFC 5922 section
    /// 7.2). That an address stands in a certificate is beyond that RFC, but the only way to prove one for a URI that has no name.
    /// </summary>
    public bool Contains(string host)
    {
        string bare = host.Length > 1 && host[0] == '[' && host[^1] == ']' ? host[1..^1] : host;
        return IPAddress.TryParse(bare, out IPAddress? address)
            ? _addresses.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            : _domains.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All of them, for a person.</summary>
    public override string ToString() =>
        IsEmpty ? "nobody" : string.Join(", ", _domains.Concat(_addresses.Select(static address => address.ToString())));

    /// <summary>The names of a certificate. Broken ASN.1 throws.</summary>
    internal static CertificateNames Read(X509CertificateStructure certificate)
    {
        X509Extension? extension = certificate.Extensions?.GetExtension(X509Extensions.SubjectAlternativeName);
        if (extension is null)
        {
            // Section 7.1, step 2: what many a PBX makes for itself says its name nowhere else.
            return new CertificateNames(
                [.. certificate.Subject.GetValueList(X509Name.CN).Take(1).Where(static name => IsDomain(name))], []);
        }

        List<string> sip = [];
        List<string> dns = [];
        List<IPAddress> addresses = [];
        foreach (GeneralName name in GeneralNames.GetInstance(extension.GetParsedValue()).GetNames())
        {
            switch (name.TagNo)
            {
                case GeneralName.UniformResourceIdentifier:
                    AddIfDomain(sip, FindHost(Text(name)));
                    break;
                case GeneralName.DnsName:
                    AddIfDomain(dns, Text(name));
                    break;
                case GeneralName.IPAddress:
                    AddIfAddress(addresses, Asn1OctetString.GetInstance(name.Name).GetOctets());
                    break;
                default:
                    break;
            }
        }

        // Step 1: a DNS name counts if and only if there is no SIP URI.
        return new CertificateNames([.. sip.Count > 0 ? sip : dns], [.. addresses]);
    }

    private static string Text(GeneralName name) => DerIA5String.GetInstance(name.Name).GetString();

    // Of sip:example.com;transport=tls the host; empty for other schemes, and for a user, who is no domain.
    private static string FindHost(string uri)
    {
        if (!uri.StartsWith(SipScheme, StringComparison.OrdinalIgnoreCase) || uri.Contains('@', StringComparison.Ordinal))
        {
            return string.Empty;
        }

        int end = uri.AsSpan(SipScheme.Length).IndexOfAny(";?:/");
        return end < 0 ? uri[SipScheme.Length..] : uri.Substring(SipScheme.Length, end);
    }

    private static void AddIfDomain(List<string> names, string name)
    {
        if (IsDomain(name))
        {
            names.Add(name.TrimEnd('.'));
        }
    }

    private static void AddIfAddress(List<IPAddress> addresses, byte[] address)
    {
        if (address.Length is 4 or 16)
        {
            addresses.Add(new IPAddress(address));
        }
    }

    // A zero byte or a blank in a name has deceived others before.
    private static bool IsDomain(string name) => name.Length is > 0 and < 256
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '*');
}
