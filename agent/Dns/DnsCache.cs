using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Dns;

/// <summary>Answers for as long as they hold. When it is full, the one goes first whose time is over first.</summary>
internal sealed class DnsCache
{
    private readonly Dictionary<DnsQuestion, Entry> _entries = [];

    /// <summary>How many answers are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Finds an answer that still holds; one that holds for no time at all does at the moment when it came.</summary>
    public bool TryFind(DnsQuestion question, Instant now, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        answer = _entries.TryGetValue(question, out Entry entry) && now <= entry.Until ? entry.Answer : null;
        return answer is not null;
    }

    /// <summary>Keeps an answer.</summary>
    public void Add(DnsQuestion question, DnsAnswer answer, Instant now)
    {
        _ = _entries.Remove(question);
        if (_entries.Count >= DnsLimits.CachedAnswers)
        {
            RemoveFirst();
        }

        _entries.Add(question, new Entry(answer, now + answer.Life));
    }

    /// <summary>Forgets everything: there are other servers now, which may know other things.</summary>
    public void Clear() => _entries.Clear();

    private void RemoveFirst()
    {
        DnsQuestion first = default;
        Instant soonest = Instant.Never;
        foreach ((DnsQuestion question, Entry entry) in _entries)
        {
            if (entry.Until < soonest)
            {
                (first, soonest) = (question, entry.Until);
            }
        }

        _ = _entries.Remove(first);
    }

    private readonly record struct Entry(DnsAnswer Answer, Instant Until);
}
