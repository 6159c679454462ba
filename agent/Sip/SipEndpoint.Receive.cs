using System;
using System.Text;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// The way of a datagram to its transaction, and of what a transaction lets through to its call (RFC 3261 sections 8 and 18).
/// </summary>
internal sealed partial class SipEndpoint
{
    /// <summary>
    /// Refusals of what finds no room: enough that each of a house's telephones and its proxy hear one at once, and, at the size of a
    /// request each, no use to who wants to send us somebody else's way.
    /// </summary>
    private static readonly RateLimit Refusals = new(TimeSpan.FromMilliseconds(100), 20);

    private Instant _refusals;

    /// <summary>Takes a datagram in. Whatever it holds, it never throws; what has no effect is counted.</summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="from">Where they came from.</param>
    /// <param name="now">The current time.</param>
    public void Receive(ReadOnlySpan<byte> datagram, SipHop from, Instant now)
    {
        if (_admission?.TryTakeMessage(from.Endpoint, now) == false)
        {
            Drop(SipDropReason.Flood);
            return;
        }

        Advance(now);
        if (StunBinding.IsStun(datagram))
        {
            foreach (Registration registration in _registrations)
            {
                registration.ReceiveStun(datagram, from, now);
            }

            return;
        }

        switch (SipMessageReader.Read(datagram, out SipMessage message, out SipDropReason reason))
        {
            case SipReading.Message when message.IsRequest:
                ReceiveRequest(message, datagram, from, now);
                break;
            case SipReading.Message:
                ReceiveResponse(message, from, now);
                break;
            case SipReading.AnswerableRequest:
                Drop(reason);
                Refuse(message, from, RequestInspection.StatusOfBroken(message, reason));
                break;
            default:
                Drop(reason);
                break;
        }

        Tidy(now);
    }

    /// <summary>Takes in the network's report that what we sent reached nobody at this address.</summary>
    /// <param name="destination">Where it was sent.</param>
    /// <param name="now">The current time.</param>
    /// <param name="problem">What a connection says of that, in words for a person; empty when nothing does.</param>
    public void ReceiveUnreachable(SipHop destination, Instant now, string problem = "")
    {
        SipMessage report = new() { ReasonPhrase = Encoding.UTF8.GetBytes(problem) };
        Advance(now);
        while (_core.Transactions.EndUnreachable(destination, now) is { } client)
        {
            // RFC 3261 section 8.1.3.1: an error of the transport is treated as a 503.
            Dispatch(client, 503, report, default, now);
        }

        Array.ForEach(_registrations, registration => registration.ReceiveFailure(destination, now));
        Tidy(now);
    }

    private void ReceiveResponse(in SipMessage response, SipHop from, Instant now)
    {
        // RFC 3261 sections 8.1.3.3 and 18.1.2: a response that is ours has our Via, and no other.
        int vias = 0;
        foreach (ReadOnlySpan<byte> unused in response.Headers.Values(SipHeaderName.Via))
        {
            vias++;
        }

        ClientTransaction? client = _core.Transactions.FindClient(response);
        if (client is null && vias == 1 && _lateAnswers.TryReceive(response, from, now))
        {
            return;
        }

        byte[] sentBy = client?.Request.SentBy ?? _core.Identity.SentBy(from.Transport);
        if (vias != 1 || !SipGrammar.EqualsIgnoreCase(response.Via.SentBy, sentBy))
        {
            Drop(SipDropReason.ForeignResponse);
        }
        else if (client is null)
        {
            Drop(SipDropReason.StrayResponse);
        }
        else if (client.Request.Method == SipMethod.Invite
            && response.Status is >= 200 and < 300
            && !Dialog.TryFromResponse(client.Request, response, from, out _))
        {
            Drop(SipDropReason.Address);
        }
        else if (_core.Transactions.Receive(client, response, now))
        {
            Dispatch(client, response.Status, response, from, now);
        }
    }

