using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>A target sends the call on (301, 302): to one other or to several, which are tried one after another.</summary>
internal sealed partial class DoorStation
{
    /// <summary>How often a call may be sent on: telephones that send it on to each other come to an end.</summary>
    private const int MaximumHops = 3;

    /// <summary>Whoever is called chooses nobody that the owner has not chosen.</summary>
    private IEnumerable<RingTarget> FindMoved(IReadOnlyList<string>? movedTo, CallFacts over) =>
        movedTo is null || !_settings.FollowsRedirects || over.Hops == MaximumHops
            ? []
            : movedTo.Select(FindTarget).OfType<RingTarget>().Distinct();

    /// <summary>The target of a button that a URI names, unless it rings already.</summary>
    private RingTarget? FindTarget(string uri) => _settings.Buttons.SelectMany(button => button.Targets)
        .FirstOrDefault(target => target.IsNamedBy(uri) && _round?.Calls.Any(call => target.IsNamedBy(call.Peer)) != true);

    /// <summary>
    /// Calls the next of those that a call was sent on to, once nothing has come of the one before; each rings for its own time. False when
    /// none is left.
    /// </summary>
    private bool TryAlternative(CallFacts over, Instant now)
    {
        for (int index = 0; index < over.Alternatives.Count; index++)
        {
            RingTarget target = over.Alternatives[index];
            if (FindTarget(target.Uri) is not null)
            {
                CallFacts former = over with { Hops = over.Hops + 1, Alternatives = [.. over.Alternatives.Skip(index + 1)] };
                PlaceCall(_round!, target.Uri, now + target.RingTime, target.Security, former); // Something rang until now.
                return true;
            }
        }

        return false;
    }
}
