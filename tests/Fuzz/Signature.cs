namespace IntercomAgent.Tests.Fuzz;

/// <summary>Puts together what an input led to (FNV-1a).</summary>
internal struct Signature()
{
    private const ulong Prime = 0x100000001B3;

    /// <summary>What it is so far.</summary>
    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Adds a fact.</summary>
    public void Add(long fact) => Value = (Value ^ (ulong)fact) * Prime;

    /// <summary>Adds how often something happened, roughly: a hundred times is no other story than ninety times.</summary>
    public void AddCount(long count) => Add(count < 4 ? count : 4 + long.Log2(count));
}
