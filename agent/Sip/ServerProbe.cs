using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// Asks an account's server by OPTIONS, between two REGISTERs, whether it still answers (RFC 3261 section 11): what it answers does not
/// matter, unless that is that it cannot serve. While the account is not registered nothing is asked; the attempts to register, which wait
/// longer and longer, are all the server hears then.
/// </summary>
internal sealed class ServerProbe(SipCore core, SipFlow flow)
{
    /// <summary>How many T1 it may keep silent: as long as one that a call goes to, four datagrams having been sent in vain.</summary>
    private const int Patience = 8;

    private Instant _askAt = Instant.Never;
    private Instant _answerBy = Instant.Never;
    private ClientTransaction? _transaction;

    /// <summary>When it wants to be advanced.</summary>
    public Instant WakeAt => Instant.Soonest(_askAt, _answerBy);

    /// <summary>The account is registered, or is again: the server has just answered.</summary>
    public void Start(Instant now)
    {
        Stop();
        if (flow.Account.Probe > TimeSpan.Zero)
        {
            // Not all doors of a house ask in the same moment.
            _askAt = now + (flow.Account.Probe * 0.8) + (flow.Account.Probe * 0.2 * core.Identity.Pick(1001) / 1000);
        }
    }

    /// <summary>Nothing is asked any more.</summary>
    public void Stop()
    {
        _askAt = _answerBy = Instant.Never;
        if (_transaction is not null)
        {
            core.Transactions.Terminate(_transaction);
            _transaction = null;
        }
    }

    /// <summary>Does what is due; whether that shows that the server keeps silent.</summary>
    public bool Advance(Instant now)
    {
        if (_askAt <= now && flow.Server is { } server)
        {
            _askAt = Instant.Never;
            _answerBy = now + (core.Times.T1 * Patience);
            _transaction = core.Transactions.Send(Question(server), server, 0, now);
        }

        bool isSilent = _answerBy <= now;
        if (isSilent)
        {
            Stop();
        }

        return isSilent;
    }

    /// <summary>A response to a request outside of calls, or the status that stands for none; whether the server is gone.</summary>
    public bool Receive(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        if (client != _transaction || status < 200)
        {
            return false;
        }

        _transaction = null;
        bool isGone = response.Status == 0 || status == 503;
        if (isGone)
        {
            Stop();
        }
        else
        {
            Start(now);
        }

        return isGone;
    }

    private SipRequest Question(SipHop server) => new()
    {
        Method = SipMethod.Options,
        RequestUri = flow.Names.Domain,
        Branch = core.Identity.NewBranch(),
        From = [.. flow.Names.From, .. ";tag="u8, .. core.Identity.NewToken()],
        To = [(byte)'<', .. flow.Names.Domain, (byte)'>'],
        CallId = core.Identity.NewToken(),
        Sequence = 1,
        Fields = [.. core.ContactLine(server, isSips: false), .. "Accept: application/sdp\r\n"u8, .. SipOptions.SupportedLine],
    };
}
