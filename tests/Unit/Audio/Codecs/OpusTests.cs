using System;
using System.Linq;
using IntercomAgent.Audio.Codecs;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

public sealed class OpusTests
{
    private const int Rate = 48_000;
    private const int Packet = 960;

    private static readonly OpusParameters WithFec = OpusParameters.Default with { UseInbandFec = true };

    [Fact]
    public void A_voice_comes_out_as_it_went_in()
    {
        short[] heard = Hear(HighVoice, OpusParameters.Default, _ => true);

        Assert.InRange(SignalToNoise(HighVoice, heard), 9, 60);
    }

    [Fact]
    public void A_lost_packet_is_made_up_from_the_one_after_it_where_that_repeats_it()
    {
        // Losses of one in ten are reported before anybody speaks, and happen.
        short[] repeated = Hear(Voice(4), WithFec, packet => packet % 10 != 5, lossFraction: 0.1);
        short[] guessed = Hear(Voice(4), OpusParameters.Default, packet => packet % 10 != 5, lossFraction: 0.1);
        short[] whole = Hear(Voice(4), WithFec, _ => true, lossFraction: 0.1);
        short[] wholeUnguarded = Hear(Voice(4), OpusParameters.Default, _ => true, lossFraction: 0.1);

        double withRepetition = SignalToNoise(whole, repeated);
        double without = SignalToNoise(wholeUnguarded, guessed);
        Assert.True(withRepetition > without + 3, $"{withRepetition:0.0} dB with repetition, {without:0.0} dB without");
    }

    [Fact]
    public void Nothing_needs_to_be_sent_while_nobody_speaks_where_the_receiver_likes_that()
    {
        using OpusEncoder silent = new(OpusParameters.Default with { UseDtx = true });
        using OpusEncoder talking = new(OpusParameters.Default);
        byte[] packet = new byte[CodecFacts.Opus.LongestPayload];
        short[] silence = new short[Packet];

        int sent = Enumerable.Range(0, 100).Count(_ => silent.Encode(silence, packet) > 0);
        int always = Enumerable.Range(0, 100).Count(_ => talking.Encode(silence, packet) > 0);

        Assert.InRange(sent, 1, 30);
        Assert.Equal(100, always);
    }

    [Fact]
    public void What_a_receiver_cannot_play_is_not_sent()
    {
        // RFC 6716 section 3.1: the configuration number tells the bandwidth; below 4 it is 4 kHz.
        using OpusEncoder encoder = new(OpusParameters.Default with { MaxPlaybackRate = 8000 });
        byte[] packet = new byte[CodecFacts.Opus.LongestPayload];
        short[] voice = Voice(1);
        for (int at = 0; at + Packet <= voice.Length; at += Packet)
        {
            Assert.True(encoder.Encode(voice.AsSpan(at, Packet), packet) > 0);
            Assert.InRange(packet[0] >> 3, 0, 3);
        }
    }

    [Fact]
    public void No_more_is_sent_than_a_receiver_takes_and_packets_are_of_one_size_where_it_wants_that()
    {
        using OpusEncoder encoder = new(OpusParameters.Default with { MaxAverageBitRate = 16_000, ConstantBitRate = true });
        byte[] packet = new byte[CodecFacts.Opus.LongestPayload];
        short[] voice = Voice(2);
        int[] sizes = [.. Enumerable.Range(0, voice.Length / Packet).Select(at => encoder.Encode(voice.AsSpan(at * Packet, Packet), packet))];

        Assert.All(sizes, size => Assert.Equal(40, size));
    }

    [Fact]
    public void A_packet_of_any_length_and_of_two_channels_is_counted_before_it_is_decoded()
    {
        using OpusDecoder decoder = new();

        // RFC 6716 section 3.1: configurations 16 and 1 are 2.5 ms and 20 ms; the lowest two bits 1 mean two frames, bit 2 two channels.
        Assert.Equal(120, decoder.CountSamples([16 << 3]));
        Assert.Equal(1920, decoder.CountSamples([(1 << 3) | 1]));
        Assert.Equal(960, decoder.CountSamples([(1 << 3) | 4]));
        Assert.Equal(0, decoder.CountSamples([]));
        Assert.Equal(0, decoder.CountSamples([3]));
    }

    [Fact]
    public void Whatever_comes_is_decoded_or_refused_and_a_voice_after_it_is_understood()
    {
        uint state = 7;
        using OpusDecoder decoder = new();
        short[] samples = new short[5760];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] packet = new byte[Next() % 60];
            for (int index = 0; index < packet.Length; index++)
            {
                packet[index] = (byte)Next();
            }

