using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>What became of one press of the button so far: who rings, and who is next.</summary>
/// <param name="plan">Whom the button rings.</param>
/// <param name="endsAt">When the whole plan has rung long enough.</param>
internal sealed class RingRound(RingPlan plan, Instant endsAt)
{
    private readonly List<CallFacts> _calls = [];
    private int _next;

    /// <summary>When the whole plan has rung long enough.</summary>
    public Instant EndsAt => endsAt;

    /// <summary>The calls that ring, or are on their way to.</summary>
    public IReadOnlyList<CallFacts> Calls => _calls;

    /// <summary>
    /// The call that is to be transferred to whoever answers, or was while it was up; null when a button was pressed.
    /// </summary>
    public CallFacts? Transferred { get; init; }

    /// <summary>How the last call of it came to its end.</summary>
    public CallOutcome LastOutcome { get; set; } = CallOutcome.NoAnswer;

    /// <summary>Whether anything rang, or somebody was busy or declined.</summary>
    public bool ReachedSomebody { get; set; }

    /// <summary>When the round has something to do.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant soonest = endsAt;
            foreach (CallFacts call in _calls)
            {
                soonest = Instant.Soonest(soonest, call.Due);
            }

            return soonest;
        }
    }

    /// <summary>
    /// Takes the next target to call: all of them when they ring together, else one when nothing rings. Null when it is nobody's turn.
    /// </summary>
    public RingTarget? TakeTarget()
    {
        bool hasTurn = plan.Order == RingOrder.All || _calls.Count == 0;
        return hasTurn && _next < plan.Targets.Count ? plan.Targets[_next++] : null;
    }

    /// <summary>Adds the call that was placed to the target taken last.</summary>
    public void Add(CallFacts call) => _calls.Add(call);

    /// <summary>The call of that name; null when it does not ring.</summary>
    public CallFacts? Find(StationCall call) => _calls.Find(facts => facts.Call == call);

    /// <summary>A call that has rung long enough; null when there is none.</summary>
    public CallFacts? FindDue(Instant now) => _calls.Find(facts => now >= facts.Due);

    /// <summary>Takes the call out; false when it was not in.</summary>
    public bool Remove(StationCall call) => _calls.RemoveAll(facts => facts.Call == call) > 0;

    /// <summary>Notes that the call is secured, should it ring: a handshake may be done before the answer arrives.</summary>
    public void Secure(StationCall call)
    {
        int index = _calls.FindIndex(facts => facts.Call == call);
        if (index >= 0)
        {
            _calls[index] = _calls[index] with { Secured = true };
        }
    }
}
