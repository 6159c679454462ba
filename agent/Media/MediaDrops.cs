namespace IntercomAgent.Media;

/// <summary>Datagrams on a media port that had no effect, by reason.</summary>
internal sealed class MediaDrops
{
    /// <summary>Neither DTLS nor RTP nor RTCP, or DTLS in a call in the clear.</summary>
    public long Unknown { get; set; }

    /// <summary>RTP or RTCP before there were keys for it.</summary>
    public long BeforeKeys { get; set; }

    /// <summary>Forged, replayed, or under other keys; in a call in the clear, from another host than the peer's.</summary>
    public long NotAuthentic { get; set; }

    /// <summary>Authentic, but no RTP or RTCP.</summary>
    public long Malformed { get; set; }

    /// <summary>For a call that is over.</summary>
    public long AfterEnd { get; set; }

    /// <summary>Adds them to a tally.</summary>
    public void AddTo(DropTally tally)
    {
        tally.Add("media Unknown", Unknown);
        tally.Add("media BeforeKeys", BeforeKeys);
        tally.Add("media NotAuthentic", NotAuthentic);
        tally.Add("media Malformed", Malformed);
        tally.Add("media AfterEnd", AfterEnd);
    }
}
