using System;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio.Codecs;

public sealed class AudioCodersTests
{
    public static TheoryData<string> Codecs => [.. Enum.GetNames<AudioCodec>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_packet_of_each_codec_holds_as_many_samples_as_its_facts_say(string name)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(name);
        CodecFacts facts = CodecFacts.Of(codec);
        using IAudioEncoder encoder = AudioCoders.NewEncoder(codec, OpusParameters.Default);
        using IAudioDecoder decoder = AudioCoders.NewDecoder(codec);
        short[] sound = [.. Enumerable.Range(0, facts.PacketSamples).Select(index => (short)(8000 * Math.Sin(Math.Tau * 440 * index / facts.SampleRate)))];
        byte[] payload = new byte[facts.LongestPayload];
        short[] decoded = new short[facts.PacketSamples];
        for (int packet = 0; packet < 10; packet++)
        {
            int length = encoder.Encode(sound, payload);

            Assert.InRange(length, 1, facts.LongestPayload);
            Assert.Equal(facts.PacketSamples, decoder.CountSamples(payload.AsSpan(0, length)));
            Assert.Equal(facts.PacketSamples, decoder.Decode(payload.AsSpan(0, length), decoded));
        }

        Assert.InRange(decoded.Max(), 6000, 10_000);
        Assert.Equal(0, decoder.Decode(payload.AsSpan(0, encoder.Encode(sound, payload)), decoded.AsSpan(1)));
    }

    [Theory]
    [InlineData("Pcmu", 0, 8000, 8000)]
    [InlineData("Pcma", 8, 8000, 8000)]
    [InlineData("G722", 9, 16_000, 8000)]
    [InlineData("Opus", 96, 48_000, 48_000)]
    public void Payload_types_and_clocks_are_those_that_are_assigned(string name, int payloadType, int sampleRate, int clockRate)
    {
        CodecFacts facts = CodecFacts.Of(Enum.Parse<AudioCodec>(name));

        Assert.Equal((payloadType, sampleRate, clockRate), (facts.PayloadType, facts.SampleRate, facts.ClockRate));
    }

    [Fact]
    public void L16_gives_every_sample_back_in_network_order()
    {
        short[] samples = [short.MinValue, -2, 0, 1, 0x1234, short.MaxValue];
        byte[] encoded = new byte[2 * samples.Length];
        short[] decoded = new short[samples.Length];

        L16.Encode(samples, encoded);
        L16.Decode(encoded, decoded);

        Assert.Equal([0x12, 0x34], encoded[8..10]);
        Assert.Equal(samples, decoded);
    }
}
