using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// All transactions that are alive (RFC 3261 section 17): it finds the one that a message belongs to, keeps their timers and sends
/// what they repeat.
/// </summary>
/// <param name="identity">Who we are.</param>
/// <param name="times">T1, T2 and T4.</param>
/// <param name="outputs">The way out.</param>
/// <param name="speaksTcp">Whether requests that are too large for a datagram go by TCP.</param>
internal sealed class TransactionLayer(SipIdentity identity, SipTimes times, SipOutputQueue outputs, bool speaksTcp)
{
    private readonly Dictionary<TransactionKey, ClientTransaction> _clients = [];
    private readonly Dictionary<TransactionKey, ServerTransaction> _servers = [];
    private readonly TimedTable<AnsweredRequest> _answered = new();
    private Instant _wakeAt = Instant.Never;
    private bool _isAnyOver;

    /// <summary>How many transactions are alive.</summary>
    public int Count => _clients.Count + ServerCount;

    /// <summary>Whether a final response of ours still waits for its ACK.</summary>
    public bool AwaitsAck
    {
        get
        {
            bool awaits = false;
            foreach (ServerTransaction server in _servers.Values)
            {
                awaits |= server.AwaitsAck;
            }

            return awaits;
        }
    }

    /// <summary>
    /// When the next timer is due, or a timer was that has been stopped since: to ask all transactions, hundreds of which may be left of
    /// short calls, takes longer than to come once in vain.
    /// </summary>
    public Instant WakeAt => Instant.Soonest(_wakeAt, _answered.WakeAt);

    private int ServerCount => _servers.Count + _answered.Count;

    /// <summary>Sends a request other than ACK in a transaction of its own.</summary>
    public ClientTransaction Send(SipRequest request, SipHop destination, int call, Instant now)
    {
        byte[] message = Write(ref request, destination);
        bool isTooLarge = speaksTcp && !destination.IsReliable && message.Length > SipLimits.LargestDatagram;
        if (isTooLarge)
        {
            destination = destination with { Transport = SipTransport.Tcp };
            message = Write(ref request, destination);
        }

        ClientTransaction client = request.Method == SipMethod.Invite
            ? new InviteClientTransaction(request, message, destination, call, times, now)
            : new NonInviteClientTransaction(request, message, destination, call, times, now);
        client.IsTooLargeForDatagrams = isTooLarge;
        _clients.Add(client.Key, client);
        Note(client);
        outputs.Send(message, destination);
        return client;
    }

    /// <summary>The transaction that a response belongs to (section 17.1.3); null when there is none.</summary>
    public ClientTransaction? FindClient(in SipMessage response) =>
        _clients.GetValueOrDefault(TransactionKey.OfClient(response.Via.Branch, response.Method));

    /// <summary>Gives a response to its transaction; whether the transaction's user must hear of it.</summary>
    public bool Receive(ClientTransaction client, in SipMessage response, Instant now)
    {
        TransactionActions actions = client.Receive(response.Status, now);
        client.ForgetWhatIsOver(response.Status);
        Note(client);
        if (actions.HasFlag(TransactionActions.Acknowledge))
        {
            byte[] to = response.Headers.Find(SipHeaderName.To).ToArray();
            outputs.Send(identity.Write(client.Request.Acknowledge(to)), client.Destination);
        }

        return actions.HasFlag(TransactionActions.Tell);
    }

    /// <summary>Ends a transaction at once.</summary>
    public void Terminate(ClientTransaction client)
    {
        client.Terminate();
        Note(client);
    }

    /// <summary>The transaction that a request belongs to (section 17.2.3); for an ACK, its INVITE's. Null when there is none.</summary>
    public ServerTransaction? FindServer(in SipMessage request) =>
        _servers.GetValueOrDefault(TransactionKey.OfServer(request, request.Method == SipMethod.Ack ? SipMethod.Invite : request.Method));

    /// <summary>The INVITE that a CANCEL means (section 9.2); null when there is none.</summary>
    public InviteServerTransaction? FindInvite(in SipMessage cancel) =>
        _servers.GetValueOrDefault(TransactionKey.OfServer(cancel, SipMethod.Invite)) as InviteServerTransaction;

    /// <summary>Whether there is an INVITE that a CANCEL means, or was one that has settled.</summary>
    public bool HasInvite(in SipMessage cancel) => FindInvite(cancel) is not null || FindTagOfAnswered(cancel) is not null;

