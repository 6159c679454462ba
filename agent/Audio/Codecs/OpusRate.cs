using System;

namespace IntercomAgent.Audio.Codecs;

/// <summary>
/// How much an encoder of Opus may send, and how it guards it: by the losses that the peer reports. Losses are answered at once and
/// forgotten slowly. Where they are few, nothing is spent on them; where they are many, a narrower voice that repeats itself is understood
/// better than a brilliant one with holes, and whoever shares the way has more of it.
/// </summary>
/// <param name="parameters">What the receiver wishes.</param>
internal sealed class OpusRate(OpusParameters parameters)
{
    // RFC 7587 section 3.1.1: the sweet spots of a full-band and a wideband voice at 20 ms a packet, and between them.
    private const int FullBitRate = 32_000;
    private const int ReducedBitRate = 24_000;
    private const int LeastBitRate = 20_000;

    // A lost packet in fifty is heard by nobody, thanks to concealment; from one in ten on, the way is overloaded.
    private const double FewLosses = 0.02;
    private const double ManyLosses = 0.1;

    // What one report leaves of a greater loss before it: half of it is forgotten in three reports, some fifteen seconds.
    private const double Kept = 0.8;

    // Beyond this, packets mostly repeat others.
    private const int MostLossPercent = 30;

    private double _loss;

    /// <summary>Bits a second.</summary>
    public int BitRate => int.Min(
        parameters.MaxAverageBitRate, _loss >= ManyLosses ? LeastBitRate : _loss >= FewLosses ? ReducedBitRate : FullBitRate);

    /// <summary>How many packets of a hundred are expected to be lost: 0 for so few that they need no repetition.</summary>
    public int LossPercent => _loss < FewLosses ? 0 : int.Min((int)Math.Ceiling(_loss * 100), MostLossPercent);

    /// <summary>The widest band worth its bits, and heard at all.</summary>
    public OpusBandwidth Bandwidth
    {
        get
        {
            OpusBandwidth played = BandwidthFor(parameters.MaxPlaybackRate);
            OpusBandwidth affordable = _loss >= FewLosses ? OpusBandwidth.OPUS_BANDWIDTH_WIDEBAND : OpusBandwidth.OPUS_BANDWIDTH_FULLBAND;
            return played < affordable ? played : affordable;
        }
    }

    /// <summary>The peer has reported which share of our packets it has lost lately, 0 to 1.</summary>
    public void Report(double lossFraction) =>
        _loss = double.Max(lossFraction, (Kept * _loss) + ((1 - Kept) * lossFraction));

    // RFC 7587 section 7.1: no wider than makes full use of the rate.
    private static OpusBandwidth BandwidthFor(int rate) => rate switch
    {
        <= 8000 => OpusBandwidth.OPUS_BANDWIDTH_NARROWBAND,
        <= 12_000 => OpusBandwidth.OPUS_BANDWIDTH_MEDIUMBAND,
        <= 16_000 => OpusBandwidth.OPUS_BANDWIDTH_WIDEBAND,
        <= 24_000 => OpusBandwidth.OPUS_BANDWIDTH_SUPERWIDEBAND,
        _ => OpusBandwidth.OPUS_BANDWIDTH_FULLBAND,
    };
}
