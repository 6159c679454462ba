using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Wire;
using static IntercomAgent.Sip.RegistrationActions;
using static IntercomAgent.Sip.RegistrationState;

namespace IntercomAgent.Sip;

/// <summary>Where the registration stands.</summary>
internal enum RegistrationState
{
    /// <summary>Nobody asked for it yet.</summary>
    Unregistered,

    /// <summary>A REGISTER awaits its response.</summary>
    Registering,

    /// <summary>The registrar knows us until the registration expires.</summary>
    Registered,

    /// <summary>It failed and will be tried again.</summary>
    Waiting,

    /// <summary>We close while a REGISTER still awaits its response; a second one has to wait for it (RFC 3261 section 10.2).</summary>
    Withdrawing,

    /// <summary>The REGISTER that removes us awaits its response.</summary>
    Unregistering,

    /// <summary>Over.</summary>
    Closed,
}

/// <summary>What happens to the registration.</summary>
internal enum RegistrationInput
{
    Start,
    Granted,
    Refused,
    Due,
    Renew,
    Close,
}

/// <summary>What a step of the registration brings about.</summary>
[Flags]
internal enum RegistrationActions
{
    None = 0,

    /// <summary>Send REGISTER.</summary>
    Send = 1,

    /// <summary>Send the REGISTER that removes us.</summary>
    SendRemoval = 2,

    /// <summary>Wait until the registration must be refreshed.</summary>
    AwaitRefresh = 4,

    /// <summary>Wait before the next attempt, and tell of the failure.</summary>
    AwaitRetry = 8,
}

/// <summary>
/// Keeps us registered with one account (RFC 3261 section 10.2): refreshes, tries again after failures, and removes us at the end.
/// </summary>
internal sealed partial class Registration
{
    /// <summary>The refresh comes so long before the end that its transaction can time out (32 s) and still leave a moment.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(40);

    /// <summary>However short a registration holds, it is not refreshed more often than this.</summary>
    private static readonly TimeSpan ShortestRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a way must have held so that its end is no failure of our own, and another one is tried at once (RFC 5626 section 4.5): a
    /// server that closes each connection soon is not to be asked without end.
    /// </summary>
    private static readonly TimeSpan LastingFlow = TimeSpan.FromSeconds(30);

    /// <summary>Not all doors of a house ask in the same moment when its network comes back.</summary>
    private static readonly TimeSpan RenewalSpread = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that a registrar may make us register for, or wait.</summary>
    private static readonly TimeSpan LongestByRegistrar = TimeSpan.FromDays(1);

    private readonly SipCore _core;
    private readonly SipFlow _flow;
    private readonly FlowKeepAlive _keepAlive;
    private readonly ServerProbe _probe;
    private readonly DigestClient _digest;
    private readonly byte[] _callId;
    private readonly byte[] _from;
    private TimeSpan _wanted;
    private TimeSpan _granted;
    private ClientTransaction? _transaction;
    private int _sequence;
    private int _failures;

    /// <summary>The Contact that the last REGISTER named, and the one that the registrar keeps; empty for none.</summary>
    private byte[] _contact = [];
    private byte[] _kept = [];

    /// <summary>Whether the registrar has just been told of another address: what it says of that is believed at the next refresh.</summary>
    private bool _hasMoved;
    private Instant _dueAt = Instant.Never;
    private Instant _registeredAt;

    /// <summary>Whether the way was lost on which the registration held, and another one is being tried, for the first time.</summary>
    private bool _isRecovering;

    /// <summary>The registration of an account; it does nothing before <see cref="Start"/>.</summary>
    public Registration(SipCore core, SipFlow flow)
    {
        _core = core;
        _flow = flow;
        _keepAlive = new FlowKeepAlive(core, flow);
        _probe = new ServerProbe(core, flow);
        _digest = new DigestClient(core, flow);
        _callId = core.Identity.NewToken();
        _from = [.. flow.Names.From, .. ";tag="u8, .. core.Identity.NewToken()];
        _wanted = flow.Account.Expires;
    }

    /// <summary>The way to the registrar.</summary>
    public SipFlow Flow => _flow;

    /// <summary>Where it stands.</summary>
    public RegistrationState State { get; private set; } = Unregistered;

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt => Instant.Soonest(Instant.Soonest(_dueAt, _hurryAt), Instant.Soonest(_keepAlive.WakeAt, _probe.WakeAt));

