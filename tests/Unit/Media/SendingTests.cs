using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Media;
using IntercomAgent.Rtp;
using IntercomAgent.Sdp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Media;

/// <summary>What a stream sends, codec by codec.</summary>
public sealed class SendingTests
{
    private const int Tone = 440;

    private readonly byte[] _packet = new byte[AudioStream.PacketCapacity];
    private readonly short[] _captured = new short[AudioStream.PacketSamples];
    private int _sample;
    private Instant _now = Instant.Zero;

    public static TheoryData<string> Codecs => [.. Enum.GetNames<AudioCodec>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_tone_is_sent_as_a_tone_and_stamped_by_the_codecs_clock(string name)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(name);
        CodecFacts facts = CodecFacts.Of(codec);
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        using IAudioDecoder decoder = AudioCoders.NewDecoder(codec);
        stream.Configure(Agreements.On(codec), _now);
        List<short> heard = [];
        RtpHeader? last = null;
        for (int period = 0; period < 50; period++)
        {
            RtpPacket packet = Next(stream);
            short[] samples = new short[facts.PacketSamples];
            Assert.Equal(facts.PacketSamples, decoder.Decode(packet.Payload, samples));
            Assert.Equal(facts.PayloadType, packet.Header.PayloadType);
            Assert.Equal(facts.PacketTicks, last is { } before ? packet.Header.Timestamp - before.Timestamp : facts.PacketTicks);
            Assert.Equal(period == 0, packet.Header.Marker);
            last = packet.Header;
            heard.AddRange(samples);
        }

        Assert.InRange(PowerOfTone(heard, facts.SampleRate), 0.98, 1);
    }

    [Fact]
    public void Another_codec_on_the_same_clock_goes_on_as_the_same_source()
    {
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        stream.Configure(Agreements.On(AudioCodec.Pcmu), _now);
        RtpHeader first = Next(stream).Header;

        stream.Configure(Agreements.On(AudioCodec.G722), _now);
        RtpHeader second = Next(stream).Header;

        Assert.Equal((first.Ssrc, 160, false), (second.Ssrc, second.Timestamp - first.Timestamp, second.Marker));
        Assert.Equal(9, second.PayloadType);
    }

    [Fact]
    public void A_codec_on_another_clock_comes_from_another_source()
    {
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        stream.Configure(Agreements.On(AudioCodec.Pcmu), _now);
        RtpHeader first = Next(stream).Header;

        stream.Configure(Agreements.On(AudioCodec.Opus), _now);
        RtpHeader second = Next(stream).Header;
        RtpHeader third = Next(stream).Header;

        Assert.NotEqual(first.Ssrc, second.Ssrc);
        Assert.True(second.Marker);
        Assert.Equal((second.Ssrc, 960), (third.Ssrc, third.Timestamp - second.Timestamp));
    }

    [Fact]
    public void An_agreement_that_changes_nothing_leaves_the_encoder_as_it_is()
    {
        using AudioStream changed = new(new SeededRandom(1), AudioStream.PacketSamples);
        using AudioStream unchanged = new(new SeededRandom(1), AudioStream.PacketSamples);
        changed.Configure(Agreements.On(AudioCodec.G722), _now);
        unchanged.Configure(Agreements.On(AudioCodec.G722), _now);
        for (int period = 0; period < 20; period++)
        {
            _sample = period * AudioStream.PacketSamples;
            byte[] expected = Next(unchanged).Payload.ToArray();
            _sample = period * AudioStream.PacketSamples;
            changed.Configure(Agreements.On(AudioCodec.G722), _now);
            Assert.Equal(expected, Next(changed).Payload.ToArray());
        }
    }

    [Theory]
    [InlineData("Opus", 48_000, 960, 960)]
    [InlineData("Opus", 8000, 960, 160)]
    [InlineData("G722", 8000, 160, 160)]
    public void A_key_lasts_as_long_as_the_clock_of_its_events_says(string name, int eventClock, int packetTicks, int eventTicks)
    {
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        stream.Configure(
            Agreements.On(Enum.Parse<AudioCodec>(name)) with { SendEvents = new EventFormat(101, eventClock) }, _now);
        RtpHeader voice = Next(stream).Header;
        Assert.True(DtmfDigit.TryFromKey('5', out DtmfDigit digit) && stream.TryPressKey(digit));

        for (int period = 1; period <= 5; period++)
        {
            RtpPacket packet = Next(stream);
            Assert.True(TelephoneEvent.TryRead(packet.Payload, out TelephoneEvent key));
            Assert.Equal((101, packetTicks), (packet.Header.PayloadType, packet.Header.Timestamp - voice.Timestamp));
            Assert.Equal((5, period * eventTicks), (key.Code, key.Duration));
        }
    }

    [Fact]
    public void While_nobody_speaks_nothing_is_sent_to_who_likes_that_and_time_goes_on()
    {
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        OpusParameters wishes = OpusParameters.Default with { UseDtx = true };
        stream.Configure(Agreements.On(AudioCodec.Opus) with { OpusWishes = wishes }, _now);
        RtpHeader first = Next(stream).Header;
        int silent = Enumerable.Range(0, 50).Count(_ => stream.WritePacket(new short[AudioStream.PacketSamples], _packet, _now) == 0);

        RtpHeader last = default;
        for (int period = 0; period < 5; period++)
        {
            last = Next(stream).Header;
        }

        Assert.InRange(silent, 30, 50);
        Assert.Equal(55 * 960, last.Timestamp - first.Timestamp);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_packet_costs_no_memory(string name)
    {
        using AudioStream stream = new(new SeededRandom(1), AudioStream.PacketSamples);
        stream.Configure(Agreements.On(Enum.Parse<AudioCodec>(name)), _now);
        _ = Next(stream);
        _ = Next(stream);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int period = 0; period < 50; period++)
        {
            _ = Next(stream);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private RtpPacket Next(AudioStream stream)
    {
        for (int index = 0; index < _captured.Length; index++)
        {
            _captured[index] = (short)(8000 * Math.Sin(Math.Tau * Tone * _sample++ / AudioStream.SampleRate));
        }

        int length = stream.WritePacket(_captured, _packet, _now);
        _now += TimeSpan.FromMilliseconds(20);
        Assert.True(RtpPacket.TryRead(_packet.AsSpan(0, length), out RtpPacket packet));
        return packet;
    }

    /// <summary>The share of the power of the second half that is the tone.</summary>
    private static double PowerOfTone(List<short> samples, int sampleRate)
    {
        double sine = 0;
        double cosine = 0;
        double power = 0;
        int first = samples.Count / 2;
        for (int index = first; index < samples.Count; index++)
        {
            double angle = Math.Tau * Tone * index / sampleRate;
            sine += samples[index] * Math.Sin(angle);
            cosine += samples[index] * Math.Cos(angle);
            power += (double)samples[index] * samples[index];
        }

        return 2 * ((sine * sine) + (cosine * cosine)) / (power * (samples.Count - first));
    }
}
