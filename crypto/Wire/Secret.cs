namespace IntercomAgent.Crypto.Wire;

/// <summary>
/// A password or another text that must not reach a log. It prints nothing of itself, neither alone nor as a member of a record;
/// whoever needs the text says so with <see cref="Reveal"/>.
/// </summary>
/// <param name="value">The text that is kept.</param>
public sealed class Secret(string value)
{
    /// <summary>The text itself: for the computation that needs it, never for a message.</summary>
    public string Reveal() => value;

    /// <summary>Always <c>***</c>, whatever the text and its length.</summary>
    public override string ToString() => "***";
}
