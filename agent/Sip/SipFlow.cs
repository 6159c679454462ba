using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The way between us and the server of an account (a flow of RFC 5626 section 1): where the server is, whether it knows us, and how it
/// sees us. This is the one place that says so; who asks for the server's address asks here, each time anew.
/// </summary>
internal sealed class SipFlow
{
    private readonly SipIdentity _identity;
    private UInt128[] _located = [];

    /// <summary>The way to an account's server, which does not know us yet.</summary>
    public SipFlow(SipSettings settings, SipAccount account, SipIdentity identity, IRandomSource random)
    {
        _identity = identity;
        Account = account;
        Names = SipNames.Of(settings, account);
        Server = Target.Address;
        if (Server is null)
        {
            Span<byte> choice = stackalloc byte[sizeof(ulong)];
            random.Fill(choice);
            Choice = BitConverter.ToUInt64(choice);
        }
    }

    /// <summary>The account.</summary>
    public SipAccount Account { get; }

    /// <summary>What we are called there.</summary>
    public SipNames Names { get; }

    /// <summary>Where REGISTER goes, and all that has no address of its own, as it is configured.</summary>
    public SipServer Target => Account.OutboundProxy ?? Account.Registrar;

    /// <summary>The server itself; of a name, the one that was found last. Null while none was.</summary>
    public SipHop? Server { get; private set; }

    /// <summary>What settles which of several servers of a name is picked: always the same.</summary>
    public ulong Choice { get; }

    /// <summary>Whether a registration holds.</summary>
    public bool IsRegistered { get; set; }

    /// <summary>Whether a request has gone unanswered since it was registered: then another account is the better hope.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>
    /// The address and port that the server sees us at, where that is another one than our own: an address translator is in between. Null
    /// where none is.
    /// </summary>
    public NetworkEndpoint? Seen { get; private set; }

    /// <summary>
    /// Whether that is where the account's registrar or proxy is; either may send from another port. Of a name, each server counts that the
    /// name system names for it: whichever of them has a call for us may send it.
    /// </summary>
    public bool LeadsTo(NetworkEndpoint server) =>
        server.Address == Account.Registrar.Address?.Endpoint.Address
        || server.Address == Server?.Endpoint.Address
        || Array.IndexOf(_located, server.Address) >= 0;

    /// <summary>The server was found, or another one is tried.</summary>
    public void MoveTo(SipHop server)
    {
        Seen = Server is { } former && former.Transport == server.Transport ? Seen : null;
        Server = server;
    }

    /// <summary>All servers were found that the name stands for now; former ones are nobody any more.</summary>
    public void TakeLocated(IReadOnlyList<UInt128> servers) => _located = [.. servers];

    /// <summary>The URI at which the server, and who is behind it, can reach us by this transport.</summary>
    public byte[] Contact(SipTransport transport) => _identity.Contact(transport, transport == Server?.Transport ? Seen : null);

    /// <summary>Our own address has changed: what was learned of the old one is forgotten.</summary>
    public void Forget() => Seen = null;

    /// <summary>
    /// Learns from the Via of a response how the server sees us (RFC 3581 section 4). A connection's own port is nothing that others could
    /// reach us at, and differs in any case: there only the address tells whether somebody translates. Whether anything is new.
    /// </summary>
    public bool TryLearn(in SipVia via)
    {
        if (Server is not { } server
            || !via.TryReadSource(out NetworkEndpoint source)
            || !SipGrammar.EqualsIgnoreCase(via.SentBy, _identity.SentBy(server.Transport))
            || !SipGrammar.EqualsIgnoreCase(via.Transport, SipTransports.Name(server.Transport)))
        {
            return false;
        }

        bool isOwn = source.Address == _identity.Local.Address && (server.IsReliable || source.Port == via.Port);
        NetworkEndpoint? seen = isOwn ? null : source;
        bool isNew = seen != Seen;
        Seen = seen;
        return isNew;
    }
}
