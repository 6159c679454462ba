using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using static IntercomAgent.Sip.RegistrationState;

namespace IntercomAgent.Sip;

/// <summary>
/// The way to a registrar whose name is known: each refresh looks for its servers anew, which asks nobody as long as the former answers
/// hold, and goes on to the next server when one fails (RFC 3263 section 4.3).
/// </summary>
internal sealed partial class Registration
{
    /// <summary>How many T1 a server may keep silent while there is another one: as a call has it.</summary>
    private const int PatienceWithOneServer = 8;

    private readonly List<UInt128> _addresses = [];
    private ServerRoute? _route;
    private TargetSearch? _allServers;
    private (int Status, string Text) _failure;
    private Instant _hurryAt = Instant.Never;
    private bool _isInAHurry;

    /// <summary>Whether no REGISTER is out because no server is found yet.</summary>
    private bool IsSearching => _route is not null && _transaction is null;

    /// <summary>The REGISTER that is due has to go somewhere: to the address, or to the first of the servers of the name.</summary>
    private void FindServer(bool isRemoval, Instant now)
    {
        _failure = (404, $"there is nobody who knows where {_flow.Target.Text} is");
        if (_flow.Server is { } server && (isRemoval || _flow.Target.Address is not null))
        {
            _route = null;
            SendRegister(isRemoval ? TimeSpan.Zero : _wanted, server, now);
        }
        else if (_core.Locator is { } locator)
        {
            _route = locator.Find(_flow, now);
            _allServers = locator.FindAll(_flow);
            _addresses.Clear();
            FindNextServer(now);
        }
        else
        {
            Step(RegistrationInput.Refused, now, _failure.Status, _failure.Text);
        }
    }

    private void FindNextServer(Instant now)
    {
        ServerRoute route = _route!; // Whoever looks for a server has a route.
        _transaction = null;
        switch (route.Next(now, out SipHop server))
        {
            case SearchState.Waiting:
                break;
            case SearchState.Found:
                MoveTo(server);
                SendRegister(_wanted, server, now);
                _hurryAt = now + (_core.Times.T1 * PatienceWithOneServer);
                _isInAHurry = false;
                break;
            default:
                _route = null;
                (int status, string text) = route.Problem.Length > 0 && _failure.Status == 404 ? (404, route.Problem) : _failure;
                Step(RegistrationInput.Refused, now, status, text);
                break;
        }
    }

    /// <summary>Where the server is tells which of our addresses leads there; the preferred account says which one we have.</summary>
    private void MoveTo(SipHop server)
    {
        _flow.MoveTo(server);
        if (_core.Flows.Preferred == _flow && _core.Locator?.SourceTowards(server) is { IsUnspecified: false } source)
        {
            _core.Identity.Local = source.WithPort(_core.Identity.Local.Port);
        }
    }

    /// <summary>Nothing is looked for any more: the next REGISTER begins anew.</summary>
    private void LeaveSearch()
    {
        _route = null;
        _hurryAt = Instant.Never;
        _isInAHurry = false;
    }

    private void AdvanceSearch(Instant now)
    {
        if (_hurryAt <= now)
        {
            _hurryAt = Instant.Never;
            _isInAHurry = true;
        }

        if (IsSearching && State == Registering)
        {
            FindNextServer(now);
        }
        else if (_isInAHurry && _transaction is { } silent && _route?.Look(now) == SearchState.Found)
        {
            _core.Transactions.Terminate(silent);
            LeaveServer(silent.Destination, TimeSpan.Zero, (408, SipStatus.Phrase(408)), now);
        }

        NoteAllServers(now);
    }

    /// <summary>Any server of the name may have calls for us, and not only the one that we are registered with.</summary>
    private void NoteAllServers(Instant now)
    {
        while (_allServers is { } search && _core.Locator is { } locator)
        {
            SearchState state = locator.Next(search, now, out SipHop server);
            if (state == SearchState.Waiting)
            {
                return;
            }

            if (state == SearchState.Found)
            {
                _addresses.Add(server.Endpoint.Address);
                continue;
            }

            _allServers = null;
            if (_addresses.Count > 0)
            {
                _flow.TakeLocated(_addresses);
            }
        }
    }

    /// <summary>
    /// Goes on to the next server when this one failed: a 503, an error of the transport, or silence. False when it did not, and when
    /// the registrar has an address or we are about to leave.
    /// </summary>
    private bool TryNextServer(ClientTransaction client, int status, in SipMessage response, Instant now)
    {
        bool isFailure = status == 503 || response.Status == 0;

        // A connection that is gone says nothing of its server: first of all another one is opened.
        isFailure &= !(response.Status == 0 && status == 503 && !_isRecovering
            && _flow is { IsRegistered: true, Server: { IsReliable: true } });
        if (_route is null || State != Registering || !isFailure)
        {
            if (response.Status > 0 && status != 503)
            {
                _core.Locator?.NoteSuccess(client.Destination);
            }

            return false;
        }

        LeaveServer(client.Destination, RetryAfter(response), (status, ReasonText.OfStatus(status, response)), now);
        return true;
    }

    private void LeaveServer(SipHop server, TimeSpan rest, (int Status, string Text) failure, Instant now)
    {
        _isInAHurry = false;
        _failure = failure;
        _core.Locator?.NoteFailure(server, rest, now);
        FindNextServer(now);
    }
}