    private void ReceiveRequest(in SipMessage request, ReadOnlySpan<byte> datagram, SipHop from, Instant now)
    {
        ServerTransaction? known = _core.Transactions.FindServer(request);
        if (request.Method == SipMethod.Ack)
        {
            ReceiveAck(known, request, from, now);
        }
        else if (known is not null)
        {
            _core.Transactions.ReceiveAgain(known, now);
        }
        else if (_core.Transactions.TryAnswerAgain(request))
        {
            return;
        }
        else if (TryAnswerWithoutTransaction(request, from))
        {
            return;
        }
        else if (IsNewCall(request) && _admission?.TryTakeCall(from.Endpoint, now) == false)
        {
            // A caller that is no flood tries again by itself, and finds room then; what we answered would only help one that is.
            Drop(SipDropReason.Flood);
        }
        else if (_core.Transactions.Begin(request, datagram, from) is { } server)
        {
            Serve(server, request, now);
        }
        else
        {
            Drop(SipDropReason.TooManyTransactions);
            RefuseForNow(request, from, now);
        }
    }

    /// <summary>
    /// There is no room for the request: says when to come again (RFC 3261 section 21.5.4), and keeps nothing of it (section 8.2.7).
    /// </summary>
    private void RefuseForNow(in SipMessage request, SipHop from, Instant now)
    {
        if (Refusals.TryTake(ref _refusals, now))
        {
            byte[] tag = TransactionKey.OfServer(request, request.Method).ToTag();
            byte[] response = SipResponse.Write(_core.Identity.Scratch, request, from, 503, tag, "Retry-After: 10\r\n"u8);
            _core.Outputs.Send(response, SipResponse.Destination(request, from));
        }
    }

    /// <summary>RFC 3261 section 17.1.1.3: the ACK for a 2xx has a branch of its own, the one for another response the INVITE's.</summary>
    private void ReceiveAck(ServerTransaction? known, in SipMessage ack, SipHop from, Instant now)
    {
        if (known is InviteServerTransaction invite && _core.Transactions.ReceiveAck(invite, now) != TransactionActions.Tell)
        {
            return;
        }

        SipSession? session = FindSession(ack);
        if (session is null)
        {
            Drop(SipDropReason.StrayAck);
        }
        else
        {
            _admission?.Know(from.Endpoint);
            session.ReceiveAck(ack, from, now);
        }
    }

    private bool IsNewCall(in SipMessage request) => request.Method == SipMethod.Invite && FindSession(request) is null;

    /// <summary>
    /// Answers what changes nothing without keeping anything of it (RFC 3261 section 8.2.7): the question what we can do, and what has to
    /// be refused whoever asks. Whoever repeats it is answered alike, by the same tag.
    /// </summary>
    private bool TryAnswerWithoutTransaction(in SipMessage request, SipHop from)
    {
        byte[] fields = [];
        int status = request.Method switch
        {
            SipMethod.Invite => 0,
            SipMethod.Cancel => _core.Transactions.HasInvite(request) ? 0 : 481,
            _ => RequestInspection.Inspect(request, from, AllowsTransfer, out fields),
        };
        if (status == 0 && request.Method == SipMethod.Options && request.To.Tag.IsEmpty)
        {
            status = 200;
            fields = RequestInspection.Capabilities(AllowsTransfer);
        }
        else if (status == 0 && request.Method == SipMethod.Notify && request.To.Tag.IsEmpty)
        {
            status = 200;
            HeedNotify(request, from);
        }
        else if (status == 0 && request.Method == SipMethod.Refer && request.To.Tag.IsEmpty)
        {
            // Only the peer of a call may send us anywhere.
            status = 403;
        }
        else if (status == 0 && request.Method is not (SipMethod.Invite or SipMethod.Cancel) && FindSession(request) is null)
        {
            status = 481;
        }

        if (request.Method == SipMethod.Message)
        {
            _core.Outputs.Tell(SipOutputKind.Message, default, request.Body, text: ReasonText.Readable(request.From.Uri, string.Empty));
        }

        if (status != 0)
        {
            byte[] tag = TransactionKey.OfServer(request, request.Method).ToTag();
            byte[] response = SipResponse.Write(_core.Identity.Scratch, request, from, status, tag, fields);
            _core.Outputs.Send(response, SipResponse.Destination(request, from));
        }

        return status != 0;
    }

    /// <summary>What is told without a subscription is thanked for; it has an effect only when the registrar or the proxy says it.</summary>
    private void HeedNotify(in SipMessage notify, SipHop from)
    {
        if (_core.Flows.IsServer(from.Endpoint) && RequestInspection.IsCheckSync(notify))
        {
            _core.Outputs.Tell(SipOutputKind.CheckSync, default);
        }
    }

