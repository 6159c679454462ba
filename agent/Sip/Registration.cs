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

/// <summary>Keeps us registered (RFC 3261 section 10.2): refreshes, tries again after failures, and removes us at the end.</summary>
internal sealed class Registration
{
    /// <summary>The refresh comes so long before the end that its transaction can time out (32 s) and still leave a moment.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(40);

    /// <summary>However short a registration holds, it is not refreshed more often than this.</summary>
    private static readonly TimeSpan ShortestRefresh = TimeSpan.FromSeconds(5);

    /// <summary>The first wait after a failure; it doubles with each one (RFC 5626 section 4.5).</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait: after a power cut a door should be reachable within five minutes of its registrar.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>The longest time that a registrar may make us register for, or wait.</summary>
    private static readonly TimeSpan LongestByRegistrar = TimeSpan.FromDays(1);

    private readonly SipCore _core;
    private readonly SipAccount _account;
    private readonly DigestClient _digest;
    private readonly byte[] _callId;
    private readonly byte[] _from;
    private TimeSpan _wanted;
    private TimeSpan _granted;
    private TimeSpan _retry = FirstRetry;
    private ClientTransaction? _transaction;
    private int _sequence;
    private bool _isKnown;

    /// <summary>The registration of an account; it does nothing before <see cref="Start"/>.</summary>
    public Registration(SipCore core, SipAccount account)
    {
        _core = core;
        _account = account;
        _digest = new DigestClient(core.Settings, core.Identity);
        _callId = core.Identity.NewToken();
        _from = [.. core.Identity.From, .. ";tag="u8, .. core.Identity.NewToken()];
        _wanted = account.Expires;
    }

    /// <summary>Where it stands.</summary>
    public RegistrationState State { get; private set; } = Unregistered;

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Every transition there is.</summary>
    public static (RegistrationState State, RegistrationActions Actions) Next(RegistrationState state, RegistrationInput input) =>
        (state, input) switch
        {
            (Unregistered, RegistrationInput.Start) => (Registering, Send),
            (Registering, RegistrationInput.Granted) => (Registered, AwaitRefresh),
            (Registering, RegistrationInput.Refused) => (Waiting, AwaitRetry),
            (Registered or Waiting, RegistrationInput.Due) => (Registering, Send),
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
    public void Close(Instant now) => Step(RegistrationInput.Close, now);

    /// <summary>Our address changed: the registrar is told as soon as no REGISTER is under way.</summary>
    public void Refresh() => WakeAt = State is Registered or Waiting ? Instant.Zero : WakeAt;

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (WakeAt <= now)
        {
            Step(RegistrationInput.Due, now);
        }
    }

    /// <summary>A response to a REGISTER, or <paramref name="status"/> 408 with an empty message when none came in time.</summary>
    public void ReceiveResponse(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        if (client != _transaction || status < 200)
        {
            return;
        }

        if (TryRepeat(client, status, response) is { } repeated)
        {
            _transaction = _core.Transactions.Send(repeated, client.Destination, 0, now);
        }
        else if (status < 300 && (State == Unregistering || TryReadExpiry(response, out _granted)))
        {
            Step(RegistrationInput.Granted, now);
        }
        else
        {
            string text = status < 300 ? "the registrar does not list us" : ReasonText.OfStatus(status, response);
            Step(RegistrationInput.Refused, now, status, text, RetryAfter(response));
        }
    }

    private void Step(RegistrationInput input, Instant now, int status = 0, string text = "", TimeSpan retryAfter = default)
    {
        (State, RegistrationActions actions) = Next(State, input);
        WakeAt = State is Registered or Waiting ? WakeAt : Instant.Never;
        if (actions.HasFlag(Send) || actions.HasFlag(SendRemoval))
        {
            SendRegister(actions.HasFlag(SendRemoval) ? TimeSpan.Zero : _wanted, now);
        }

        if (actions.HasFlag(AwaitRefresh))
        {
            TimeSpan refresh = _granted > Margin * 2 ? _granted - Margin : _granted / 2;
            WakeAt = now + (refresh > ShortestRefresh ? refresh : ShortestRefresh);
            _retry = FirstRetry;
            TellOnce();
        }

        if (actions.HasFlag(AwaitRetry))
        {
            // RFC 5626 section 4.5: between half and the whole of the wait, so that not all doors come back at once.
            TimeSpan wait = (_retry / 2) + (_retry / 2 * _core.Identity.Pick(1001) / 1000);
            WakeAt = now + (wait > retryAfter ? wait : retryAfter);
            _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
            _wanted = _account.Expires;
            _isKnown = false;
            _core.Outputs.Tell(SipOutputKind.RegistrationFailed, default, status: status, text: text);
        }
    }

