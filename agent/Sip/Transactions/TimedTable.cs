using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sip;

/// <summary>
/// Values that are kept for a time. Short calls leave a few each for 64*T1, thousands in all: as values in one array they cost a
/// collection of garbage nearly nothing, as objects they would be most of it.
/// </summary>
internal sealed class TimedTable<TValue>
    where TValue : struct
{
    private readonly Dictionary<TransactionKey, Entry> _entries = [];

    /// <summary>How many are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>When the first of them is to be forgotten.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>What is kept.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            foreach (Entry entry in _entries.Values)
            {
                yield return entry.Value;
            }
        }
    }

    /// <summary>Keeps a value.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="until">When it is to be forgotten.</param>
    public void Keep(TransactionKey key, TValue value, Instant until)
    {
        _entries[key] = new Entry(value, until);
        WakeAt = Instant.Soonest(WakeAt, until);
    }

    /// <summary>Finds a value, to be read or changed before the next call of a method; a null reference when there is none.</summary>
    public ref TValue Find(TransactionKey key)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        return ref Unsafe.IsNullRef(ref entry) ? ref Unsafe.NullRef<TValue>() : ref entry.Value;
    }

    /// <summary>Forgets what is due.</summary>
    public void Advance(Instant now)
    {
        if (now < WakeAt)
        {
            return;
        }

        WakeAt = Instant.Never;
        foreach ((TransactionKey key, Entry entry) in _entries)
        {
            if (entry.Until <= now)
            {
                _ = _entries.Remove(key);
            }
            else
            {
                WakeAt = Instant.Soonest(WakeAt, entry.Until);
            }
        }
    }

    private struct Entry(TValue value, Instant until)
    {
        public TValue Value = value;

        public readonly Instant Until = until;
    }
}
