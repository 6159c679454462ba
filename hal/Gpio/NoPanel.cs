namespace IntercomAgent.Hal.Gpio;

/// <summary>No buttons, and a strike that does not exist.</summary>
internal sealed class NoPanel : IDoorPanel
{
    /// <inheritdoc/>
    public bool TryRead(out PanelEvent happened)
    {
        happened = default;
        return false;
    }

    /// <inheritdoc/>
    public void SetStrike(bool open)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