    private void Serve(ServerTransaction server, in SipMessage request, Instant now)
    {
        if (request.Method == SipMethod.Cancel)
        {
            ServeCancel(server, request, now);
            return;
        }

        int refusal = RequestInspection.Inspect(request, server.Source, AllowsTransfer, out byte[] fields);
        if (refusal != 0)
        {
            _core.Transactions.Respond(server, refusal, fields, default, now);
        }
        else if (!request.To.Tag.IsEmpty)
        {
            ServeInDialog(server, request, now);
        }
        else if (_core.Transactions.IsMerged(server))
        {
            _core.Transactions.Respond(server, 482, default, default, now);
        }
        else if (TryAuthenticate(server, request, now, out string? account))
        {
            ServeInvite(server, request, account, now);
        }
    }

    private void ServeInDialog(ServerTransaction server, in SipMessage request, Instant now)
    {
        SipSession? session = FindSession(request);
        if (session is null)
        {
            _core.Transactions.Respond(server, 481, default, default, now);
        }
        else
        {
            _admission?.Know(server.Source.Endpoint);
            session.ReceiveRequest(server, request, now);
        }
    }

    /// <summary>Asks a caller for its password where there are any to be asked for; false when the request is answered with that.</summary>
    private bool TryAuthenticate(ServerTransaction server, in SipMessage request, Instant now, out string? account)
    {
        account = null;
        if (_digestServer is null || _core.Flows.IsServer(server.Source.Endpoint))
        {
            return true;
        }

        DigestVerdict verdict = _digestServer.Judge(request, server.Source.Endpoint, now, out account);
        if (verdict == DigestVerdict.Accepted)
        {
            return true;
        }

        byte[] fields = verdict == DigestVerdict.LockedOut
            ? DigestServer.RetryLater
            : _digestServer.Challenges(server.Source.Endpoint, verdict == DigestVerdict.Stale, now);
        _core.Transactions.Respond(server, verdict == DigestVerdict.LockedOut ? 403 : 401, fields, default, now);
        return false;
    }

    private void ServeInvite(ServerTransaction server, in SipMessage invite, string? account, Instant now)
    {
        if (_isClosing || IsFull)
        {
            _core.Transactions.Respond(server, _isClosing ? 480 : 486, default, default, now);
            return;
        }

        int refusal = FindReplaced(invite, out SipCall replaced);
        if (refusal != 0)
        {
            _core.Transactions.Respond(server, refusal, default, default, now);
            return;
        }

        SipCaller caller = SipCaller.Read(invite, server.Source, _core.Flows.IsServer(server.Source.Endpoint), account) with
        {
            Replaced = replaced,
        };
        SipSession? session = SipSession.Receive(_core, new SipCall(_lastCall + 1), server, invite, caller, now);
        if (session is null)
        {
            _core.Transactions.Respond(server, 400, default, default, now);
        }
        else
        {
            _lastCall++;
            _sessions.Add(session);
        }
    }

    /// <summary>RFC 3261 section 9.2: the response has the To tag of the INVITE's responses.</summary>
    private void ServeCancel(ServerTransaction server, in SipMessage cancel, Instant now)
    {
        InviteServerTransaction? invite = _core.Transactions.FindInvite(cancel);
        byte[]? tag = invite?.Tag ?? _core.Transactions.FindTagOfAnswered(cancel);
        _core.Transactions.Respond(server, tag is null ? 481 : 200, default, default, now, tag);
        if (invite is { IsAnswered: false })
        {
            SipSession? session = _sessions.Find(candidate => candidate.Call.Number == invite.Call);
            session?.ReceiveCancel(cancel, now);
        }
    }

    private SipSession? FindSession(in SipMessage request)
    {
        foreach (SipSession session in _sessions)
        {
            if (session.Matches(request))
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Answers a request that is too broken for a transaction; whoever repeats it is answered again.</summary>
    private void Refuse(in SipMessage request, SipHop from, int status)
    {
        byte[] response = SipResponse.Write(_core.Identity.Scratch, request, from, status, _core.Identity.NewToken());
        _core.Outputs.Send(response, SipResponse.Destination(request, from));
    }

    private void Drop(SipDropReason reason) => _dropped[(int)reason]++;
}
