using System;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>How much was dropped, by reason.</summary>
public sealed class DtlsDropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<DtlsDropReason>().Length];

    /// <summary>How often something was dropped for this reason.</summary>
    public long this[DtlsDropReason reason] => _counts[(int)reason];

    /// <summary>How often something was dropped for any reason.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (long count in _counts)
            {
                total += count;
            }

            return total;
        }
    }

    /// <summary>Counts one.</summary>
    internal void Add(DtlsDropReason reason) => _counts[(int)reason]++;
}
