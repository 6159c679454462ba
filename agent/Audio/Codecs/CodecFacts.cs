using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>What has to be known of a codec to send and to describe it. All are sent in packets of 20 ms and with one channel.</summary>
/// <param name="Name">Its encoding name in SDP.</param>
/// <param name="SampleRate">Samples a second that go into its encoder and come out of its decoder.</param>
/// <param name="ClockRate">Ticks of the RTP clock in a second: not always the sample rate.</param>
/// <param name="Channels">The channels that SDP states, whatever is sent.</param>
/// <param name="PayloadType">The RTP payload type: fixed below 96, else the one that we choose where it is free.</param>
/// <param name="LongestPayload">Bytes of a packet's payload, at most.</param>
internal sealed record CodecFacts(string Name, int SampleRate, int ClockRate, int Channels, byte PayloadType, int LongestPayload)
{
    /// <summary>Packets in a second.</summary>
    public const int PacketsPerSecond = 50;

    /// <summary>Milliseconds of sound in a packet.</summary>
    public const int PacketMilliseconds = 1000 / PacketsPerSecond;

    /// <summary>RFC 3551 section 6: payload types from here on stand for nothing until a description says for what.</summary>
    public const byte FirstDynamicType = 96;

    /// <summary>The sample rates of all codecs, the highest first: what the sound of a call is mixed at.</summary>
    public static ReadOnlySpan<int> SampleRates => [48_000, 16_000, 8000];

    // RFC 3551 section 6, table 4.
    private static readonly CodecFacts Pcmu = new("PCMU", 8000, 8000, 1, 0, 160);
    private static readonly CodecFacts Pcma = new("PCMA", 8000, 8000, 1, 8, 160);

    // RFC 3551 section 4.5.2: its RTP clock was once assigned by mistake, and stays.
    private static readonly CodecFacts G722 = new("G722", 16_000, 8000, 1, 9, 160);

    // RFC 3551 section 4.5.11.
    private static readonly CodecFacts L16 = new("L16", 16_000, 16_000, 1, 97, 640);

    /// <summary>
    /// RFC 7587 section 4.1: always 48,000 ticks, and section 7: always two channels. 20 ms of the highest bit rate that we send have 80
    /// bytes on average; four times that leaves any sound its peaks.
    /// </summary>
    public static CodecFacts Opus { get; } = new("opus", 48_000, 48_000, 2, 96, 320);

    /// <summary>Samples in a packet.</summary>
    public int PacketSamples => SampleRate / PacketsPerSecond;

    /// <summary>Ticks of the RTP clock in a packet.</summary>
    public int PacketTicks => ClockRate / PacketsPerSecond;

    /// <summary>How many codecs there are.</summary>
    public static int Count { get; } = Enum.GetValues<AudioCodec>().Length;

    /// <summary>
    /// Whether a codec's payload has one octet for each 1/8000 of a second, decoded one after the other: it may be cut and joined anywhere.
    /// </summary>
    public static bool IsOctetStream(AudioCodec codec) => codec is AudioCodec.Pcmu or AudioCodec.Pcma or AudioCodec.G722;

    /// <summary>The facts of a codec.</summary>
    public static CodecFacts Of(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => Pcmu,
        AudioCodec.Pcma => Pcma,
        AudioCodec.G722 => G722,
        AudioCodec.L16 => L16,
        AudioCodec.Opus => Opus,
    };
}
