using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;

namespace IntercomAgent.Sip;

/// <summary>The state of one dialog (RFC 3261 section 12): who the two are, the way between them, and their sequence numbers.</summary>
internal sealed class Dialog
{
    private readonly byte[] _local;
    private readonly byte[] _remote;
    private readonly SipHop _peer;
    private int? _remoteSequence;

    /// <summary>The URI of the next hop that a server was looked for last, how far that is, and what came of it.</summary>
    private byte[] _sought = [];
    private ServerRoute? _route;
    private SipHop? _located;

    private Dialog(in SipMessage message, NameAddress local, byte[] localTag, NameAddress remote, List<byte[]> routes, SipHop peer)
    {
        CallId = message.CallId.ToArray();
        LocalTag = localTag;
        RemoteTag = remote.Tag.ToArray();
        _local = WithTag(local.Address, localTag);
        _remote = WithTag(remote.Address, RemoteTag);
        Routes = routes;
        _peer = peer;
        _ = message.TryReadContact(out NameAddress contact);
        RemoteTarget = contact.Uri.ToArray();
    }

    /// <summary>Call-ID.</summary>
    public byte[] CallId { get; }

    /// <summary>Our tag.</summary>
    public byte[] LocalTag { get; }

    /// <summary>The peer's tag.</summary>
    public byte[] RemoteTag { get; }

    /// <summary>Where the peer wants its requests: the URI of its Contact.</summary>
    public byte[] RemoteTarget { get; private set; }

    /// <summary>The route set, in the order in which requests of ours go.</summary>
    public IReadOnlyList<byte[]> Routes { get; private set; }

    /// <summary>The number of our last request.</summary>
    public int LocalSequence { get; private set; }

    /// <summary>Whether no 2xx has confirmed the dialog yet.</summary>
    public bool IsEarly { get; private set; } = true;

    /// <summary>
    /// Makes the dialog of a response to our INVITE (section 12.1.2), early after a provisional response. False when the response
    /// lacks what a dialog needs.
    /// </summary>
    public static bool TryFromResponse(
        SipRequest invite, in SipMessage response, SipHop from, [NotNullWhen(true)] out Dialog? dialog)
    {
        dialog = null;
        if (!NameAddress.TryRead(invite.From, out NameAddress local)
            || !response.TryReadContact(out _)
            || !TryReadRoutes(response, out List<byte[]> routes))
        {
            return false;
        }

        routes.Reverse();
        dialog = new Dialog(response, local, local.Tag.ToArray(), response.To, routes, from)
        {
            LocalSequence = invite.Sequence,
            IsEarly = response.Status < 200,
        };
        return true;
    }

    /// <summary>
    /// Makes the dialog of a peer's INVITE (section 12.1.1), early until <see cref="Confirm()"/>. False when the request lacks what a
    /// dialog needs.
    /// </summary>
    public static bool TryFromRequest(
        in SipMessage invite, byte[] localTag, SipHop from, [NotNullWhen(true)] out Dialog? dialog)
    {
        dialog = null;
        bool isLegacy = !invite.Via.HasMagicCookie && !invite.Headers.TryFind(SipHeaderName.Contact, out _);
        if ((!isLegacy && !invite.TryReadContact(out _)) || !TryReadRoutes(invite, out List<byte[]> routes))
        {
            return false;
        }

        dialog = new Dialog(invite, invite.To, localTag, invite.From, routes, from) { _remoteSequence = invite.CSeq };
        if (isLegacy)
        {
            // RFC 2543 sections 6.13 and 6.23: who names no Contact is reached as From says.
            dialog.RemoteTarget = invite.From.Uri.ToArray();
        }

        return true;
    }

    /// <summary>Whether a request of the peer's belongs to this dialog.</summary>
    public bool Matches(in SipMessage request) =>
        request.CallId.SequenceEqual(CallId) && request.To.Tag.SequenceEqual(LocalTag) && request.From.Tag.SequenceEqual(RemoteTag);

    /// <summary>We sent a 2xx.</summary>
    public void Confirm() => IsEarly = false;

    /// <summary>
    /// The 2xx to our INVITE came in this dialog, which was early: target and route set are the response's (section 13.2.2.4).
    /// </summary>
    public void Confirm(in SipMessage response)
    {
        IsEarly = false;
        RefreshTarget(response);
        if (TryReadRoutes(response, out List<byte[]> routes))
        {
            routes.Reverse();
            Routes = routes;
        }
    }

    /// <summary>The numbers up to this one may have been used by the branch of the same fork that we know no more.</summary>
    public void SkipSequence(int last) => LocalSequence = last > LocalSequence ? last : LocalSequence;

    /// <summary>Takes the number of a new request of the peer's; false when it is out of order (section 12.2.2).</summary>
    public bool TryTakeSequence(int sequence)
    {
        if (sequence < _remoteSequence)
        {
            return false;
        }

        _remoteSequence = sequence;
        return true;
    }

