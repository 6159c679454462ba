namespace IntercomAgent.Rtp;

/// <summary>A key of a telephone: 0 to 9, *, #, A to D, in the order of RFC 4733 section 3.2.</summary>
/// <param name="Event">The event code, 0 to 15.</param>
internal readonly record struct DtmfDigit(byte Event)
{
    /// <summary>How many keys there are; greater event codes are other things, such as a hook flash.</summary>
    public const int Count = 16;

    private const string Keys = "0123456789*#ABCD";

    /// <summary>The key's character.</summary>
    public char Key => Keys[Event];

    /// <summary>The digit with the given event code; false for codes that are not keys.</summary>
    public static bool TryFromEvent(byte code, out DtmfDigit digit)
    {
        digit = new DtmfDigit(code);
        return code < Count;
    }

    /// <summary>The digit with the given character, letters in either case; false for any other character.</summary>
    public static bool TryFromKey(char key, out DtmfDigit digit)
    {
        int code = Keys.IndexOf(char.ToUpperInvariant(key), System.StringComparison.Ordinal);
        digit = new DtmfDigit((byte)int.Max(code, 0));
        return code >= 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Key.ToString();
}
