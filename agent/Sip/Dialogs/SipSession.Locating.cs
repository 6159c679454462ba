using System;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;

namespace IntercomAgent.Sip;

/// <summary>The caller's way to a server whose name it knows, and on to the next one when that fails (RFC 3263 section 4.3).</summary>
internal sealed partial class SipSession
{
    /// <summary>
    /// How many T1 a server may keep silent while there is another one. Section 4.3 would have the next one tried when the transaction
    /// times out, after 64 of them; nobody waits at a door for so long. After 8 (4 s) a datagram was sent four times in vain.
    /// </summary>
    private const int PatienceWithOneServer = 8;

    private readonly string _target = "";
    private readonly ServerRoute? _route;
    private SipHop? _located;
    private SipRequest? _former;
    private Ending? _failure;
    private Instant _hurryAt = Instant.Never;
    private bool _isInAHurry;

    private SipSession(SipCore core, SipCall call, string target, ServerRoute route)
        : this(core, call, SessionState.Locating, Encoding.UTF8.GetBytes(target))
    {
        _target = target;
        _route = route;
    }

    /// <summary>Begins to look for a server through which somebody can be called.</summary>
    /// <param name="core">What calls share.</param>
    /// <param name="call">The call's name.</param>
    /// <param name="target">The URI to call.</param>
    /// <param name="route">Where the INVITE may go.</param>
    /// <param name="referred">What the INVITE says if somebody has asked for it by a REFER; else empty.</param>
    /// <param name="now">The current time.</param>
    public static SipSession Locate(SipCore core, SipCall call, string target, ServerRoute route, byte[] referred, Instant now)
    {
        SipSession session = new(core, call, target, route) { _referredFields = referred };
        session.AdvanceSearch(now);
        return session;
    }

    /// <summary>Our offer for the server that was found: the INVITE goes out. Without effect when none waits for it.</summary>
    public void Offer(ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        if (State != SessionState.Locating || _located is not { } server)
        {
            return;
        }

        // Section 4.3: the same request in a new transaction. What leads to us may be another address, though.
        SipRequest invite = _former is null
            ? InitialRequest(_target, server, sessionDescription)
            : _former with
            {
                Branch = _core.Identity.NewBranch(),
                SentBy = null,
                Authorization = [],
                Challenges = 0,
                Routes = RoutesBy(server),
                Fields = InitialFields(server),
                Body = sessionDescription.ToArray(),
            };
        _located = null;
        _isOverTls = true;
        Step(SessionInput.Sent, default, now);
        Send(invite, server, isInitial: true, now);
        _hurryAt = now + (_core.Times.T1 * PatienceWithOneServer);
        _isInAHurry = false;
    }

    /// <summary>There can be no offer for the server that was found. Without effect when none waits for it.</summary>
    public void PassOver(string problem, Instant now)
    {
        if (State == SessionState.Locating && _located is not null)
        {
            _located = null;
            _failure ??= new Ending(503, problem, SipEnder.Nobody);
            FindServer(now);
        }
    }

    private void AdvanceSearch(Instant now)
    {
        LocateNextHops(now);
        if (_hurryAt <= now)
        {
            _hurryAt = Instant.Never;
            _isInAHurry = true;
        }

        if (_isInAHurry && State == SessionState.Calling)
        {
            HurryOn(now);
        }

        if (State == SessionState.Locating && _located is null)
        {
            FindServer(now);
        }
    }

    /// <summary>
    /// Looks for the servers of the peers' routes and contacts that are names. Of a caller's, only once its call is answered: a stranger
    /// is not to make us ask for whatever it likes.
    /// </summary>
    private void LocateNextHops(Instant now)
    {
        if (_dialog is { IsEarly: false })
        {
            _dialog.LocateNextHop(_core.Locator, now);
        }

        foreach (EarlyDialog early in _early)
        {
            early.Dialog.LocateNextHop(_core.Locator, now);
        }
    }

    private void FindServer(Instant now)
    {
        ServerRoute route = _route!; // Whoever looks for a server has a route.
        switch (route.Next(now, out SipHop server))
        {
            case SearchState.Waiting:
                break;
            case SearchState.Found:
                _located = server;
                _core.Outputs.Tell(SipOutputKind.Located, Call, to: server);
                break;
            default:
                Step(SessionInput.Failure, _failure ?? new Ending(404, route.Problem, SipEnder.Nobody), now);
                break;
        }
    }

    /// <summary>A server keeps silent: the next one is asked if there is one, and this one is listened to no more.</summary>
    private void HurryOn(Instant now)
    {
        if (_route is null || _invites.Find(static candidate => candidate.IsOpen) is not { } invite
            || _route.Look(now) != SearchState.Found)
        {
            return;
        }

        invite.IsAbandoned = true;
        LeaveServer(invite, TimeSpan.Zero, new Ending(408, SipStatus.Phrase(408), SipEnder.Nobody), now);
    }

    /// <summary>
    /// Goes on to the next server when this one failed: a 503, an error of the transport, or silence. False when it did not, or when the
    /// URI named an address.
    /// </summary>
    private bool TryNextServer(OutgoingInvite invite, in SipMessage response, Ending ending, Instant now)
    {
        bool isFailure = ending.Status == 503 || (ending.Status == 408 && response.Status == 0);
        if (_route is null || !isFailure || State is not (SessionState.Calling or SessionState.Proceeding))
        {
            return false;
        }

        _ = response.Headers.TryFindNumber(SipHeaderName.RetryAfter, out int seconds);
        LeaveServer(invite, TimeSpan.FromSeconds(seconds), ending, now);
        return true;
    }

    private void LeaveServer(OutgoingInvite invite, TimeSpan rest, Ending ending, Instant now)
    {
        _failure = ending;
        _former = invite.Transaction.Request;
        _digest = new DigestClient(_core, own: null);
        _route!.Locator.NoteFailure(invite.Transaction.Destination, rest, now); // Whoever leaves a server came by a route.
        ForgetEarly();
        Step(SessionInput.ServerFailure, default, now);
        FindServer(now);
    }

    /// <summary>The call has gone on to another server: what this one makes of the INVITE is cancelled, or ended.</summary>
    private void ReceiveTooLate(OutgoingInvite invite, int status, in SipMessage response, SipHop from, Instant now)
    {
        if (status < 200)
        {
            if (!invite.IsCancelled)
            {
                invite.IsCancelled = true;
                SipRequest cancel = invite.Transaction.Request.Cancel(SipEndCauses.ReasonLine(SipEndCause.AnsweredElsewhere).ToArray());
                _ = _core.Transactions.Send(cancel, invite.Transaction.Destination, Call.Number, now);
            }
        }
        else if (status < 300
            && !invite.TryAcknowledgeAgain(_core, response)
            && invite.MayBranch
            && Dialog.TryFromResponse(invite.Transaction.Request, response, from, out Dialog? dialog))
        {
            invite.Acknowledge(_core, response, dialog);
            dialog.EndFork(_core, digest: null, Call.Number, now);
        }
    }
}
