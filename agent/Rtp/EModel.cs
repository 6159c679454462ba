using System;

namespace IntercomAgent.Rtp;

/// <summary>What a codec takes from the rating of ITU-T G.107.</summary>
/// <param name="Equipment">Ie: by how much it is worse than G.711, 0 to 95.</param>
/// <param name="LossRobustness">Bpl: how well losses are made up; the higher the better.</param>
internal readonly record struct CodecImpairment(double Equipment, double LossRobustness);

/// <summary>
/// The E-model of ITU-T G.107 for a voice of the telephone's band, with all that is no matter of the network at its default values: what
/// is left are delay and loss. It plans networks; of one call it gives an estimate.
/// </summary>
internal static class EModel
{
    // G.107 section 7.1, table 2: the rating when every parameter has its default value.
    private const double Best = 93.2;

    // G.107 section 7.4: nothing that a codec does to a voice takes more.
    private const double WorstEquipment = 95;

    // G.107 section 7.3 fitted by two straight lines for a path without echo: R. Cole, J. Rosenbluth, "Voice over IP performance
    // monitoring", ACM SIGCOMM Computer Communication Review 31(2), 2001. Conversation suffers beyond the knee.
    private const double PerMillisecond = 0.024;
    private const double PerMillisecondBeyond = 0.11;
    private const double Knee = 177.3;

    /// <summary>The rating R, 0 to 93.2.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="missing">The share of packets that were lost or came too late, 0 to 1.</param>
    /// <param name="burstRatio">How much longer the runs of such packets are than at random; 1 at least.</param>
    /// <param name="delay">The time from mouth to ear; zero for how it is to listen only.</param>
    public static double Rate(CodecImpairment codec, double missing, double burstRatio, TimeSpan delay)
    {
        double percent = 100 * missing;
        double equipment = codec.Equipment +
            ((WorstEquipment - codec.Equipment) * percent / ((percent / burstRatio) + codec.LossRobustness));
        double milliseconds = delay.TotalMilliseconds;
        double lateness = (PerMillisecond * milliseconds) + (PerMillisecondBeyond * double.Max(milliseconds - Knee, 0));
        return double.Max(Best - lateness - equipment, 0);
    }

    /// <summary>The mean opinion score, 1 to 4.5, that belongs to a rating from 0 to 100 (G.107 annex B).</summary>
    public static double Score(double rating) =>
        double.Clamp(1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6), 1, 4.5);
}
