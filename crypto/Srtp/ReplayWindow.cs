namespace IntercomAgent.Crypto.Srtp;

/// <summary>
/// The replay list of one source as a sliding window (RFC 3711 section 3.3.2). Checking changes nothing; <see cref="Record"/> is
/// for packets that were found authentic.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>How far back packets are still taken: the least that RFC 3711 allows, and more than a second of voice.</summary>
    public const int Size = 64;

    // Bit n stands for the packet with the index Highest - n. Zero until the first packet.
    private ulong _received;

    /// <summary>The highest index so far; without meaning before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>Whether any packet was recorded.</summary>
    public readonly bool HasStarted => _received != 0;

    /// <summary>Whether the index is new. It may be an estimate that lies before the first or behind the last one.</summary>
    public readonly SrtpVerdict Check(long index)
    {
        if (index is < 0 or > PacketIndex.Maximum)
        {
            return index < 0 ? SrtpVerdict.TooOld : SrtpVerdict.KeyExhausted;
        }

        if (!HasStarted || index > Highest)
        {
            return SrtpVerdict.Accepted;
        }

        long age = Highest - index;
        return age >= Size ? SrtpVerdict.TooOld
            : ((_received >> (int)age) & 1) != 0 ? SrtpVerdict.Replayed
            : SrtpVerdict.Accepted;
    }

    /// <summary>Takes note of an authentic packet that <see cref="Check"/> let through.</summary>
    public void Record(long index)
    {
        if (HasStarted && index <= Highest)
        {
            _received |= 1UL << (int)(Highest - index);
            return;
        }

        long step = HasStarted ? index - Highest : Size;
        _received = (step < Size ? _received << (int)step : 0) | 1;
        Highest = index;
    }
}
