namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// Which numbers of a protected stream have been seen: the sliding window of RFC 6347 section 4.1.2.6 and RFC 3711 section 3.3.2. It is
/// asked before a record or packet is decrypted, and told only after that has proven authentic: otherwise a forged number could push
/// genuine ones out of the window.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>How far back numbers are still taken: what both RFCs ask for, and more than a second of voice.</summary>
    public const int Size = 64;

    // Bit n stands for the number Highest - n. Zero until the first.
    private ulong _seen;

    /// <summary>The highest number so far; without meaning before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>Whether any number was added.</summary>
    public readonly bool HasStarted => _seen != 0;

    /// <summary>Whether the number comes after all that were added.</summary>
    public readonly bool IsNewest(long number) => !HasStarted || number > Highest;

    /// <summary>Whether the number lies so far back that the window cannot tell.</summary>
    public readonly bool IsTooOld(long number) => HasStarted && number <= Highest - Size;

    /// <summary>Whether the number is new and not too old.</summary>
    public readonly bool IsFresh(long number) =>
        IsNewest(number) || (!IsTooOld(number) && (_seen & (1UL << (int)(Highest - number))) == 0);

    /// <summary>Remembers the fresh number of an authentic record or packet.</summary>
    public void Add(long number)
    {
        if (IsNewest(number))
        {
            long step = HasStarted ? number - Highest : Size;
            _seen = step < Size ? _seen << (int)step : 0;
            Highest = number;
        }

        _seen |= 1UL << (int)(Highest - number);
    }
}
