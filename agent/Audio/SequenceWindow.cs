using IntercomAgent.Rtp;

namespace IntercomAgent.Audio;

/// <summary>Remembers which of the last 64 packets have come.</summary>
internal struct SequenceWindow
{
    // More than a second of packets: what comes later than that is of no use to anybody who listens.
    private const int Width = 64;

    private ulong _seen;

    /// <summary>The number that others are measured from: the newest, unless the sender has started again with lower ones.</summary>
    public SequenceNumber Newest { get; private set; }

    /// <summary>
    /// Takes the number of a packet; false if it is known to have come before. A number older than the window is taken as a new start:
    /// if it was only very late, the next packet repairs that.
    /// </summary>
    public bool TryAdd(SequenceNumber sequence)
    {
        int ahead = sequence - Newest;
        if (_seen == 0 || ahead <= -Width || ahead >= Width)
        {
            _seen = 1;
            Newest = sequence;
            return true;
        }

        if (ahead > 0)
        {
            _seen = (_seen << ahead) | 1;
            Newest = sequence;
            return true;
        }

        ulong bit = 1UL << -ahead;
        bool known = (_seen & bit) != 0;
        _seen |= bit;
        return !known;
    }
}
