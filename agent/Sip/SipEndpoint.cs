using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Sip;

/// <summary>
/// A SIP user agent over UDP (RFC 3261), without a socket: datagrams go in, and what is to be sent and told comes out.
/// <para>
/// A call begins with <see cref="Invite"/> or <see cref="SipOutputKind.Incoming"/> and ends with exactly one
/// <see cref="SipOutputKind.Ended"/>, whoever ends it; nothing is told of it afterwards, and what is asked for it then is counted and
/// dropped. The owner polls to idle after every input. Every input that carries a time serves first what was due by then.
/// </para>
/// </summary>
internal sealed partial class SipEndpoint
{
    private readonly SipCore _core;
    private readonly Registration[] _registrations;
    private readonly List<SipSession> _sessions = [];
    private readonly LateAnswers _lateAnswers;
    private readonly DigestServer? _digestServer;
    private readonly Admission? _admission;
    private readonly long[] _dropped = new long[(int)SipDropReason.Count];
    private int _lastCall;
    private bool _isClosing;

    /// <summary>An endpoint.</summary>
    /// <param name="settings">As whom it speaks.</param>
    /// <param name="local">The concrete address and port at which others reach it: what its Via and Contact say.</param>
    /// <param name="random">Where tags, branches and waits come from.</param>
    /// <param name="names">
    /// The name system, whose answers <see cref="Advance"/> takes in; null where addresses are all that is known.
    /// </param>
    /// <param name="connections">Where we are on connections; null where that is not known.</param>
    public SipEndpoint(
        SipSettings settings, NetworkEndpoint local, IRandomSource random, INameSystem? names = null, IConnectionAddresses? connections = null)
    {
        if (local.IsUnspecified || local.Port == 0)
        {
            throw new ArgumentException("Others need a concrete address and port to reach us at.", nameof(local));
        }

        _core = new SipCore(settings, local, random, names, connections);
        _lateAnswers = new LateAnswers(_core);
        _digestServer = settings.Callers is null ? null : new DigestServer(settings.Callers, random);
        _admission = settings.LimitsStrangers ? new Admission(random) : null;
        _registrations = [.. _core.Flows.All.Select(flow => new Registration(_core, flow))];
    }

    /// <summary>The length that the buffer of <see cref="Poll"/> must have.</summary>
    public static int BufferSize => SipLimits.SentMessage;

    /// <summary>Calls whose end has not been told.</summary>
    public int ActiveCalls => _sessions.Count(static session => !session.IsOver);

    /// <summary>Calls that are kept, and the INVITEs of those that are over of which late answers may come.</summary>
    public int KeptCalls => _sessions.Count + _lateAnswers.Count;

    /// <summary>Transactions that are alive.</summary>
    public int Transactions => _core.Transactions.Count;

    /// <summary>What was asked for a call that is over.</summary>
    public long IgnoredInputs { get; private set; }

    /// <summary>Whether it is closed and nothing is left that has to be waited for.</summary>
    public bool IsClosed => _isClosing
        && _sessions.TrueForAll(static session => session.IsSettled)
        && Array.TrueForAll(_registrations, static registration => registration.State == RegistrationState.Closed)
        && !_core.Transactions.AwaitsAck;

    /// <summary>How many datagrams had no effect, or none but an error response, for this reason.</summary>
    public long Dropped(SipDropReason reason) => _dropped[(int)reason];

    /// <summary>
    /// The concrete address and port at which others reach us: what Via and Contact say from now on. It changes with the network; what
    /// is under way keeps the Via that it began with, and the registrars are told at once.
    /// </summary>
    public NetworkEndpoint Local
    {
        get => _core.Identity.Local;
        set
        {
            bool isNew = value != _core.Identity.Local;
            _core.Identity.Local = value;
            if (isNew)
            {
                foreach (Registration registration in _registrations)
                {
                    registration.Flow.Forget();
                    registration.Refresh();
                }
            }
        }
    }

