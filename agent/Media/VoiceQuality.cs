using IntercomAgent.Audio;
using IntercomAgent.Rtp;

namespace IntercomAgent.Media;

/// <summary>What extended reports say of our codecs.</summary>
internal static class VoiceQuality
{
    // RFC 3611 section 4.7.6. In the octet's upper half: how losses are made up, and that the jitter buffer adapts. In the lower half
    // 0: how fast, in the terms of that section, is not known.
    private const byte StandardConcealment = 0b1100_0000;
    private const byte EnhancedConcealment = 0b1000_0000;
    private const byte Adaptive = 0b0011_0000;

    // ITU-T G.113 appendix I: G.711 has Ie = 0, and with the concealment of its appendix I, which ours follows, Bpl = 25.1.
    private static readonly CodecImpairment G711 = new(0, 25.1);

    /// <summary>
    /// What a codec takes from the rating. Null for those with more than the telephone's band, whose voice is beyond the best that the
    /// scale of G.107 knows: there is no Ie of theirs for it, and for Opus none of the ITU's at all.
    /// </summary>
    public static CodecImpairment? ImpairmentOf(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu or AudioCodec.Pcma => G711,
        AudioCodec.G722 or AudioCodec.L16 or AudioCodec.Opus => null,
    };

    /// <summary>How what is lost is made up: waveforms are repeated, and only Opus has a model of the voice, and repairs of its own.</summary>
    public static byte ConfigurationOf(AudioCodec codec) =>
        (byte)(Adaptive | (codec == AudioCodec.Opus ? EnhancedConcealment : StandardConcealment));
}
