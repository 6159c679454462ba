using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntercomAgent.Audio.Codecs;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

/// <summary>Against what another implementation makes of the same speech; <c>g722/make-vectors.sh</c> tells how.</summary>
public sealed class G722Tests
{
    [Fact]
    public void Speech_is_encoded_to_the_bit_as_another_implementation_does()
    {
        short[] speech = Samples("speech");
        byte[] coded = new byte[speech.Length / 2];

        new G722Encoder().Encode(speech, coded);

        Assert.Equal(Octets("speech-coded"), coded);
    }

    [Fact]
    public void Speech_is_decoded_to_the_bit_as_another_implementation_does()
    {
        byte[] coded = Octets("speech-coded");
        short[] decoded = new short[2 * coded.Length];

        new G722Decoder().Decode(coded, decoded);

        Assert.Equal(Samples("speech-decoded"), decoded);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(320)]
    [InlineData(46)]
    public void It_does_not_matter_in_what_pieces_speech_comes(int piece)
    {
        short[] speech = Samples("speech");
        byte[] coded = new byte[speech.Length / 2];
        short[] decoded = new short[speech.Length];
        G722Encoder encoder = new();
        G722Decoder decoder = new();

        for (int at = 0; at < speech.Length; at += piece)
        {
            int length = int.Min(piece, speech.Length - at);
            encoder.Encode(speech.AsSpan(at, length), coded.AsSpan(at / 2));
            decoder.Decode(coded.AsSpan(at / 2, length / 2), decoded.AsSpan(at));
        }

        Assert.Equal(Octets("speech-coded"), coded);
        Assert.Equal(Samples("speech-decoded"), decoded);
    }

    [Fact]
    public void Octets_that_no_encoder_writes_are_decoded_to_the_bit_as_another_implementation_does()
    {
        uint state = 1;
        byte[] noise = [.. Enumerable.Range(0, 4000).Select(_ => (byte)((state = unchecked((state * 1664525) + 1013904223)) >> 24))];
        short[] decoded = new short[2 * noise.Length];

        new G722Decoder().Decode(noise, decoded);

        Assert.Equal(Samples("noise-decoded"), decoded);
    }

    [Fact]
    public void Every_octet_repeated_for_long_is_decoded_and_speech_after_it_is_understood_again()
    {
        byte[] coded = Octets("speech-coded");
        short[] expected = Samples("speech-decoded");
        short[] decoded = new short[2 * coded.Length];
        for (int octet = 0; octet <= byte.MaxValue; octet++)
        {
            byte[] same = [.. Enumerable.Repeat((byte)octet, 2000)];
            G722Decoder decoder = new();
            decoder.Decode(same, new short[2 * same.Length]);

            decoder.Decode(coded, decoded);

            // Leakage has made both ends one again long before the last quarter.
            int last = decoded.Length * 3 / 4;
            double noise = Enumerable.Range(last, decoded.Length - last).Sum(index => Math.Pow(decoded[index] - expected[index], 2));
            double signal = expected.Skip(last).Sum(sample => Math.Pow(sample, 2));
            Assert.True(noise < signal / 1000, $"after octet {octet}: {10 * Math.Log10(signal / noise):0} dB");
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_there_is_an_encoder_and_a_decoder()
    {
        short[] speech = Samples("speech");
        byte[] coded = new byte[speech.Length / 2];
        short[] decoded = new short[speech.Length];
        G722Encoder encoder = new();
        G722Decoder decoder = new();
        encoder.Encode(speech, coded);
        decoder.Decode(coded, decoded);

        long before = GC.GetAllocatedBytesForCurrentThread();
        encoder.Encode(speech, coded);
        decoder.Decode(coded, decoded);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static short[] Samples(string name) => MemoryMarshal.Cast<byte, short>(Octets(name)).ToArray();

    private static byte[] Octets(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "g722", name + ".dat"));
}