    /// <summary>Every transition there is.</summary>
    public static (RegistrationState State, RegistrationActions Actions) Next(RegistrationState state, RegistrationInput input) =>
        (state, input) switch
        {
            (Unregistered, RegistrationInput.Start) => (Registering, Send),
            (Registering, RegistrationInput.Granted) => (Registered, AwaitRefresh),
            (Registering, RegistrationInput.Refused) => (Waiting, AwaitRetry),
            (Registered or Waiting, RegistrationInput.Due) => (Registering, Send),
            (Registering, RegistrationInput.Renew) => (Waiting, None),
            (Registered, RegistrationInput.Close) => (Unregistering, SendRemoval),
            (Registering, RegistrationInput.Close) => (Withdrawing, None),
            (Withdrawing, RegistrationInput.Granted) => (Unregistering, SendRemoval),
            (Withdrawing, RegistrationInput.Refused) => (Closed, None),
            (Unregistering, RegistrationInput.Granted or RegistrationInput.Refused) => (Closed, None),
            (Unregistered or Waiting, RegistrationInput.Close) => (Closed, None),
            _ => (state, None),
        };

    /// <summary>Begins to keep us registered. Asking twice does no harm.</summary>
    public void Start(Instant now) => Step(RegistrationInput.Start, now);

    /// <summary>Removes us, if the registrar knows us.</summary>
    public void Close(Instant now)
    {
        Step(RegistrationInput.Close, now);
        if (State == Withdrawing && IsSearching)
        {
            Step(RegistrationInput.Refused, now);
        }
    }

    /// <summary>
    /// Our address changed, or nobody answered there: the registrar is asked as soon as no REGISTER is under way.
    /// </summary>
    public void Refresh() => _dueAt = State is Registered or Waiting ? Instant.Zero : _dueAt;

