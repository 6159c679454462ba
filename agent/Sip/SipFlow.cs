using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The way between us and the server of an account (a flow of RFC 5626 section 1): where the server is, whether it knows us, and how it
/// sees us. This is the one place that says so; who asks for the server's address asks here, each time anew.
/// </summary>
internal sealed class SipFlow
{
    /// <summary>Servers of a route that are remembered: more than a domain names.</summary>
    private const int MostOnRoute = 16;

    private readonly SipSettings _settings;
    private readonly SipIdentity _identity;
    private UInt128[] _located = [];
    private UInt128[] _onRoute = [];

    /// <summary>The way to an account's server, which does not know us yet.</summary>
    /// <param name="settings">Who we are.</param>
    /// <param name="account">The account.</param>
    /// <param name="identity">Our addresses.</param>
    /// <param name="number">What tells this way from those of our other accounts: the same number in every life (RFC 5626 section 4.2).</param>
    /// <param name="random">What settles which of several servers is picked.</param>
    public SipFlow(SipSettings settings, SipAccount account, SipIdentity identity, int number, IRandomSource random)
    {
        _settings = settings;
        _identity = identity;
        Account = account;
        Number = number;
        Names = SipNames.Of(settings, account);
        Server = Target.Address;
        if (Server is null)
        {
            Span<byte> choice = stackalloc byte[sizeof(ulong)];
            random.Fill(choice);
            Choice = BitConverter.ToUInt64(choice);
        }

        OffersOutbound = settings.Instance is not null;
    }

    /// <summary>The account.</summary>
    public SipAccount Account { get; }

    /// <summary>The reg-id of its registration.</summary>
    public int Number { get; }

    /// <summary>What we are called there.</summary>
    public SipNames Names { get; }

    /// <summary>Where REGISTER goes, and all that has no address of its own, as it is configured.</summary>
    public SipServer Target => Account.OutboundProxy ?? Account.Registrar;

    /// <summary>The server itself; of a name, the one that was found last. Null while none was.</summary>
    public SipHop? Server { get; private set; }

    /// <summary>What settles which of several servers of a name is picked: always the same.</summary>
    public ulong Choice { get; }

    /// <summary>
    /// Where requests outside a dialog go first: the server, or else the first of the routes that the registrar has given
    /// (RFC 3608 section 5.1).
    /// </summary>
    public SipHop? NextHop => SipHop.TryRead(FirstRoute, out SipHop hop) ? hop : Server;

    /// <summary>The URI of the first of those routes; empty without one.</summary>
    public ReadOnlySpan<byte> FirstRoute =>
        Account.OutboundProxy is null && ServiceRoute.Count > 0 && NameAddress.TryRead(ServiceRoute[0], out NameAddress first)
            ? first.Uri
            : default;

    /// <summary>The values of Route of requests outside a dialog: the registrar's Service-Route (RFC 3608).</summary>
    public IReadOnlyList<byte[]> ServiceRoute { get; private set; } = [];

    /// <summary>The URI that leads here from everywhere (a public GRUU of RFC 5627); null where the registrar gives none.</summary>
    public byte[]? PublicGruu { get; private set; }

    /// <summary>Whether the registrar is asked to send us all by the way that the registration came (RFC 5626).</summary>
    public bool OffersOutbound { get; set; }

    /// <summary>Whether it does so: then it is for us to watch whether that way lives.</summary>
    public bool IsOutbound { get; private set; }

    /// <summary>Whether the server wants the way to it kept alive without that, and answers what we send for it (RFC 6223).</summary>
    public bool IsKept { get; private set; }

    /// <summary>For how long the server bears to hear nothing; null where it does not say (RFC 5626, RFC 6223, section 4.4).</summary>
    public TimeSpan? FlowTimer { get; private set; }

    /// <summary>Whether a registration holds.</summary>
    public bool IsRegistered { get; set; }

    /// <summary>Whether a request has gone unanswered since it was registered: then another account is the better hope.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>
    /// The address and port that the server sees us at, where that is another one than our own: an address translator is in between. Null
    /// where none is.
    /// </summary>
    public NetworkEndpoint? Seen { get; private set; }

