namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// Which records of an epoch have been seen (RFC 6347 section 4.1.2.6). It is asked before a record is decrypted and told only after
/// the record has proven authentic: otherwise a forged number could push genuine records out of the window. Epoch 0, where nothing
/// is authentic, therefore has no window.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>How many numbers below the newest are remembered.</summary>
    public const int Size = 64;

    private ulong _newest;
    private ulong _seen;

    /// <summary>Whether the number is new and not too old.</summary>
    public readonly bool IsFresh(ulong sequenceNumber) =>
        IsNewest(sequenceNumber)
        || (_newest - sequenceNumber is ulong age && age < Size && (_seen & (1UL << (int)age)) == 0);

    /// <summary>Whether the number comes after all that were seen.</summary>
    public readonly bool IsNewest(ulong sequenceNumber) => _seen == 0 || sequenceNumber > _newest;

    /// <summary>Remembers the number of an authentic record.</summary>
    public void Add(ulong sequenceNumber)
    {
        if (IsNewest(sequenceNumber))
        {
            ulong step = sequenceNumber - _newest;
            _seen = step < Size ? _seen << (int)step : 0;
            _newest = sequenceNumber;
        }

        _seen |= 1UL << (int)(_newest - sequenceNumber);
    }
}
