using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

public sealed class PacketPayloadsTests
{
    private const int Packet = 960;
    private const int Places = 160;
    private const int SamplesPerPlace = 6;

    [Theory]
    [InlineData(160)]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(7)]
    public void A_packet_that_is_asked_for_in_pieces_is_decoded_once(int piece)
    {
        short[] expected = Decode(160, Coded(20, OpusParameters.Default));

        Assert.Equal(expected, Decode(piece, Coded(20, OpusParameters.Default)));
    }

    [Fact]
    public void Of_a_packet_that_came_too_late_the_rest_is_played_in_its_place()
    {
        byte[][] coded = Coded(3, OpusParameters.Default);
        using PacketPayloads whole = new(AudioCodec.Opus);
        using PacketPayloads late = new(AudioCodec.Opus);
        short[] all = new short[3 * Packet];
        short[] rest = new short[(2 * Packet) + (100 * SamplesPerPlace)];
        for (int number = 0; number < coded.Length; number++)
        {
            byte[] places = [.. whole.Keep(coded[number], Stamp(number), out RtpTimestamp begins)];
            whole.Decode(96, places, begins, all.AsSpan(number * Packet));
            places = [.. late.Keep(coded[number], Stamp(number), out begins)];
            int cut = number == 0 ? 60 : 0;
            late.Decode(96, places.AsSpan(cut), begins + cut, rest.AsSpan(number == 0 ? 0 : (number * Packet) - (60 * SamplesPerPlace)));
        }

        Assert.Equal(all[(60 * SamplesPerPlace)..], rest);
    }

    [Fact]
    public void What_a_packet_repeats_of_a_lost_one_is_heard_in_its_place()
    {
        double repeated = LikenessWithLosses(OpusParameters.Default with { UseInbandFec = true }, gapIsKnown: true);
        double unknown = LikenessWithLosses(OpusParameters.Default with { UseInbandFec = true }, gapIsKnown: false);
        double unguarded = LikenessWithLosses(OpusParameters.Default, gapIsKnown: true);

        Assert.True(repeated > 0.85, $"{repeated:0.000}");
        Assert.True(repeated > unknown + 0.05 && repeated > unguarded + 0.05, $"{repeated:0.000}, not {unknown:0.000} or {unguarded:0.000}");
    }

    [Fact]
    public void What_is_made_up_in_pieces_goes_on_where_it_was()
    {
        byte[][] coded = Coded(20, OpusParameters.Default);
        short[] whole = new short[480];
        short[] pieces = new short[480];
        MakeUp(480, whole);
        MakeUp(66, pieces);

        Assert.Equal(whole, pieces);

        void MakeUp(int piece, short[] made)
        {
            using PacketPayloads payloads = new(AudioCodec.Opus);
            short[] sound = new short[Packet];
            for (int number = 0; number < coded.Length; number++)
            {
                byte[] places = [.. payloads.Keep(coded[number], Stamp(number), out RtpTimestamp begins)];
                payloads.Decode(96, places, begins, sound);
            }

            for (int at = 0; at < made.Length; at += piece)
            {
                int length = int.Min(piece, made.Length - at);
                Assert.True(payloads.TryConceal(default, made.AsSpan(at, length)));
            }

            Assert.Contains(made, sample => Math.Abs((int)sample) > 500);
        }
    }

    [Fact]
    public void What_no_codec_can_read_has_no_place()
    {
        using PacketPayloads opus = new(AudioCodec.Opus);
        using PacketPayloads linear = new(AudioCodec.L16);

        Assert.Empty(opus.Keep([], default, out _).ToArray());
        Assert.Empty(opus.Keep([3], default, out _).ToArray());
        Assert.Empty(opus.Keep(new byte[PacketShelf.LongestPayload + 1], default, out _).ToArray());
        Assert.Empty(linear.Keep([1], default, out _).ToArray());
        Assert.Equal(1500 / 4, linear.Keep(new byte[1500], default, out _).Length);
    }

    [Fact]
    public void A_codec_that_makes_nothing_up_says_so()
    {
        using PacketPayloads linear = new(AudioCodec.L16);

        Assert.False(linear.TryConceal(default, new short[160]));
    }

    private static RtpTimestamp Stamp(int number) => new(unchecked((uint)(number * Packet) - 500));

    /// <summary>How much like the whole that is what is heard where each tenth packet is lost: 1 for the same.</summary>
    private static double LikenessWithLosses(OpusParameters wishes, bool gapIsKnown)
    {
        byte[][] coded = Coded(200, wishes);
        short[] expected = Decode(160, coded);
        short[] heard = new short[expected.Length];
        using PacketPayloads payloads = new(AudioCodec.Opus);
        double product = 0;
        double power = 0;
        double expectedPower = 0;
        for (int number = 0; number < coded.Length; number++)
        {
            byte[] places = [.. payloads.Keep(coded[number], Stamp(number), out RtpTimestamp begins)];
            Span<short> sound = heard.AsSpan(number * Packet, Packet);
            if (number % 10 != 7)
            {
                payloads.Decode(96, places, begins, sound);
                continue;
            }

            // In two periods, as a clock of 10 ms asks for it.
            byte[] next = [.. payloads.Keep(coded[number + 1], Stamp(number + 1), out _)];
            Assert.True(payloads.TryConceal(new JitterGap(gapIsKnown, Places / 2, next[0]), sound[..480]));
            Assert.True(payloads.TryConceal(new JitterGap(gapIsKnown, 0, next[0]), sound[480..]));
            for (int index = 0; index < Packet; index++)
            {
                product += (double)sound[index] * expected[(number * Packet) + index];
                power += (double)sound[index] * sound[index];
                expectedPower += Math.Pow(expected[(number * Packet) + index], 2);
            }
        }

        return product / Math.Sqrt(power * expectedPower);
    }

    private static short[] Decode(int piece, byte[][] coded)
    {
        using PacketPayloads payloads = new(AudioCodec.Opus);
        byte[] places = new byte[coded.Length * Places];
        short[] sound = new short[coded.Length * Packet];
        RtpTimestamp first = default;

        // A ring holds half a second; so does this, with all that is decoded meanwhile.
        for (int number = 0; number < coded.Length; number++)
        {
            payloads.Keep(coded[number], Stamp(number), out RtpTimestamp begins).CopyTo(places.AsSpan(number * Places));
            first = number == 0 ? begins : first;
            for (int at = number * Places; at < (number + 1) * Places; at += piece)
            {
                int length = int.Min(piece, ((number + 1) * Places) - at);
                payloads.Decode(96, places.AsSpan(at, length), first + at, sound.AsSpan(at * SamplesPerPlace, length * SamplesPerPlace));
            }
        }

        return sound;
    }

    /// <summary>A voice whose pitch glides, in packets of 20 ms, by an encoder that expects each tenth of them to be lost.</summary>
    private static byte[][] Coded(int packets, OpusParameters wishes)
    {
        using OpusEncoder encoder = new(wishes);
        encoder.ReportLoss(0.1);
        byte[] payload = new byte[CodecFacts.Opus.LongestPayload];
        return [.. Enumerable.Range(0, packets).Select(number =>
        {
            short[] sound = new short[Packet];
            for (int index = 0; index < sound.Length; index++)
            {
                double second = ((number * Packet) + index) / 48_000.0;
                double phase = Math.Tau * ((200 * second) + (8 * Math.Sin(Math.Tau * 2 * second)));
                sound[index] = (short)(5000 * (Math.Sin(phase) + (Math.Sin(3 * phase) / 2) + (Math.Sin(5 * phase) / 3)));
            }

            return payload[..encoder.Encode(sound, payload)];
        })];
    }
}