    /// <summary>
    /// Calls somebody. Once the telephone rings it does so until somebody answers, refuses or ends the call: how long is its owner's
    /// decision. The call ends at once when nothing says where the URI is.
    /// </summary>
    /// <param name="targetUri">The SIP or TEL URI to call, up to <see cref="SipLimits.TargetUri"/> bytes.</param>
    /// <param name="next">
    /// Where the INVITE goes; null for what <see cref="FindNextHop"/> says.
    /// </param>
    /// <param name="sessionDescription">Our offer, up to <see cref="SipLimits.SentBody"/> bytes, not empty.</param>
    /// <param name="now">The current time.</param>
    /// <param name="referrer">The call whose peer has asked for this one by a REFER; none when nobody has.</param>
    public SipCall Invite(
        string targetUri, SipHop? next, ReadOnlySpan<byte> sessionDescription, Instant now, SipCall referrer = default)
    {
        CheckBody(sessionDescription);
        Advance(now);
        SipCall call = new(++_lastCall);
        SipHop? hop = IsTarget(targetUri) ? next ?? FindNextHop(targetUri) : null;
        if (hop is { Transport: not SipTransport.Tls } && targetUri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 3261 section 26.2.2: over TLS all the way, or not at all.
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 404, text: "no secure way to this address", endedBy: SipEnder.Nobody);
        }
        else if (hop is null)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 404, text: "no way to this address", endedBy: SipEnder.Nobody);
        }
        else if (_isClosing || IsFull)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 503, text: "no more calls", endedBy: SipEnder.Nobody);
        }
        else
        {
            byte[] referred = FieldsOfReferral(referrer);
            _sessions.Add(SipSession.Invite(_core, call, targetUri, hop.Value, sessionDescription, referred, now));
        }

        return call;
    }

    /// <summary>Tells the caller that it rings here (180).</summary>
    public void Ring(SipCall call, Instant now) => Find(call, now)?.Ring(now);

    /// <summary>Rings with our offer, for which <see cref="SipOutputKind.OfferWanted"/> has asked.</summary>
    public void RingWith(SipCall call, ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        CheckBody(sessionDescription);
        Find(call, now)?.RingWith(sessionDescription, now);
    }

    /// <summary>Answers a call of which <see cref="SipOutputKind.OfferAnswered"/> has told that all is agreed on.</summary>
    public void Accept(SipCall call, Instant now)
    {
        Find(call, now)?.Accept(default, now);
        Tidy(now);
    }

    /// <summary>
    /// Answers a call, or the peer's new offer in one, with our session description: the answer, or the offer if it made none.
    /// </summary>
    public void Accept(SipCall call, ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        CheckBody(sessionDescription);
        Find(call, now)?.Accept(sessionDescription, now);
        Tidy(now);
    }

    /// <summary>Refuses a call, which ends it, or the peer's new offer, which does not.</summary>
    /// <param name="call">The call.</param>
    /// <param name="status">300 to 699.</param>
    /// <param name="now">The current time.</param>
    public void Reject(SipCall call, int status, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Find(call, now)?.Reject(status, now);
        Tidy(now);
    }

    /// <summary>Ends a call in the way that its state asks for: CANCEL, BYE or a final response.</summary>
    public void End(SipCall call, SipEndCause cause, Instant now)
    {
        Find(call, now)?.End(cause, now);
        Tidy(now);
    }

    /// <summary>Who can read the signalling of a call so far, and what we would send in it next.</summary>
    public SipPrivacy Privacy(SipCall call) => _sessions.Find(candidate => candidate.Call == call)?.Privacy ?? SipPrivacy.None;

    /// <summary>Offers the peer another session; it is sent as soon as no other INVITE of the call is in progress.</summary>
    /// <param name="call">The call.</param>
    /// <param name="sessionDescription">The offer.</param>
    /// <param name="now">The current time.</param>
    /// <param name="isSecret">Whether it goes over TLS or not at all.</param>
    public void Reinvite(SipCall call, ReadOnlySpan<byte> sessionDescription, Instant now, bool isSecret = false)
    {
        CheckBody(sessionDescription);
        Find(call, now)?.Reinvite(sessionDescription, now, isSecret);
    }

    /// <summary>Sends an INFO in a call that is up.</summary>
    public void SendInfo(SipCall call, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, Instant now)
    {
        CheckBody(body);
        Find(call, now)?.SendInfo(contentType, body, now);
    }

    /// <summary>Begins to keep us registered with all accounts.</summary>
    public void Register(Instant now)
    {
        Advance(now);
        Array.ForEach(_registrations, registration => registration.Start(now));
    }

    /// <summary>The network is back, or is another one: all registrations are made anew, with what that costs spread over a second.</summary>
    public void Renew(Instant now)
    {
        _core.Identity.Now = now;

        // What a registration would have done now by itself is part of it, and is not done twice.
        Array.ForEach(_registrations, registration => registration.Renew(now));
        Advance(now);
    }

    /// <summary>Ends all calls and the registrations. Asking twice does no harm. <see cref="IsClosed"/> says when all is done.</summary>
    public void Close(Instant now)
    {
        Advance(now);
        _isClosing = true;
        _sessions.ForEach(session =>
        {
            session.End(SipEndCause.ShuttingDown, now);
            session.ReportReferral(480, now);
        });
        Array.ForEach(_registrations, registration => registration.Close(now));
        Tidy(now);
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        _core.Identity.Now = now;
        while (_core.Transactions.AdvanceToTimeout(now) is { } client)
        {
            // RFC 3261 section 8.1.3.1: a timeout is treated as a 408.
            Dispatch(client, 408, default, default, now);
        }

        _sessions.ForEach(session => session.Advance(now));
        Array.ForEach(_registrations, registration => registration.Advance(now));
        _lateAnswers.Advance(now);
        _ended.Advance(now);
        Tidy(now);
    }

    /// <summary>The next thing to do or to tell; last of all <see cref="SipOutputKind.Idle"/>.</summary>
    /// <param name="buffer">At least <see cref="BufferSize"/> bytes, which the output borrows.</param>
    public SipOutput Poll(Span<byte> buffer)
    {
        if (_core.Outputs.TryTake(buffer, out SipOutput output))
        {
            if (output.Kind == SipOutputKind.Send && !output.Datagram.StartsWith("SIP/2.0 "u8))
            {
                _admission?.Know(output.To.Endpoint);
            }

            return output.Kind == SipOutputKind.Send
                ? new SipOutput { Kind = output.Kind, To = _core.Flows.Named(output.To), Datagram = output.Datagram, Text = "", Name = "" }
                : output;
        }

        Instant wakeAt = Instant.Soonest(_core.Transactions.WakeAt, Instant.Soonest(_lateAnswers.WakeAt, _ended.WakeAt));
        foreach (Registration registration in _registrations)
        {
            wakeAt = Instant.Soonest(wakeAt, registration.WakeAt);
        }

        foreach (SipSession session in _sessions)
        {
            wakeAt = Instant.Soonest(wakeAt, session.WakeAt);
        }

        return new SipOutput { Kind = SipOutputKind.Idle, Text = string.Empty, Name = string.Empty, WakeAt = wakeAt };
    }

    private bool IsFull => ActiveCalls >= SipLimits.Calls || KeptCalls >= SipLimits.KeptCalls;

    private static void CheckBody(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body.Length > SipLimits.SentBody)
        {
            throw new ArgumentException("A body is neither empty nor longer than SipLimits.SentBody.", nameof(body));
        }
    }

    private static bool IsTarget(string targetUri) =>
        SipUri.TryRead(Encoding.UTF8.GetBytes(targetUri), out SipUri uri)
        && uri.Text.Length <= SipLimits.TargetUri;

    private SipSession? Find(SipCall call, Instant now)
    {
        Advance(now);
        SipSession? session = _sessions.Find(candidate => candidate.Call == call && !candidate.IsOver);
        IgnoredInputs += session is null ? 1 : 0;
        return session;
    }

    private void Dispatch(ClientTransaction client, int status, in SipMessage response, SipHop from, Instant now)
    {
        if (client.Call == 0)
        {
            foreach (Registration registration in _registrations)
            {
                registration.ReceiveResponse(client, status, response, now);
            }
        }
        else
        {
            Doubt(client, response);
            SipSession? session = _sessions.Find(candidate => candidate.Call.Number == client.Call);
            session?.ReceiveResponse(client, status, response, from, now);
        }
    }

    /// <summary>A request of a call has brought no answer: if it was one of our servers that was asked, that is in doubt.</summary>
    private void Doubt(ClientTransaction client, in SipMessage response)
    {
        foreach (Registration registration in response.Status == 0 ? _registrations : [])
        {
            if (registration.Flow.LeadsTo(client.Destination.Endpoint))
            {
                registration.Doubt();
            }
        }
    }

    private void Tidy(Instant now)
    {
        foreach (SipSession session in _sessions)
        {
            if (session.IsSettled)
            {
                session.Leave(_lateAnswers, _ended, now);
            }
        }

        _ = _sessions.RemoveAll(static session => session.IsSettled);
        _core.Transactions.Sweep();
    }
}
