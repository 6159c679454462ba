using IntercomAgent.Hal.Net;

namespace IntercomAgent.Dns;

/// <summary>What the machine knows of the ways to other machines.</summary>
internal interface ISourceAddresses
{
    /// <summary>The address from which it would send to another one; null when no way leads there.</summary>
    NetworkEndpoint? SourceTowards(NetworkEndpoint destination);
}
