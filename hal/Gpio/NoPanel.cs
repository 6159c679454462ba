namespace IntercomAgent.Hal.Gpio;

/// <summary>No inputs, and outputs that do not exist.</summary>
internal sealed class NoPanel : IDoorPanel
{
    /// <inheritdoc/>
    public bool TryRead(out PanelEvent happened)
    {
        happened = default;
        return false;
    }

    /// <inheritdoc/>
    public void Set(PanelOutput output, bool on)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