    /// <summary>The tag of the responses to the answered INVITE that a CANCEL means; null when there is none.</summary>
    public byte[]? FindTagOfAnswered(in SipMessage cancel)
    {
        ref AnsweredRequest answered = ref _answered.Find(TransactionKey.OfServer(cancel, SipMethod.Invite));
        return Unsafe.IsNullRef(ref answered) ? null : answered.Tag;
    }

    /// <summary>A request may have come once more after its transaction settled: absorbs it, or sends the response again.</summary>
    public bool TryAnswerAgain(in SipMessage request)
    {
        ref AnsweredRequest answered = ref _answered.Find(TransactionKey.OfServer(request, request.Method));
        if (Unsafe.IsNullRef(ref answered))
        {
            return false;
        }

        if (answered.Response is not null)
        {
            outputs.Send(answered.Response, answered.Destination);
        }

        return true;
    }

    /// <summary>
    /// Whether a request outside a dialog came here by another way as well, and is not this transaction's (section 8.2.2.2).
    /// </summary>
    public bool IsMerged(ServerTransaction request)
    {
        foreach (ServerTransaction other in _servers.Values)
        {
            if (other != request && other.Origin == request.Origin)
            {
                return true;
            }
        }

        foreach (AnsweredRequest other in _answered.Values)
        {
            if (other.Origin == request.Origin)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Begins a transaction for a new request; null when there are too many.</summary>
    public ServerTransaction? Begin(in SipMessage request, ReadOnlySpan<byte> datagram, SipHop source)
    {
        if (ServerCount >= SipLimits.ServerTransactions)
        {
            return null;
        }

        byte[] copy = datagram.ToArray();
        SipHop destination = SipResponse.Destination(request, source);
        ServerTransaction server = request.Method == SipMethod.Invite
            ? new InviteServerTransaction(copy, source, destination, identity.NewToken(), times) { Origin = TransactionKey.OfOrigin(request) }
            : new NonInviteServerTransaction(copy, source, destination, identity.NewToken(), times) { Origin = TransactionKey.OfOrigin(request) };
        _servers.Add(TransactionKey.OfServer(request, request.Method), server);
        return server;
    }

    /// <summary>A request came once more: sends the last response again, if that is called for.</summary>
    public void ReceiveAgain(ServerTransaction server, Instant now) => Repeat(server, server.ReceiveAgain(now));

    /// <summary>An ACK came with the branch of an INVITE.</summary>
    public TransactionActions ReceiveAck(InviteServerTransaction invite, Instant now)
    {
        TransactionActions actions = invite.ReceiveAck(now);
        Note(invite);
        return actions;
    }

    /// <summary>Responds to a request.</summary>
    /// <param name="server">The request's transaction.</param>
    /// <param name="status">The status.</param>
    /// <param name="fields">Further header lines, each with its line end.</param>
    /// <param name="sessionDescription">The body; may be empty.</param>
    /// <param name="now">The current time.</param>
    /// <param name="tag">The tag for To if it is not the transaction's own.</param>
    public void Respond(
        ServerTransaction server,
        int status,
        ReadOnlySpan<byte> fields,
        ReadOnlySpan<byte> sessionDescription,
        Instant now,
        byte[]? tag = null)
    {
        // What made the transaction was a message that could be read.
        _ = SipMessageReader.Read(server.Request, out SipMessage request, out _);
        byte[] response = SipResponse.Write(
            identity.Scratch, request, server.Source, status, status == 100 ? default : tag ?? server.Tag, fields, sessionDescription);
        Repeat(server, server.Respond(status, response, now));
    }

    /// <summary>
    /// Sends the last response to an INVITE once more, as its user does with a 2xx until the ACK comes (section 13.3.1.4), and with a
    /// reliable provisional one until the PRACK does (RFC 3262 section 3).
    /// </summary>
    public void Repeat(ServerTransaction server)
    {
        if (server.Response is not null)
        {
            outputs.Send(server.Response, server.Destination);
        }
    }

    /// <summary>
    /// The network says that a datagram for this address reached nobody: ends a transaction that has to believe it, and gives it; null
    /// when there is none, or no more.
    /// </summary>
    public ClientTransaction? EndUnreachable(SipHop destination, Instant now)
    {
        foreach (ClientTransaction client in _clients.Values)
        {
            if (!client.Destination.IsSamePlace(destination))
            {
                continue;
            }

            if (client.IsTooLargeForDatagrams && client.IsWaiting)
            {
                FallBack(client, now);
            }
            else if (client.ReceiveUnreachable(now).HasFlag(TransactionActions.Unreachable))
            {
                Note(client);
                return client;
            }
        }

        return null;
    }

    /// <summary>RFC 3261 section 18.1.1: where nobody takes TCP, the request goes as a datagram after all.</summary>
    private void FallBack(ClientTransaction client, Instant now)
    {
        SipHop destination = client.Destination with { Transport = SipTransport.Udp, Connection = 0 };
        SipRequest request = client.Request with { SentBy = null };
        byte[] message = Write(ref request, destination);
        client.FallBack(request, message, destination, now);
        Note(client);
        outputs.Send(message, destination);
    }

    private byte[] Write(ref SipRequest request, SipHop destination)
    {
        request = request with
        {
            Transport = destination.Transport,
            SentBy = request.Transport == destination.Transport && request.SentBy is { } sentBy
                ? sentBy
                : identity.SentBy(destination.Transport),
        };
        return identity.Write(request);
    }

    /// <summary>Lets due timers fire until one says that nobody answered; null when no more are due.</summary>
    public ClientTransaction? AdvanceToTimeout(Instant now)
    {
        _answered.Advance(now);
        if (now < _wakeAt)
        {
            return null;
        }

        foreach (ClientTransaction client in _clients.Values)
        {
            while (client.WakeAt <= now)
            {
                TransactionActions actions = client.Advance(now);
                if (actions.HasFlag(TransactionActions.Send))
                {
                    outputs.Send(client.Message, client.Destination);
                }

                if (actions.HasFlag(TransactionActions.TimedOut))
                {
                    _isAnyOver = true;
                    return client;
                }
            }
        }

        foreach (ServerTransaction server in _servers.Values)
        {
            while (server.WakeAt <= now)
            {
                Repeat(server, server.Advance(now));
            }
        }

        NoteAll();
        return null;
    }

    /// <summary>Forgets the transactions that are over, and all of those that have settled but what they still have to answer.</summary>
    public void Sweep()
    {
        if (!_isAnyOver)
        {
            return;
        }

        foreach ((TransactionKey key, ClientTransaction client) in _clients)
        {
            if (client.IsTerminated)
            {
                _ = _clients.Remove(key);
            }
        }

        foreach ((TransactionKey key, ServerTransaction server) in _servers)
        {
            if (server.IsSettled)
            {
                AnsweredRequest answered = new(
                    server.Origin, server.Destination, server.Response, server is InviteServerTransaction ? server.Tag : null);
                _answered.Keep(key, answered, server.WakeAt);
            }

            if (server.IsSettled || server.IsTerminated)
            {
                _ = _servers.Remove(key);
            }
        }

        _isAnyOver = false;
        NoteAll();
    }

    /// <summary>Keeps in mind when a transaction wants to be advanced, and whether it is over; after each step of it.</summary>
    private void Note(ClientTransaction client) => Note(client.WakeAt, client.IsTerminated);

    private void Note(ServerTransaction server) => Note(server.WakeAt, server.IsTerminated || server.IsSettled);

    private void Note(Instant wakeAt, bool isOver)
    {
        _wakeAt = Instant.Soonest(_wakeAt, wakeAt);
        _isAnyOver |= isOver;
    }

    private void NoteAll()
    {
        _wakeAt = Instant.Never;
        foreach (ClientTransaction client in _clients.Values)
        {
            Note(client);
        }

        foreach (ServerTransaction server in _servers.Values)
        {
            Note(server);
        }
    }

    private void Repeat(ServerTransaction server, TransactionActions actions)
    {
        Note(server);
        if (actions.HasFlag(TransactionActions.Send) && server.Response is not null)
        {
            outputs.Send(server.Response, server.Destination);
        }
    }

    /// <summary>A request that had its final response.</summary>
    /// <param name="Origin">What it has in common with copies that came by other ways.</param>
    /// <param name="Destination">Where responses go.</param>
    /// <param name="Response">The response that is repeated; null when it is the peer's turn.</param>
    /// <param name="Tag">The tag in the responses to an INVITE.</param>
    private readonly record struct AnsweredRequest(TransactionKey Origin, SipHop Destination, byte[]? Response, byte[]? Tag);
}