    private void TellOnce()
    {
        if (!_isKnown)
        {
            _isKnown = true;
            _core.Outputs.Tell(SipOutputKind.Registered, default);
        }
    }

    private void SendRegister(TimeSpan expires, Instant now)
    {
        SipRequest request = new()
        {
            Method = SipMethod.Register,
            RequestUri = _core.Identity.Domain,
            Branch = _core.Identity.NewBranch(),
            From = _from,
            To = [(byte)'<', .. _core.Identity.AddressOfRecord, (byte)'>'],
            CallId = _callId,
            Sequence = ++_sequence,
            Fields = Fields(expires),
        };
        _transaction = _core.Transactions.Send(_digest.Authorize(request), NextHop, 0, now);
    }

    /// <summary>The request anew if the response asks for credentials or for a longer registration; else null.</summary>
    private SipRequest? TryRepeat(ClientTransaction client, int status, in SipMessage response)
    {
        if (status is 401 or 407)
        {
            SipRequest? answer = _digest.Answer(client, response, _sequence + 1);
            _sequence += answer is null ? 0 : 1;
            return answer;
        }

        // RFC 3261 section 10.2.8.
        if (status == 423 && State == Registering && response.Headers.TryFindNumber(SipHeaderName.MinExpires, out int seconds)
            && TimeSpan.FromSeconds(seconds) > _wanted && TimeSpan.FromSeconds(seconds) <= LongestByRegistrar)
        {
            _wanted = TimeSpan.FromSeconds(seconds);
            return _digest.Authorize(client.Request with
            {
                Branch = _core.Identity.NewBranch(),
                SentBy = null,
                Sequence = ++_sequence,
                Fields = Fields(_wanted),
            });
        }

        return null;
    }

    private SipHop NextHop => _core.Settings.OutboundProxy ?? _account.Registrar;

    private byte[] Fields(TimeSpan expires) =>
    [
        .. _core.Identity.ContactLine(NextHop.Transport),
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Expires: {(long)expires.TotalSeconds}\r\n")),
    ];

    /// <summary>How long the registrar keeps our own Contact, which may be one of several; false when it does not.</summary>
    private bool TryReadExpiry(in SipMessage response, out TimeSpan expiry)
    {
        int seconds = response.Headers.TryFindNumber(SipHeaderName.Expires, out int common) ? common : (int)_wanted.TotalSeconds;
        bool isListed = false;
        bool isEmpty = true;
        foreach (ReadOnlySpan<byte> value in response.Headers.Values(SipHeaderName.Contact))
        {
            isEmpty = false;
            if (NameAddress.TryRead(value, out NameAddress contact) && IsOurs(contact.Uri))
            {
                isListed = true;
                seconds = SipGrammar.TryFindParameter(contact.Parameters, "expires"u8, out ReadOnlySpan<byte> text)
                    && SipGrammar.TryReadNumber(text, out int own) ? own : seconds;
            }
        }

        expiry = TimeSpan.FromSeconds(seconds) < LongestByRegistrar ? TimeSpan.FromSeconds(seconds) : LongestByRegistrar;

        // Section 10.3 has the registrar list all bindings; some list none, and then the 200 alone has to do.
        return (isListed || isEmpty) && seconds > 0;
    }

    private bool IsOurs(ReadOnlySpan<byte> text) =>
        SipUri.TryRead(text, out SipUri uri)
        && SipUri.TryRead(_core.Identity.Contact(NextHop.Transport), out SipUri own)
        && uri.User.SequenceEqual(own.User)
        && SipGrammar.EqualsIgnoreCase(uri.Host, own.Host)
        && (uri.Port == 0 ? SipUri.DefaultPort : uri.Port) == own.Port;

    private static TimeSpan RetryAfter(in SipMessage response)
    {
        TimeSpan wait = response.Headers.TryFindNumber(SipHeaderName.RetryAfter, out int seconds) ? TimeSpan.FromSeconds(seconds) : default;
        return wait < LongestByRegistrar ? wait : LongestByRegistrar;
    }
}
