using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// A password or another text that must not reach a log. It prints nothing of itself, neither alone nor as a member of a record;
/// whoever needs the text says so with <see cref="Reveal"/>.
/// </summary>
/// <param name="value">The text that is kept.</param>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The text itself: for the computation that needs it, never for a message.</summary>
    public string Reveal() => value;

    /// <summary>Whether both are the same text; the time it takes tells nothing of where they differ.</summary>
    public bool Equals(Secret? other) => other is not null
        && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(value.AsSpan()), MemoryMarshal.AsBytes(other.Reveal().AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>***</c>, whatever the text and its length.</summary>
    public override string ToString() => "***";
}
