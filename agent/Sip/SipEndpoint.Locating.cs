using System;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>Calls to hosts whose names are known.</summary>
internal sealed partial class SipEndpoint
{
    /// <summary>The server of the account that calls take; null without one, and while none was found.</summary>
    public SipHop? PreferredServer => _core.Flows.Preferred?.Server;

    /// <summary>
    /// Where a request to this URI goes, if nobody has to be asked for it: to the outbound proxy of the account that calls take, or else the
    /// address in the URI, or else the first route that account's registrar has given, or the registrar itself, if the URI is one of our own domain or has no name of a host. Null when
    /// <see cref="Locate"/> has to find it, or nobody can.
    /// </summary>
    public SipHop? FindNextHop(string targetUri)
    {
        if (_core.Flows.Preferred is { } flow && TakesFlow(flow, targetUri))
        {
            bool isNamed = _core.Locator?.TryReadName(Encoding.UTF8.GetString(flow.FirstRoute), out _) == true;
            return isNamed ? null : flow.FirstRoute.IsEmpty ? flow.Target.Address : flow.NextHop;
        }

        return SipHop.TryRead(Encoding.UTF8.GetBytes(targetUri), out SipHop literal) ? literal : null;
    }

    /// <summary>
    /// Calls somebody at a host whose name is known. <see cref="SipOutputKind.Located"/> tells of each server that the call may go
    /// through, the best first, and waits for <see cref="Offer"/>. The call ends when nothing says where the host is, and when all servers
    /// have failed. A registrar is asked as well when the name system knows nothing of the host: it may know it.
    /// </summary>
    /// <param name="targetUri">The SIP URI to call, up to <see cref="SipLimits.TargetUri"/> bytes.</param>
    /// <param name="now">The current time.</param>
    /// <param name="referrer">The call whose peer has asked for this one by a REFER; none when nobody has.</param>
    public SipCall Locate(string targetUri, Instant now, SipCall referrer = default)
    {
        Advance(now);
        SipCall call = new(++_lastCall);
        ServerRoute? route = IsTarget(targetUri) ? FindRoute(targetUri, now) : null;
        if (route is null)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 404, text: "no way to this address", endedBy: SipEnder.Nobody);
        }
        else if (_isClosing || IsFull)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 503, text: "no more calls", endedBy: SipEnder.Nobody);
        }
        else
        {
            _sessions.Add(SipSession.Locate(_core, call, targetUri, route, FieldsOfReferral(referrer), now));
            Tidy(now);
        }

        return call;
    }

    /// <summary>Makes the offer for the server that <see cref="SipOutputKind.Located"/> told of: the INVITE goes out.</summary>
    public void Offer(SipCall call, ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        CheckBody(sessionDescription);
        Find(call, now)?.Offer(sessionDescription, now);
    }

    /// <summary>There can be no offer for the server that <see cref="SipOutputKind.Located"/> told of: the next one is looked for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="problem">Why, in words for a person: if there is no other server, the call ends with that.</param>
    /// <param name="now">The current time.</param>
    public void PassOver(SipCall call, string problem, Instant now)
    {
        Find(call, now)?.PassOver(problem, now);
        Tidy(now);
    }

    /// <summary>The servers that the call may go through: those of the account that it takes, or those of the host that it names.</summary>
    private ServerRoute? FindRoute(string targetUri, Instant now)
    {
        SipFlow? flow = _core.Flows.Preferred;
        if (flow is not null && TakesFlow(flow, targetUri))
        {
            return _core.Locator?.TryReadName(Encoding.UTF8.GetString(flow.FirstRoute), out TargetName route) == true
                ? _core.Locator.Find(route, flow, now)
                : flow.Target.Address is null ? _core.Locator?.Find(flow, now) : null;
        }

        return _core.Locator?.TryReadName(targetUri, out TargetName name) == true ? _core.Locator.Find(name, flow?.Server, now) : null;
    }

    /// <summary>
    /// Whether a call goes by an account's server whatever its URI says: by a proxy always, and by a registrar if the URI is one of the
    /// account's own domain, or says nothing of where it leads.
    /// </summary>
    private bool TakesFlow(SipFlow flow, string targetUri)
    {
        if (flow.Account.OutboundProxy is not null)
        {
            return true;
        }

        byte[] uri = Encoding.UTF8.GetBytes(targetUri);
        if (SipHop.TryRead(uri, out _))
        {
            return false;
        }

        bool isNamed = _core.Locator is { } locator && locator.TryReadName(targetUri, out _);
        return !isNamed
            || (SipUri.TryRead(uri, out SipUri target)
                && SipUri.TryRead(flow.Names.Domain, out SipUri own)
                && SipGrammar.EqualsIgnoreCase(target.Host, own.Host));
    }
}
