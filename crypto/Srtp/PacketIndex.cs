using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// The index of an RTP packet: the roll-over counter ROC, 32 bits, above the sequence number SEQ (RFC 3711 section 3.3.1).
/// </summary>
internal static class PacketIndex
{
    /// <summary>The last index. After it the key is exhausted: the next packet would use the key stream of the first.</summary>
    public const long Maximum = (1L << 48) - 1;

    /// <summary>Half the sequence numbers: what is further away than this belongs to the ROC before or after.</summary>
    public const int HalfCircle = 1 << 15;

    /// <summary>
    /// The index that is nearest to the highest one so far (RFC 3711 appendix A). Negative if it lies before ROC 0, beyond
    /// <see cref="Maximum"/> if after the last ROC: the appendix wraps there, which would use a key stream twice.
    /// </summary>
    public static long Estimate(long highest, ushort sequenceNumber)
    {
        long roc = highest >> 16;
        int last = (ushort)highest;
        if (last < HalfCircle)
        {
            if (sequenceNumber - last > HalfCircle)
            {
                roc--;
            }
        }
        else if (last - HalfCircle > sequenceNumber)
        {
            roc++;
        }

        return (roc << 16) | sequenceNumber;
    }

    /// <summary>
    /// Whether an index is new to the replay list (RFC 3711 section 3.3.2). It may be an estimate that lies before the first or behind
    /// the last one.
    /// </summary>
    public static SrtpVerdict Check(long index, in ReplayWindow window) => index switch
    {
        < 0 => SrtpVerdict.TooOld,
        > Maximum => SrtpVerdict.KeyExhausted,
        _ when window.IsFresh(index) => SrtpVerdict.Accepted,
        _ => window.IsTooOld(index) ? SrtpVerdict.TooOld : SrtpVerdict.Replayed,
    };

    /// <summary>The ROC of an index.</summary>
    public static uint Roc(long index) => (uint)(index >> 16);
}
