using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>Where we are on connections, for whoever has to say how we are reached where nobody can connect to us.</summary>
internal interface IConnectionAddresses
{
    /// <summary>
    /// Our own address and port on the connection that what is sent there goes by, which is opened where there is none; null when that fails.
    /// </summary>
    NetworkEndpoint? LocalOf(SipHop hop, Instant now);
}
