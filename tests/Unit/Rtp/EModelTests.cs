using System;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class EModelTests
{
    private static readonly CodecImpairment G711 = new(0, 25.1);

    /// <summary>ITU-T G.107: 93.2 with every default value, which annex B makes a score of 4.41.</summary>
    [Fact]
    public void A_call_without_fault_has_the_rating_of_the_standards_defaults()
    {
        double rating = EModel.Rate(G711, 0, 1, TimeSpan.Zero);

        Assert.Equal(93.2, rating, 9);
        Assert.Equal(4.41, EModel.Score(rating), 0.005);
    }

    /// <summary>ITU-T G.107 annex B, table B.1: the limits of its classes, with two digits.</summary>
    [Theory]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.03)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    [InlineData(0, 1)]
    [InlineData(100, 4.5)]
    public void Ratings_have_the_scores_of_the_standards_table(double rating, double score) =>
        Assert.Equal(score, EModel.Score(rating), 0.007);

    [Theory]
    [InlineData(0.01, 1, 0, 93.2 - (95 / 26.1))]
    [InlineData(0.05, 1, 0, 93.2 - (95 * 5 / 30.1))]
    [InlineData(0.05, 2, 0, 93.2 - (95 * 5 / 27.6))] // The same losses in longer runs are worse.
    [InlineData(0, 1, 100, 93.2 - 2.4)]
    [InlineData(0, 1, 277.3, 93.2 - 6.6552 - 11)]
    [InlineData(1, 1, 2000, 0)]
    public void Loss_and_delay_lower_it(double missing, double burstRatio, double milliseconds, double rating) =>
        Assert.Equal(rating, EModel.Rate(G711, missing, burstRatio, TimeSpan.FromMilliseconds(milliseconds)), 6);

    [Fact]
    public void A_codec_that_is_worse_has_less_to_lose() =>
        Assert.Equal(93.2 - 11 - (84 * 5 / 24.0), EModel.Rate(new CodecImpairment(11, 19), 0.05, 1, TimeSpan.Zero), 6);
}
