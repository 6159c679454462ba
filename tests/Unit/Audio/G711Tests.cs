using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class G711Tests
{
    // ITU-T G.711 table 2a: the end of each segment of the µ-law, in 14-bit units; the steps double from 2 in the first to 256.
    private static readonly int[] MuLawSegments = [31, 95, 223, 479, 991, 2015, 4063, 8159];

    // ITU-T G.711 table 1a: the end of each segment of the A-law, in 13-bit units; the two lowest segments share the step of 2.
    private static readonly int[] ALawSegments = [32, 64, 128, 256, 512, 1024, 2048, 4096];

    [Fact]
    public void Mu_law_gives_every_sample_the_code_of_its_cell_in_the_table()
    {
        // The first decision values are 0 and 1, then 3, 5, … 31: sixteen cells, the first of them half as wide.
        int[] decisions = [0, 1, .. Enumerable.Range(1, 15).Select(step => 1 + (2 * step)), .. Decisions(MuLawSegments)];
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            int magnitude = (sample < 0 ? ~sample : sample) >> 2;
            int cell = int.Min(decisions.Count(decision => decision <= magnitude) - 1, 127);
            int expected = (sample < 0 ? 0x7F : 0xFF) - cell;

            Assert.True(expected == MuLaw.Encode((short)sample), $"sample {sample}");
        }
    }

    [Fact]
    public void A_law_gives_every_sample_the_code_of_its_cell_in_the_table()
    {
        int[] decisions = [.. Enumerable.Range(0, 17).Select(step => 2 * step), .. Decisions(ALawSegments)];
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            int magnitude = (sample < 0 ? ~sample : sample) >> 3;
            int cell = int.Min(decisions.Count(decision => decision <= magnitude) - 1, 127);
            int expected = ((sample < 0 ? 0 : 0x80) | cell) ^ 0x55;

            Assert.True(expected == ALaw.Encode((short)sample), $"sample {sample}");
        }
    }

    [Theory]
    // ITU-T G.711 table 2a, column 8, times four; character signals of table 2, column 6.
    [InlineData(0xFF, 0)]
    [InlineData(0xFE, 2 * 4)]
    [InlineData(0xEF, 33 * 4)]
    [InlineData(0xDF, 99 * 4)]
    [InlineData(0xCF, 231 * 4)]
    [InlineData(0xBF, 495 * 4)]
    [InlineData(0xAF, 1023 * 4)]
    [InlineData(0x9F, 2079 * 4)]
    [InlineData(0x8F, 4191 * 4)]
    [InlineData(0x80, 8031 * 4)]
    [InlineData(0x00, -8031 * 4)]
    [InlineData(0x7F, 0)]
    public void Mu_law_decodes_the_values_of_the_table(byte code, int sample) => Assert.Equal(sample, MuLaw.Decode(code));

    [Theory]
    // ITU-T G.711 table 1a, column 8, times eight, with the even bits inverted.
    [InlineData(0x80 ^ 0x55, 1 * 8)]
    [InlineData(0x90 ^ 0x55, 33 * 8)]
    [InlineData(0xA0 ^ 0x55, 66 * 8)]
    [InlineData(0xB0 ^ 0x55, 132 * 8)]
    [InlineData(0xC0 ^ 0x55, 264 * 8)]
    [InlineData(0xD0 ^ 0x55, 528 * 8)]
    [InlineData(0xE0 ^ 0x55, 1056 * 8)]
    [InlineData(0xF0 ^ 0x55, 2112 * 8)]
    [InlineData(0xFF ^ 0x55, 4032 * 8)]
    [InlineData(0x7F ^ 0x55, -4032 * 8)]
    [InlineData(0x00 ^ 0x55, -1 * 8)]
    public void A_law_decodes_the_values_of_the_table(int code, int sample) => Assert.Equal(sample, ALaw.Decode((byte)code));

    [Fact]
    public void Every_code_comes_back()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        short[] samples = new short[256];
        byte[] again = new byte[256];

        ALaw.Decode(codes, samples);
        ALaw.Encode(samples, again);
        Assert.Equal(codes, again);

        // The µ-law has two zeros; the negative one comes back as the positive one.
        MuLaw.Decode(codes, samples);
        MuLaw.Encode(samples, again);
        codes[0x7F] = 0xFF;
        Assert.Equal(codes, again);
    }

    [Fact]
    public void Louder_samples_never_decode_to_quieter_ones()
    {
        for (int sample = short.MinValue; sample < short.MaxValue; sample++)
        {
            Assert.True(MuLaw.Decode(MuLaw.Encode((short)sample)) <= MuLaw.Decode(MuLaw.Encode((short)(sample + 1))));
            Assert.True(ALaw.Decode(ALaw.Encode((short)sample)) <= ALaw.Decode(ALaw.Encode((short)(sample + 1))));
        }
    }

    [Fact]
    public void No_other_code_is_nearer_than_the_grain_of_the_segment_ends_allows()
    {
        short[] muLaw = [.. Enumerable.Range(0, 256).Select(code => MuLaw.Decode((byte)code))];
        short[] aLaw = [.. Enumerable.Range(0, 256).Select(code => ALaw.Decode((byte)code))];
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            AssertNearest(muLaw, MuLaw.Decode(MuLaw.Encode((short)sample)), sample);
            AssertNearest(aLaw, ALaw.Decode(ALaw.Encode((short)sample)), sample);
        }
    }

    [Fact]
    public void Silence_is_the_code_of_zero()
    {
        Assert.Equal(MuLaw.Silence, MuLaw.Encode(0));
        Assert.Equal(ALaw.Silence, ALaw.Encode(0));
    }

    /// <summary>The decision values above the first segment: sixteen equal steps in each.</summary>
    private static int[] Decisions(int[] segments) =>
        [.. Enumerable.Range(1, 7).SelectMany(segment => Enumerable.Range(1, 16)
            .Select(step => segments[segment - 1] + (step * (segments[segment] - segments[segment - 1]) / 16)))];

    private static void AssertNearest(short[] all, int decoded, int sample)
    {
        // Where steps double, the tables put the border a quarter of the greater step away from the middle.
        int error = int.Abs(decoded - sample);
        int best = all.Min(value => int.Abs(value - sample));
        Assert.True(error <= best || error - best <= int.Max(int.Abs(sample) >> 5, 8), $"sample {sample} became {decoded}");
    }
}
