using System.Linq;
using IntercomAgent.Audio.Codecs;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

public sealed class OpusRateTests
{
    [Fact]
    public void Where_nothing_is_lost_the_whole_band_is_sent_and_nothing_is_repeated()
    {
        OpusRate rate = new(OpusParameters.Default);
        rate.Report(0.01);

        Assert.Equal((32_000, 0, OpusBandwidth.OPUS_BANDWIDTH_FULLBAND), (rate.BitRate, rate.LossPercent, rate.Bandwidth));
    }

    [Theory]
    [InlineData(0.05, 24_000, 5)]
    [InlineData(0.2, 20_000, 20)]
    [InlineData(0.9, 20_000, 30)]
    public void Losses_make_the_voice_narrower_and_repeat_it_at_once(double loss, int bitRate, int percent)
    {
        OpusRate rate = new(OpusParameters.Default);
        rate.Report(loss);

        Assert.Equal((bitRate, percent, OpusBandwidth.OPUS_BANDWIDTH_WIDEBAND), (rate.BitRate, rate.LossPercent, rate.Bandwidth));
    }

    [Fact]
    public void Losses_are_forgotten_in_a_minute_but_not_in_one_report()
    {
        OpusRate rate = new(OpusParameters.Default);
        rate.Report(0.2);
        rate.Report(0);
        Assert.Equal(20_000, rate.BitRate);

        // A report comes every five seconds.
        foreach (int _ in Enumerable.Range(0, 11))
        {
            rate.Report(0);
        }

        Assert.Equal(32_000, rate.BitRate);
    }

    [Theory]
    [InlineData(8000, OpusBandwidth.OPUS_BANDWIDTH_NARROWBAND)]
    [InlineData(12_000, OpusBandwidth.OPUS_BANDWIDTH_MEDIUMBAND)]
    [InlineData(16_000, OpusBandwidth.OPUS_BANDWIDTH_WIDEBAND)]
    [InlineData(24_000, OpusBandwidth.OPUS_BANDWIDTH_SUPERWIDEBAND)]
    [InlineData(44_100, OpusBandwidth.OPUS_BANDWIDTH_FULLBAND)]
    internal void Nothing_is_wider_than_the_receiver_plays(int playbackRate, OpusBandwidth expected) =>
        Assert.Equal(expected, new OpusRate(OpusParameters.Default with { MaxPlaybackRate = playbackRate }).Bandwidth);

    [Fact]
    public void No_more_is_sent_than_the_receiver_takes() =>
        Assert.Equal(12_000, new OpusRate(OpusParameters.Default with { MaxAverageBitRate = 12_000 }).BitRate);

    [Fact]
    public void Wishes_are_read_from_the_parameters_of_a_description()
    {
        OpusParameters read = OpusParameters.Read("maxplaybackrate=16000; sprop-maxcapturerate=16000;maxaveragebitrate=20000; stereo=1;UseInbandFEC=1;usedtx=1; cbr=1");

        Assert.Equal(new OpusParameters(16_000, 20_000, UseInbandFec: true, UseDtx: true, ConstantBitRate: true), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;=;=1;usedtx")]
    [InlineData("usedtx=")]
    [InlineData("usedtx=2;useinbandfec=-1")]
    [InlineData("maxplaybackrate=7999;maxaveragebitrate=510001")]
    [InlineData("maxplaybackrate=99999999999999999999;maxaveragebitrate=1e4")]
    public void Parameters_that_make_no_sense_count_as_not_said(string text) =>
        Assert.Equal(OpusParameters.Default, OpusParameters.Read(text));
}
