namespace IntercomAgent.Dns;

/// <summary>What a server made of a query (RFC 1035 section 4.1.1), by its number on the wire; others are failures as well.</summary>
internal enum DnsResponseCode
{
    /// <summary>It was answered.</summary>
    NoError = 0,

    /// <summary>The server does not understand the query: perhaps it does not know EDNS (RFC 6891 section 7).</summary>
    FormatError = 1,

    /// <summary>The server cannot find out.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NameError = 3,

    /// <summary>The server does not know such queries.</summary>
    NotImplemented = 4,

    /// <summary>The server does not answer us.</summary>
    Refused = 5,
}
