using System.Globalization;

namespace IntercomAgent.Logging;

/// <summary>What has gone wrong with the sound up to a moment, or between two.</summary>
/// <param name="Interruptions">Times that the loop came too late for the card.</param>
/// <param name="Losses">Times that the device had gone, or its clock failed.</param>
/// <param name="SkippedPeriods">Periods that nobody heard or spoke.</param>
internal readonly record struct SoundTally(long Interruptions, long Losses, long SkippedPeriods)
{
    /// <summary>What has come since an earlier look at the same device.</summary>
    public SoundTally Since(SoundTally earlier) =>
        new(Interruptions - earlier.Interruptions, Losses - earlier.Losses, SkippedPeriods - earlier.SkippedPeriods);

    /// <summary><c>interruptions: 2, losses of the device: 0, skipped periods: 1</c></summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"interruptions: {Interruptions}, losses of the device: {Losses}, skipped periods: {SkippedPeriods}");
}
