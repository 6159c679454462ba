using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>A record of the name system.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Seconds">How many seconds it holds.</param>
internal abstract record DnsRecord(string Name, DnsRecordType Type, uint Seconds);

/// <summary>An address (A, AAAA).</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Seconds">How many seconds it holds.</param>
/// <param name="Address">The address, with port 0.</param>
internal sealed record AddressRecord(string Name, DnsRecordType Type, uint Seconds, NetworkEndpoint Address)
    : DnsRecord(Name, Type, Seconds);

/// <summary>An alias (CNAME).</summary>
/// <param name="Name">The alias.</param>
/// <param name="Seconds">How many seconds it holds.</param>
/// <param name="Target">The name that it stands for.</param>
internal sealed record AliasRecord(string Name, uint Seconds, string Target) : DnsRecord(Name, DnsRecordType.Cname, Seconds);

/// <summary>The head of a zone (SOA), of which only the time counts that is given to missing names (RFC 2308 section 4).</summary>
/// <param name="Name">The zone.</param>
/// <param name="Seconds">How many seconds the record holds.</param>
/// <param name="Minimum">The field MINIMUM, in seconds.</param>
internal sealed record ZoneRecord(string Name, uint Seconds, uint Minimum) : DnsRecord(Name, DnsRecordType.Soa, Seconds);

/// <summary>A server of a service (SRV, RFC 2782).</summary>
/// <param name="Name">The service.</param>
/// <param name="Seconds">How many seconds it holds.</param>
/// <param name="Priority">Lower ones come first.</param>
/// <param name="Weight">Its share among servers of one priority.</param>
/// <param name="Port">The port.</param>
/// <param name="Target">The host; the root, which is empty, when the service is not offered at all.</param>
internal sealed record ServiceRecord(string Name, uint Seconds, ushort Priority, ushort Weight, ushort Port, string Target)
    : DnsRecord(Name, DnsRecordType.Srv, Seconds);

/// <summary>A rule that names a service of a domain (NAPTR, RFC 3403 section 4). Rules with an expression are read and never applied.</summary>
/// <param name="Name">The domain.</param>
/// <param name="Seconds">How many seconds it holds.</param>
/// <param name="Order">Lower ones come first, without exception.</param>
/// <param name="Preference">Lower ones come first among those of one order.</param>
/// <param name="Flags">In capitals: <c>S</c> when the replacement is the name of an SRV record.</param>
/// <param name="Services">In capitals, such as <c>SIP+D2U</c>.</param>
/// <param name="HasExpression">Whether the rule has a regular expression.</param>
/// <param name="Replacement">The next name.</param>
internal sealed record PointerRecord(
    string Name, uint Seconds, ushort Order, ushort Preference, string Flags, string Services, bool HasExpression, string Replacement)
    : DnsRecord(Name, DnsRecordType.Naptr, Seconds);