    /// <summary>What a REGISTER says beside its Contact's URI: which device this is, and which of its ways (RFC 5626 section 4.2.1).</summary>
    public byte[] ContactParameters => _settings.Instance is null
        ? []
        : Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $";+sip.instance=\"<{_settings.Instance}>\"{(OffersOutbound ? $";reg-id={Number}" : "")}"));

    /// <summary>The extensions that a REGISTER names (RFC 3327, RFC 5626 section 4.2.1, RFC 5627 section 4.1).</summary>
    public byte[] SupportedLine => Encoding.ASCII.GetBytes(
        $"Supported: path{(OffersOutbound ? ", outbound" : "")}{(OffersGruu ? ", gruu" : "")}\r\n");

    private bool OffersGruu => Account.UsesGruu && _settings.Instance is not null;

    /// <summary>
    /// Whether that is where the account's registrar or proxy is; either may send from another port. Of a name, each server counts that the
    /// name system names for it: whichever of them has a call for us may send it.
    /// </summary>
    public bool LeadsTo(NetworkEndpoint server) =>
        server.Address == Account.Registrar.Address?.Endpoint.Address
        || server.Address == Server?.Endpoint.Address
        || Array.IndexOf(_located, server.Address) >= 0
        || Array.IndexOf(_onRoute, server.Address) >= 0
        || (ServiceRoute.Count > 0 && server.Address == NextHop?.Endpoint.Address);

    /// <summary>The server was found, or another one is tried.</summary>
    public void MoveTo(SipHop server)
    {
        Seen = Server is { } former && former.Transport == server.Transport ? Seen : null;
        Server = server;
    }

    /// <summary>All servers were found that the name stands for now; former ones are nobody any more.</summary>
    public void TakeLocated(IReadOnlyList<UInt128> servers) => _located = [.. servers];

    /// <summary>
    /// A server was found for the name in the first of the registrar's routes: it is ours as the registrar is, until that gives others.
    /// </summary>
    public void NoteOnRoute(SipHop server)
    {
        if (Array.IndexOf(_onRoute, server.Endpoint.Address) < 0)
        {
            _onRoute = [.. _onRoute.TakeLast(MostOnRoute - 1), server.Endpoint.Address];
        }
    }

    /// <summary>The URI at which the server can reach us by this way to it.</summary>
    public byte[] Contact(SipHop hop) => _identity.Contact(hop, hop.Transport == Server?.Transport ? Seen : null);

    /// <summary>
    /// The URI at which whoever is behind the server reaches us in a call: from everywhere where the registrar has given one, else by the
    /// way that the call was begun (the parameter ob of RFC 5626 section 4.3).
    /// </summary>
    public byte[] DialogContact(SipHop hop) => PublicGruu ?? (IsOutbound ? [.. Contact(hop), .. ";ob"u8] : Contact(hop));

    /// <summary>Our own address has changed: what was learned of the old one is forgotten.</summary>
    public void Forget() => Seen = null;

    /// <summary>Takes in what the registrar says with its 200.</summary>
    /// <param name="response">The response.</param>
    /// <param name="own">The parameters of our Contact in it; empty where it lists none.</param>
    public void Take(in SipMessage response, ReadOnlySpan<byte> own)
    {
        IsOutbound = OffersOutbound && response.Headers.Lists(SipHeaderName.Require, "outbound"u8);
        int pause = 0;
        IsKept = SipGrammar.TryFindParameter(response.Via.Parameters, "keep"u8, out ReadOnlySpan<byte> keep)
            && SipGrammar.TryReadNumber(keep, out pause);
        int seconds = response.Headers.TryFindNumber(SipHeaderName.FlowTimer, out int timer) && timer > 0 ? timer : pause;
        FlowTimer = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        PublicGruu = OffersGruu && SipGrammar.TryFindParameter(own, "pub-gruu"u8, out ReadOnlySpan<byte> gruu) ? ReadGruu(gruu) : null;
        List<byte[]> routes = ReadServiceRoute(response);
        _onRoute = routes.Count > 0 && ServiceRoute.Count > 0 && routes[0].AsSpan().SequenceEqual(ServiceRoute[0]) ? _onRoute : [];
        ServiceRoute = routes;
    }

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

    private static byte[]? ReadGruu(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> text = value is [(byte)'"', .., (byte)'"'] ? value[1..^1] : value;
        return text.Length <= SipLimits.TargetUri && SipUri.TryRead(text, out SipUri uri) && uri.Scheme == SipScheme.Sip
            ? text.ToArray()
            : null;
    }

    /// <summary>All of it or nothing: half a way leads nowhere. A strict router has no place in it (RFC 3608 section 5).</summary>
    private static List<byte[]> ReadServiceRoute(in SipMessage response)
    {
        List<byte[]> routes = [];
        foreach (ReadOnlySpan<byte> value in response.Headers.Values(SipHeaderName.ServiceRoute))
        {
            if (routes.Count == SipLimits.Routes
                || !NameAddress.TryRead(value, out NameAddress route)
                || !SipUri.TryRead(route.Uri, out SipUri uri)
                || !uri.IsLooseRouter)
            {
                return [];
            }

            routes.Add(value.ToArray());
        }

        return routes;
    }
}
