namespace IntercomAgent.Dns;

/// <summary>The types of record that we ask for or read, by their numbers on the wire.</summary>
internal enum DnsRecordType
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>An IPv4 address (RFC 1035 section 3.4.1).</summary>
    A = 1,

    /// <summary>The name that an alias stands for (RFC 1035 section 3.3.1).</summary>
    Cname = 5,

    /// <summary>How long a zone lets others believe that a name is missing (RFC 2308 section 4).</summary>
    Soa = 6,

    /// <summary>An IPv6 address (RFC 3596 section 2.2).</summary>
    Aaaa = 28,

    /// <summary>Who offers a service (RFC 2782).</summary>
    Srv = 33,

    /// <summary>Which services a domain has (RFC 3403 section 4).</summary>
    Naptr = 35,
}
