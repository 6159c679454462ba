using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// The accepted INVITEs of calls that are over. For 64*T1 each of their 2xx is still acknowledged, and a branch of a fork that answers
/// only now is ended (RFC 6026 section 7.2). Hundreds of short calls leave one each, and nothing else of themselves.
/// </summary>
internal sealed class LateAnswers(SipCore core)
{
    private readonly List<OutgoingInvite> _invites = [];

    /// <summary>How many INVITEs may still be answered.</summary>
    public int Count => _invites.Count;

    /// <summary>Keeps an INVITE of a call that is over.</summary>
    public void Keep(OutgoingInvite invite) => _invites.Add(invite);

    /// <summary>A 2xx for a call that is over. Without effect if its INVITE is not kept.</summary>
    public void Receive(ClientTransaction client, in SipMessage success, NetworkEndpoint from, Instant now)
    {
        OutgoingInvite? invite = _invites.Find(candidate => candidate.Transaction == client);
        if (invite is not null
            && !invite.TryAcknowledgeAgain(core, success)
            && invite.IsInitial
            && invite.TryAcknowledge(core, success, from, out Dialog? dialog))
        {
            invite.EndFork(core, dialog, now);
        }
    }

    /// <summary>Forgets the INVITEs whose time is over.</summary>
    public void Sweep() => _invites.RemoveAll(static invite => !invite.Transaction.MayTell);
}
