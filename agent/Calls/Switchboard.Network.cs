using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Calls;

/// <summary>What a change of the network means to signalling and to calls that are up.</summary>
internal sealed partial class Switchboard
{
    /// <summary>Whether calls may have to move; those that cannot yet do so later.</summary>
    private bool _mayMove;

    /// <summary>The network has changed. Returns whether the registrations are made anew.</summary>
    /// <param name="contact">The address at which the registrar reaches us now; null where there is none.</param>
    /// <param name="isBack">Whether the way to it was gone for a while.</param>
    /// <param name="now">The moment.</param>
    public bool FollowNetwork(NetworkEndpoint? contact, bool isBack, Instant now)
    {
        bool isRenewed = contact is { } known && (isBack || known.Address != _sip.Local.Address);
        if (isRenewed)
        {
            // What a connection has not yet delivered, the kernel would try again later and later, and from an address that may be gone.
            _connections?.Abandon();
            DrainSignalling(now);
            Local = contact!.Value; // It is known where it is compared.
            _sip.Renew(now);
            DrainSignalling(now);
        }

        _mayMove = true;
        MoveCalls(now);
        return isRenewed;
    }

    /// <summary>
    /// Calls whose media port is bound to an address that does not lead to their peer any more go on at the one that does: by a re-INVITE,
    /// and so once they are up and nothing else is being negotiated.
    /// </summary>
    private void MoveCalls(Instant now)
    {
        if (!_mayMove)
        {
            return;
        }

        _mayMove = false;
        foreach (Call? call in _lines)
        {
            if (call?.Description.Agreement?.Remote is not { IsUnspecified: false } peer || !MustMove(call, peer))
            {
                continue;
            }

            if (call is not { State: CallState.Established, Description.HasOpenOffer: false })
            {
                _mayMove = true;
            }
            else if (_ports.Open(peer, call.Line, out _) is { } port)
            {
                Move(call, port, now);
            }
        }
    }

    private bool MustMove(Call call, NetworkEndpoint peer) =>
        _ports.FindLocal(peer) is { } local && local.Address != call.Socket.LocalEndpoint.Address;

    private void Move(Call call, IDatagramSocket port, Instant now)
    {
        call.Move(port);
        if (!Settings.HasAccount)
        {
            // As when the call began: what leads to its media leads to its signalling.
            Local = port.LocalEndpoint;
        }

        Reoffer(call, call.Description.Direction, now);
        DrainSignalling(now);
    }
}