    /// <summary>
    /// The network is back, or is another one: what failed before counts no more, what is under way is in vain, and the registrar hears of
    /// us at once.
    /// </summary>
    public void Renew(Instant now)
    {
        if (State == Registering && _transaction is not null)
        {
            _core.Transactions.Terminate(_transaction);
        }

        LeaveSearch();
        Step(RegistrationInput.Renew, now);
        if (State is Registered or Waiting)
        {
            _failures = 0;
            _isRecovering = false;
            _hasMoved = false;
            _keepAlive.Stop();
            _probe.Stop();
            _dueAt = now + (RenewalSpread * _core.Identity.Pick(1001) / 1000);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (_dueAt <= now)
        {
            Step(RegistrationInput.Due, now);
        }

        AdvanceSearch(now);
        if (_keepAlive.Advance(now))
        {
            Recover(now);
        }

        if (_probe.Advance(now))
        {
            Doubt();
        }
    }

    /// <summary>
    /// The server has not answered a request: it is asked to register us at once, and until that has shown that it lives, calls take
    /// another account.
    /// </summary>
    public void Doubt()
    {
        if (!_flow.IsDoubtful)
        {
            _flow.IsDoubtful = true;
            Refresh();
        }
    }

    /// <summary>The connection to there is no more. Where the registration came by that, another one is opened (RFC 5626 section 4.5).</summary>
    public void ReceiveFailure(SipHop hop, Instant now)
    {
        if (hop.IsReliable && _flow.Server is { } server && hop.IsSamePlace(server))
        {
            Recover(now);
        }
    }

    /// <summary>STUN came where SIP is spoken.</summary>
    public void ReceiveStun(ReadOnlySpan<byte> datagram, SipHop from, Instant now)
    {
        if (_keepAlive.Receive(datagram, from.Endpoint, now))
        {
            Recover(now);
        }
    }

    /// <summary>A response to a REGISTER, or <paramref name="status"/> 408 with an empty message when none came in time.</summary>
    public void ReceiveResponse(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        if (_probe.Receive(client, status, response, now))
        {
            Doubt();
        }

        if (client != _transaction)
        {
            return;
        }

        _hurryAt = Instant.Never;
        _isInAHurry = false;
        if (status < 200 || TryNextServer(client, status, response, now))
        {
            return;
        }

        // A response that the network or the clock stands for has no Via to learn from.
        bool isNews = response.Status != 0 && !_hasMoved && _flow.TryLearn(response.Via);
        if (TryRepeat(client, status, response) is { } repeated)
        {
            _transaction = _core.Transactions.Send(repeated, client.Destination, 0, now);
        }
        else if (status < 300 && !_digest.Accepts(response))
        {
            Step(RegistrationInput.Refused, now, status, "the registrar has not proven that it knows the password, and may be another one");
        }
        else if (status < 300 && (State == Unregistering || TryTakeGrant(response, out _granted)))
        {
            Step(RegistrationInput.Granted, now);
            _hasMoved = isNews;
            _dueAt = isNews && State == Registered ? now : _dueAt;
        }
        else
        {
            bool isLost = response.Status == 0 && status == 503 && _flow is { IsRegistered: true, Server: { IsReliable: true } };
            _isRecovering = isLost && State == Registering && !_isRecovering;
            string text = status < 300 ? "the registrar does not list us" : ReasonText.OfStatus(status, response);
            _kept = response.Status == 0 ? _kept : []; // Whoever refuses may do so because of the one that was to be taken back.
            Step(RegistrationInput.Refused, now, status, text, RetryAfter(response));
        }
    }

    /// <summary>The way on which the registration held is lost: a new one takes its place.</summary>
    private void Recover(Instant now)
    {
        _keepAlive.Stop();
        if (State == Registered)
        {
            _flow.IsDoubtful = true;
            bool hasLasted = now - _registeredAt >= LastingFlow;
            _dueAt = hasLasted ? now : now + RegistrationRetry.Wait(1, _core.Flows.IsAnotherRegistered(_flow), _core.Identity);
        }
    }

    private void Step(RegistrationInput input, Instant now, int status = 0, string text = "", TimeSpan retryAfter = default)
    {
        (State, RegistrationActions actions) = Next(State, input);
        _dueAt = State is Registered or Waiting ? _dueAt : Instant.Never;
        _flow.IsRegistered &= State is Registering or Registered or Waiting;
        if (!_flow.IsRegistered)
        {
            _keepAlive.Stop();
            _probe.Stop();
        }

        if (actions.HasFlag(Send) || actions.HasFlag(SendRemoval))
        {
            FindServer(actions.HasFlag(SendRemoval), now);
        }

        if (actions.HasFlag(AwaitRefresh))
        {
            TimeSpan refresh = _granted > Margin * 2 ? _granted - Margin : _granted / 2;
            _dueAt = now + (refresh > ShortestRefresh ? refresh : ShortestRefresh);
            _registeredAt = now;
            _isRecovering = false;
            _failures = 0;
            _kept = _contact;
            _flow.IsDoubtful = false;
            _keepAlive.Start(now);
            _probe.Start(now);
            if (!_flow.IsRegistered)
            {
                _flow.IsRegistered = true;
                _core.Outputs.Tell(SipOutputKind.Registered, default, name: _flow.Account.Name);
            }
        }

        if (actions.HasFlag(AwaitRetry) && _isRecovering)
        {
            _flow.IsDoubtful = true;
            _dueAt = now;
        }
        else if (actions.HasFlag(AwaitRetry))
        {
            _flow.IsRegistered = false;
            _keepAlive.Stop();
            _probe.Stop();
            TimeSpan wait = RegistrationRetry.Wait(++_failures, _core.Flows.IsAnotherRegistered(_flow), _core.Identity);
            _dueAt = now + (wait > retryAfter ? wait : retryAfter);
            _wanted = _flow.Account.Expires;
            _hasMoved = false;
            _core.Outputs.Tell(SipOutputKind.RegistrationFailed, default, status: status, text: text, name: _flow.Account.Name);
        }
    }

    private void SendRegister(TimeSpan expires, SipHop server, Instant now)
    {
        SipRequest request = new()
        {
            Method = SipMethod.Register,
            RequestUri = _flow.Names.Domain,
            Branch = _core.Identity.NewBranch(),
            From = _from,
            To = [(byte)'<', .. _flow.Names.AddressOfRecord, (byte)'>'],
            CallId = _callId,
            Sequence = ++_sequence,
            Fields = Fields(expires, server),
        };
        _transaction = _core.Transactions.Send(_digest.Authorize(request), server, 0, now);
    }

    /// <summary>The request anew if the response asks for credentials, a longer registration or a simpler one; else null.</summary>
    private SipRequest? TryRepeat(ClientTransaction client, int status, in SipMessage response)
    {
        if (status is 401 or 407)
        {
            if (_digest.Answer(client, response, _sequence + 1) is not { } answer)
            {
                return null;
            }

            _sequence++;

            // Credentials come again for the fields as they are now: this one says already how the registrar sees us.
            return answer with { Fields = Fields(State == Unregistering ? TimeSpan.Zero : _wanted, client.Destination) };
        }

        // RFC 3261 section 10.2.8.
        if (status == 423 && State == Registering && response.Headers.TryFindNumber(SipHeaderName.MinExpires, out int seconds)
            && TimeSpan.FromSeconds(seconds) > _wanted && TimeSpan.FromSeconds(seconds) <= LongestByRegistrar)
        {
            _wanted = TimeSpan.FromSeconds(seconds);
            return Anew(client);
        }

        // RFC 5626 section 4.2.1: the proxy in between cannot, so it has to go without.
        if (status == 439 && State == Registering && _flow.OffersOutbound)
        {
            _flow.OffersOutbound = false;
            return Anew(client);
        }

        return null;
    }

    private SipRequest Anew(ClientTransaction refused) => _digest.Authorize(refused.Request with
    {
        Branch = _core.Identity.NewBranch(),
        SentBy = null,
        Sequence = ++_sequence,
        Fields = Fields(_wanted, refused.Destination),
    });

    /// <summary>
    /// Our Contact and for how long. The one before, if the registrar may have kept it, is taken back with the same request, so that
    /// nobody is sent to an address that is ours no more.
    /// </summary>
    private byte[] Fields(TimeSpan expires, SipHop server)
    {
        _contact = _flow.Contact(server);

        // Where the device is known by its name, the registrar replaces the former one by itself (RFC 5626 section 6).
        bool hasFormer = _kept.Length > 0 && !_flow.IsOutbound && !_kept.AsSpan().SequenceEqual(_contact);
        byte[] former = hasFormer ? [.. "Contact: <"u8, .. _kept, .. ">;expires=0\r\n"u8] : [];
        return
        [
            .. "Contact: <"u8, .. _contact, (byte)'>', .. _flow.ContactParameters, .. "\r\n"u8,
            .. former,
            .. _flow.SupportedLine,
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Expires: {(long)expires.TotalSeconds}\r\n")),
        ];
    }

    /// <summary>
    /// Takes in what the registrar grants, and for how long it keeps our own Contact, which may be one of several; false when it does not.
    /// </summary>
    private bool TryTakeGrant(in SipMessage response, out TimeSpan expiry)
    {
        int seconds = response.Headers.TryFindNumber(SipHeaderName.Expires, out int common) ? common : (int)_wanted.TotalSeconds;
        bool isListed = false;
        bool isEmpty = true;
        ReadOnlySpan<byte> parameters = default;
        foreach (ReadOnlySpan<byte> value in response.Headers.Values(SipHeaderName.Contact))
        {
            isEmpty = false;
            if (NameAddress.TryRead(value, out NameAddress contact) && IsOurs(contact.Uri))
            {
                isListed = true;
                parameters = contact.Parameters;
                seconds = SipGrammar.TryFindParameter(contact.Parameters, "expires"u8, out ReadOnlySpan<byte> text)
                    && SipGrammar.TryReadNumber(text, out int own) ? own : seconds;
            }
        }

        expiry = TimeSpan.FromSeconds(seconds) < LongestByRegistrar ? TimeSpan.FromSeconds(seconds) : LongestByRegistrar;

        // Section 10.3 has the registrar list all bindings; some list none, and then the 200 alone has to do.
        bool isGranted = (isListed || isEmpty) && seconds > 0;
        if (isGranted)
        {
            _flow.Take(response, parameters);
        }

        return isGranted;
    }

    private bool IsOurs(ReadOnlySpan<byte> text) =>
        SipUri.TryRead(text, out SipUri uri)
        && SipUri.TryRead(_contact, out SipUri own)
        && uri.User.SequenceEqual(own.User)
        && SipGrammar.EqualsIgnoreCase(uri.Host, own.Host)
        && (uri.Port == 0 ? SipUri.DefaultPort : uri.Port) == own.Port;

    private static TimeSpan RetryAfter(in SipMessage response)
    {
        TimeSpan wait = response.Headers.TryFindNumber(SipHeaderName.RetryAfter, out int seconds) ? TimeSpan.FromSeconds(seconds) : default;
        return wait < LongestByRegistrar ? wait : LongestByRegistrar;
    }
}
