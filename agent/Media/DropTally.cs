using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace IntercomAgent.Media;

/// <summary>How much was dropped for which reason, to be told in one line.</summary>
internal sealed class DropTally
{
    private readonly SortedDictionary<string, long> _counts = [];

    /// <summary>Whether nothing was dropped.</summary>
    public bool IsEmpty => _counts.Count == 0;

    /// <summary>How much was dropped for that reason.</summary>
    public long this[string reason] => _counts.GetValueOrDefault(reason);

    /// <summary>Adds what was dropped for a reason; nothing at all is not told.</summary>
    public void Add(string reason, long count)
    {
        if (count > 0)
        {
            _counts[reason] = this[reason] + count;
        }
    }

    /// <summary>Adds another tally.</summary>
    public void Add(DropTally other)
    {
        foreach ((string reason, long count) in other._counts)
        {
            Add(reason, count);
        }
    }

    /// <summary>Such as <c>3 SIP NotSip, 1 media NotAuthentic</c>.</summary>
    public override string ToString() =>
        string.Join(", ", _counts.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Value} {entry.Key}")));
}
