using System;
using System.Collections.Generic;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench;

/// <summary>What a packet of 20 ms costs in each codec, and what a change of rate costs and leaves behind.</summary>
internal static class CodecBench
{
    private const int Packets = 500;
    private const int Runs = 5;
    private const double Hertz = 1000;

    private static readonly (int From, int To)[] Conversions = [(8000, 48_000), (16_000, 48_000), (48_000, 16_000), (48_000, 8000)];

    public static IEnumerable<Row> Measure()
    {
        foreach (AudioCodec codec in Enum.GetValues<AudioCodec>())
        {
            (double encode, double decode) = Cost(codec);
            bool isG722 = codec == AudioCodec.G722;
            SpanDsp? peer = isG722 ? new SpanDsp() : null;
            short[] sound = Tone(320);
            byte[] coded = new byte[160];
            double? peerEncode = peer is null ? null : Microseconds(_ => peer.Encode(sound, coded));
            double? peerDecode = peer is null ? null : Microseconds(_ => peer.Decode(coded, sound));
            string name = isG722 ? "libspandsp2" : "";
            yield return new($"encode 20 ms, {CodecFacts.Of(codec).Name}", "µs", encode, peerEncode, name);
            yield return new($"decode 20 ms, {CodecFacts.Of(codec).Name}", "µs", decode, peerDecode, name);
        }

        string speex = $"libspeexdsp1, quality {SpeexResampler.Quality}";
        foreach ((int from, int to) in Conversions)
        {
            Resampler ours = new(from, to, from / CodecFacts.PacketsPerSecond);
            using SpeexResampler peer = new(from, to);
            (double ourCost, double ourNoise) = Cost(from, to, (input, output) => ours.Convert(input, output));
            (double peerCost, double peerNoise) = Cost(from, to, peer.Convert);
            yield return new($"convert 20 ms, {from} to {to} Hz", "µs", ourCost, peerCost, speex);
            yield return new($"what a tone leaves beside it, {from} to {to} Hz", "dB", ourNoise, peerNoise, speex);
        }
    }

    private delegate int Conversion(ReadOnlySpan<short> input, Span<short> output);

    private static (double Encode, double Decode) Cost(AudioCodec codec)
    {
        CodecFacts facts = CodecFacts.Of(codec);
        using IAudioEncoder encoder = AudioCoders.NewEncoder(codec, OpusParameters.Default with { UseInbandFec = true });
        using IAudioDecoder decoder = AudioCoders.NewDecoder(codec);
        short[] sound = Voice(facts);
        short[] decoded = new short[facts.PacketSamples];
        byte[] payloads = new byte[Packets * facts.LongestPayload];
        int[] lengths = new int[Packets];
        double encode = Microseconds(packet => lengths[packet] = encoder.Encode(
            sound.AsSpan(packet * facts.PacketSamples, facts.PacketSamples), payloads.AsSpan(packet * facts.LongestPayload, facts.LongestPayload)));
        double decode = Microseconds(packet => decoder.Decode(payloads.AsSpan(packet * facts.LongestPayload, lengths[packet]), decoded));
        return (encode, decode);
    }

    private static (double Cost, double Noise) Cost(int from, int to, Conversion convert)
    {
        short[] tone = Tone(Packets * from / CodecFacts.PacketsPerSecond, from);
        int packet = from / CodecFacts.PacketsPerSecond;
        short[] converted = new short[(Packets + 1) * to / CodecFacts.PacketsPerSecond];
        int length = 0;
        for (int at = 0; at < tone.Length; at += packet)
        {
            length += convert(tone.AsSpan(at, packet), converted.AsSpan(length));
        }

        short[] last = new short[2 * to / CodecFacts.PacketsPerSecond];
        double cost = Microseconds(number => convert(tone.AsSpan(number * packet, packet), last));
        return (cost, Noise(converted.AsSpan(length / 2, length / 4), to));
    }

    /// <summary>The processor's time that one of many took, the middle of several runs.</summary>
    private static double Microseconds(Action<int> work)
    {
        List<double> runs = [];
        for (int run = 0; run < Runs; run++)
        {
            TimeSpan started = ProcessorClock.Now;
            for (int packet = 0; packet < Packets; packet++)
            {
                work(packet);
            }

            runs.Add((ProcessorClock.Now - started).TotalMicroseconds / Packets);
        }

        return Table.Median(runs);
    }

    /// <summary>The power of all that is not the tone, in decibels of the tone's.</summary>
    private static double Noise(ReadOnlySpan<short> sound, int rate)
    {
        double sine = 0;
        double cosine = 0;
        double power = 0;
        int whole = sound.Length / rate * rate;
        for (int index = 0; index < whole; index++)
        {
            sine += sound[index] * Math.Sin(Math.Tau * Hertz * index / rate);
            cosine += sound[index] * Math.Cos(Math.Tau * Hertz * index / rate);
            power += (double)sound[index] * sound[index];
        }

        double tone = 2 * ((sine * sine) + (cosine * cosine)) / whole;
        return 10 * Math.Log10((power - tone) / tone);
    }

    private static short[] Tone(int samples, int rate = 16_000)
    {
        short[] tone = new short[samples];
        for (int index = 0; index < samples; index++)
        {
            tone[index] = (short)Math.Round(10_000 * Math.Sin(Math.Tau * Hertz * index / rate));
        }

        return tone;
    }

    /// <summary>Harmonics of a pitch that glides, and a hiss.</summary>
    private static short[] Voice(CodecFacts facts)
    {
        Random random = new(3);
        short[] voice = new short[Packets * facts.PacketSamples];
        for (int index = 0; index < voice.Length; index++)
        {
            double second = (double)index / facts.SampleRate;
            double phase = Math.Tau * ((140 * second) + (10 * Math.Sin(second)));
            double sound = Math.Sin(phase) + (0.6 * Math.Sin(2 * phase)) + (0.4 * Math.Sin(5 * phase)) + (0.2 * ((2 * random.NextDouble()) - 1));
            voice[index] = (short)(4000 * sound);
        }

        return voice;
    }
}
