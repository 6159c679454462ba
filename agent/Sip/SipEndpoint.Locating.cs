using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>Calls to hosts whose names are known.</summary>
internal sealed partial class SipEndpoint
{
    /// <summary>
    /// Calls somebody at a host whose name is known. <see cref="SipOutputKind.Located"/> tells of each server that the call may go
    /// through, the best first, and waits for <see cref="Offer"/>. The call ends when nothing says where the host is, and when all servers
    /// have failed. A registrar is asked as well when the name system knows nothing of the host: it may know it.
    /// </summary>
    /// <param name="targetUri">The SIP URI to call, up to <see cref="SipLimits.TargetUri"/> bytes.</param>
    /// <param name="now">The current time.</param>
    public SipCall Locate(string targetUri, Instant now)
    {
        Advance(now);
        SipCall call = new(++_lastCall);
        TargetName name = default;
        if (!IsTarget(targetUri) || _core.Locator?.TryReadName(targetUri, out name) != true)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 404, text: "no way to this address", endedBy: SipEnder.Nobody);
        }
        else if (_isClosing || IsFull)
        {
            _core.Outputs.Tell(SipOutputKind.Ended, call, status: 503, text: "no more calls", endedBy: SipEnder.Nobody);
        }
        else
        {
            ServerRoute route = _core.Locator.Find(name, _core.Flows.Preferred?.Server, now);
            _sessions.Add(SipSession.Locate(_core, call, targetUri, route, now));
            Tidy();
        }

        return call;
    }

    /// <summary>Makes the offer for the server that <see cref="SipOutputKind.Located"/> told of: the INVITE goes out.</summary>
    public void Offer(SipCall call, ReadOnlySpan<byte> sessionDescription, Instant now)
    {
        CheckBody(sessionDescription);
        Find(call, now)?.Offer(sessionDescription, now);
    }

    /// <summary>There can be no offer for the server that <see cref="SipOutputKind.Located"/> told of: the next one is looked for.</summary>
    /// <param name="call">The call.</param>
    /// <param name="problem">Why, in words for a person: if there is no other server, the call ends with that.</param>
    /// <param name="now">The current time.</param>
    public void PassOver(SipCall call, string problem, Instant now)
    {
        Find(call, now)?.PassOver(problem, now);
        Tidy();
    }
}
