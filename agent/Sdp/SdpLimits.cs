namespace IntercomAgent.Sdp;

/// <summary>The bounds that keep a hostile description from costing more than an honest one.</summary>
internal static class SdpLimits
{
    /// <summary>Lines of a description: a browser's offer with audio and video has about 150.</summary>
    public const int Lines = 400;

    /// <summary>Media descriptions: audio, video, text, slides and data of the largest conference; the answer repeats each.</summary>
    public const int MediaDescriptions = 8;

    /// <summary>Formats of one media description: a browser's video has about 50.</summary>
    public const int Formats = 64;

    /// <summary>Characters of a media line, which the answer repeats: all <see cref="Formats"/>, and 64 for what is before.</summary>
    public const int MediaLine = 320;

    /// <summary>Characters of <c>a=mid</c> and of the times, which the answer repeats: real ones have one to ten, and two to 21.</summary>
    public const int RepeatedText = 64;

    /// <summary>Fingerprints of one section: one certificate under each of the hash functions of RFC 8122, twice.</summary>
    public const int Fingerprints = 12;

    /// <summary>Lines of <c>a=crypto</c> of one media description: every suite that there is, with and without a key identifier.</summary>
    public const int Cryptos = 24;

    /// <summary>
    /// Bytes that hold every description we write: <see cref="MediaDescriptions"/> lines of <see cref="MediaLine"/> with their
    /// <c>a=mid</c> take 3200, our own session and audio lines below 860, and four <c>a=crypto</c> below 440.
    /// </summary>
    public const int WrittenDescription = 4608;
}
