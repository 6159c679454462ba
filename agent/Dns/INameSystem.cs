using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Dns;

/// <summary>The name system as those see it who look for servers. Their owner sends the queries, and tells them when answers came.</summary>
internal interface INameSystem : ISourceAddresses
{
    /// <summary>Whom to ask for the answers.</summary>
    DnsResolver Resolver { get; }

    /// <summary>A search begins: whatever the machine says of its name servers and of its own names holds for it.</summary>
    void Refresh(Instant now);
}