    /// <summary>Follows the Contact of a re-INVITE or UPDATE, or of the 2xx to ours (section 12.2.1.2).</summary>
    public void RefreshTarget(in SipMessage message)
    {
        if (message.TryReadContact(out NameAddress contact))
        {
            RemoteTarget = contact.Uri.ToArray();
        }
    }

    /// <summary>The number for the next request.</summary>
    public int NextSequence() => ++LocalSequence;

    /// <summary>A new request in the dialog (section 12.2.1.1).</summary>
    public SipRequest Request(SipMethod method, byte[] branch) => Request(method, branch, NextSequence());

    /// <summary>The ACK for a 2xx to our INVITE (section 13.2.2.4): its own branch, the INVITE's number and credentials.</summary>
    public byte[] Acknowledge(SipCore core, SipRequest invite) => core.Identity.Write(
        Request(SipMethod.Ack, core.Identity.NewBranch(), invite.Sequence) with
        {
            Authorization = invite.Authorization,
            Transport = NextHop().Transport,
        });

    /// <summary>Ends the dialog of a branch that answered after another one, or after the call was over.</summary>
    /// <param name="core">The way out.</param>
    /// <param name="digest">The credentials of the call, if it needs any.</param>
    /// <param name="call">The number of the call.</param>
    /// <param name="now">The current time.</param>
    public void EndFork(SipCore core, DigestClient? digest, int call, Instant now)
    {
        SipRequest bye = Request(SipMethod.Bye, core.Identity.NewBranch()) with
        {
            Fields = [.. SipOptions.SupportedLine, .. SipEndCauses.ReasonLine(SipEndCause.AnsweredElsewhere)],
        };
        _ = core.Transactions.Send(digest?.Authorize(bye) ?? bye, NextHop(), call, now);
    }

    /// <summary>
    /// Where a request goes: to the first route or else the remote target, if that is an address or a name whose server is found. Else it
    /// goes where the dialog came from: somebody there knew the way.
    /// </summary>
    public SipHop NextHop()
    {
        ReadOnlySpan<byte> uri = NextHopUri;
        return SipHop.TryRead(uri, out SipHop hop) ? hop
            : _located is { } server && uri.SequenceEqual(_sought) ? server
            : _peer;
    }

    /// <summary>Looks for the server of the next hop, if that is a name (RFC 3263); asks anew whenever the next hop has changed.</summary>
    public void LocateNextHop(ServerLocator? locator, Instant now)
    {
        ReadOnlySpan<byte> uri = NextHopUri;
        if (!uri.SequenceEqual(_sought))
        {
            _sought = uri.ToArray();
            _located = null;
            _route = locator?.TryReadName(Encoding.UTF8.GetString(uri), out TargetName name) == true
                ? locator.Find(name, otherwise: null, now)
                : null;
        }

        if (_route is { } route && route.Next(now, out SipHop server) is var state and not SearchState.Waiting)
        {
            _located = state == SearchState.Found ? server : null;
            _route = null;
        }
    }

    /// <summary>Whether a request of ours was made in this dialog.</summary>
    public bool IsOf(SipRequest request) => request.To.AsSpan().SequenceEqual(_remote);

    private ReadOnlySpan<byte> NextHopUri =>
        Routes.Count > 0 && NameAddress.TryRead(Routes[0], out NameAddress route) ? route.Uri : RemoteTarget;

    private SipRequest Request(SipMethod method, byte[] branch, int sequence)
    {
        SipRequest request = new()
        {
            Method = method,
            RequestUri = RemoteTarget,
            Branch = branch,
            Routes = Routes,
            From = _local,
            To = _remote,
            CallId = CallId,
            Sequence = sequence,

            // RFC 4028 section 7.1: every request but ACK says that it knows timers.
            Fields = method == SipMethod.Ack ? [] : SipOptions.SupportedLine.ToArray(),
        };
        if (Routes.Count == 0
            || !NameAddress.TryRead(Routes[0], out NameAddress first)
            || (SipUri.TryRead(first.Uri, out SipUri uri) && uri.IsLooseRouter))
        {
            return request;
        }

        // Section 12.2.1.1: a strict router finds itself in the Request-URI, and the target behind the other routes.
        List<byte[]> routes = [.. Routes];
        routes.RemoveAt(0);
        routes.Add([(byte)'<', .. RemoteTarget, (byte)'>']);
        return request with { RequestUri = first.Uri.ToArray(), Routes = routes };
    }

    private static bool TryReadRoutes(in SipMessage message, out List<byte[]> routes)
    {
        routes = [];
        foreach (ReadOnlySpan<byte> value in message.Headers.Values(SipHeaderName.RecordRoute))
        {
            if (routes.Count == SipLimits.Routes || !NameAddress.TryRead(value, out _))
            {
                return false;
            }

            routes.Add(value.ToArray());
        }

        return true;
    }

    private static byte[] WithTag(ReadOnlySpan<byte> address, ReadOnlySpan<byte> tag) =>
        tag.IsEmpty ? address.ToArray() : [.. address, .. ";tag="u8, .. tag];
}
