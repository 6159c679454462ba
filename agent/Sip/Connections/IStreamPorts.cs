using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>Where connections come from. What happens to one is reported under its slot.</summary>
internal interface IStreamPorts
{
    /// <summary>Begins a connection. What fails at once gives null and a sentence for a person.</summary>
    IStreamConnection? Connect(NetworkEndpoint remote, int slot, out string? problem);

    /// <summary>Takes a connection that waits at the listener of this transport; null when none does.</summary>
    IStreamConnection? Accept(SipTransport transport, int slot);
}
