namespace IntercomAgent.Rtp;

/// <summary>Which blocks one side of a session asks the other to send (RFC 3611 section 5.1).</summary>
/// <param name="Voice">Whether it wants VoIP metrics.</param>
/// <param name="Summary">What a statistics summary shall report; nothing when none is wanted.</param>
internal readonly record struct XrWishes(bool Voice, XrStatistics Summary)
{
    /// <summary>Whether no block of ours is wanted.</summary>
    public bool IsEmpty => this == default;
}