            Assert.InRange(decoder.Decode(packet, samples), 0, samples.Length);
            Assert.InRange(decoder.CountSamples(packet), 0, samples.Length);
            _ = decoder.TryConceal(packet, samples.AsSpan(0, Packet));
        }

        short[] heard = Hear(HighVoice, OpusParameters.Default, _ => true, decoder: decoder);
        Assert.InRange(SignalToNoise(HighVoice.AsSpan(Rate / 2), heard.AsSpan(Rate / 2)), 9, 60);

        byte Next() => (byte)((state = unchecked((state * 1664525) + 1013904223)) >> 24);
    }

    [Fact]
    public void A_packet_that_does_not_fit_gives_nothing()
    {
        using OpusDecoder decoder = new();

        Assert.Equal(0, decoder.Decode([1 << 3], new short[Packet - 1]));
    }

    [Fact]
    public void Handles_are_freed_once_however_often_that_is_asked()
    {
        for (int round = 0; round < 1000; round++)
        {
            OpusEncoder encoder = new(WithFec);
            OpusDecoder decoder = new();
            encoder.Dispose();
            decoder.Dispose();
            encoder.Dispose();
            decoder.Dispose();
            _ = Assert.Throws<ObjectDisposedException>(() => decoder.Decode([1 << 3], new short[Packet]));
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_there_is_an_encoder_and_a_decoder()
    {
        using OpusEncoder encoder = new(WithFec);
        using OpusDecoder decoder = new();
        short[] voice = Voice(1);
        short[] samples = new short[Packet];
        byte[] packet = new byte[CodecFacts.Opus.LongestPayload];
        Speak();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Speak();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Speak()
        {
            for (int at = 0; at + Packet <= voice.Length; at += Packet)
            {
                int length = encoder.Encode(voice.AsSpan(at, Packet), packet);
                _ = decoder.CountSamples(packet.AsSpan(0, length));
                _ = decoder.TryConceal(packet.AsSpan(0, length), samples);
                _ = decoder.Decode(packet.AsSpan(0, length), samples);
                encoder.ReportLoss(0.01);
            }
        }
    }

    /// <summary>One whose lowest tone the encoder leaves as it is; of what is lower it shifts the phase.</summary>
    private static short[] HighVoice { get; } = Voice(2, 500, 0);

    /// <summary>Voiced sound with a pitch that glides, loud and soft in turn.</summary>
    private static short[] Voice(int seconds, double pitch = 130, double glide = 30)
    {
        short[] voice = new short[seconds * Rate];
        double phase = 0;
        for (int index = 0; index < voice.Length; index++)
        {
            double second = (double)index / Rate;
            phase += Math.Tau * (pitch + (glide * Math.Sin(Math.Tau * second))) / Rate;
            double sound = Enumerable.Range(1, 12).Sum(harmonic => Math.Sin(harmonic * phase) / harmonic);
            voice[index] = (short)(6000 * (1 + (0.7 * Math.Sin(Math.Tau * 3 * second))) * sound / 2);
        }

        return voice;
    }

    private static short[] Hear(
        short[] voice, OpusParameters wishes, Func<int, bool> arrives, double lossFraction = 0, OpusDecoder? decoder = null)
    {
        using OpusEncoder encoder = new(wishes);
        using OpusDecoder own = new();
        decoder ??= own;
        encoder.ReportLoss(lossFraction);
        short[] heard = new short[voice.Length];
        byte[] packet = new byte[CodecFacts.Opus.LongestPayload];
        bool isMissing = false;
        for (int number = 0; number < voice.Length / Packet; number++)
        {
            int length = encoder.Encode(voice.AsSpan(number * Packet, Packet), packet);
            if (!arrives(number))
            {
                isMissing = true;
                continue;
            }

            if (isMissing)
            {
                Assert.True(decoder.TryConceal(packet.AsSpan(0, length), heard.AsSpan((number - 1) * Packet, Packet)));
                isMissing = false;
            }

            Assert.Equal(Packet, decoder.Decode(packet.AsSpan(0, length), heard.AsSpan(number * Packet, Packet)));
        }

        return heard;
    }

    /// <summary>In decibels, at the delay that fits best: the codec's own is some milliseconds.</summary>
    private static double SignalToNoise(ReadOnlySpan<short> sent, ReadOnlySpan<short> heard)
    {
        double best = double.NegativeInfinity;
        for (int delay = 0; delay < Rate / 50; delay += 2)
        {
            double product = 0;
            double sentPower = 0;
            double heardPower = 0;
            for (int index = Rate / 10; index + delay < heard.Length; index += 3)
            {
                product += (double)sent[index] * heard[index + delay];
                sentPower += (double)sent[index] * sent[index];
                heardPower += (double)heard[index + delay] * heard[index + delay];
            }

            double explained = product * product / (sentPower * heardPower);
            best = double.Max(best, 10 * Math.Log10(explained / (1 - explained)));
        }

        return best;
    }
}
