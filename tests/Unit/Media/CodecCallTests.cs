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

/// <summary>A tone on its way from one stream to another, codec by codec, with sound at any rate on either side.</summary>
public sealed class CodecCallTests
{
    private const int Tone = 440;
    private const int PacketsPerSecond = CodecFacts.PacketsPerSecond;

    private readonly byte[] _packet = new byte[AudioStream.PacketCapacity];
    private readonly AudioStream _sender = new(new SeededRandom(1), AudioStream.PacketSamples);
    private AudioStream _listener = new(new SeededRandom(2), AudioStream.PacketSamples);
    private int _pieces = 1;
    private Instant _now = Instant.Zero;
    private int _sent;

    public static TheoryData<string, int, int> CodecsAndRates => new(
        from codec in Enum.GetNames<AudioCodec>()
        from said in CodecFacts.SampleRates.ToArray()
        from heard in CodecFacts.SampleRates.ToArray()
        select (codec, said, heard));

    public static TheoryData<string, int> CodecsAndPieces => new(
        from codec in Enum.GetNames<AudioCodec>()
        from pieces in (int[])[1, 2, 4]
        select (codec, pieces));

    public static TheoryData<string> Codecs => [.. Enum.GetNames<AudioCodec>()];

    [Theory]
    [MemberData(nameof(CodecsAndRates))]
    public void A_tone_is_heard_as_it_was_said_whatever_the_rates(string name, int saidAt, int heardAt)
    {
        Configure(Agreements.On(Enum.Parse<AudioCodec>(name)));
        _ = Call(25, saidAt, heardAt);
        List<short> heard = Call(50, saidAt, heardAt);

        Assert.InRange(ShareOfTone(heard, heardAt), 0.98, 1);
        Assert.InRange(heard.Max(), 6500, 9500);
        Assert.Equal(0, _listener.Jitter.Concealed);
    }

    [Theory]
    [MemberData(nameof(CodecsAndPieces))]
    public void A_lost_packet_in_twenty_leaves_the_tone_a_tone(string name, int pieces)
    {
        _listener = new AudioStream(new SeededRandom(2), AudioStream.PacketSamples / pieces);
        _pieces = pieces;
        Configure(Agreements.On(Enum.Parse<AudioCodec>(name)) with { OpusWishes = OpusParameters.Default with { UseInbandFec = true } });
        _ = Call(25, 48_000, 48_000);
        List<short> heard = Call(100, 48_000, 48_000, packet => packet % 20 != 7);

        Assert.InRange(ShareOfTone(heard, 48_000), 0.9, 1);
        Assert.InRange(_listener.Counters.Concealed.TotalMilliseconds, 80, 160);
    }

    [Fact]
    public void Packets_that_are_overtaken_find_their_places()
    {
        Configure(Agreements.On(AudioCodec.Opus));
        byte[]? held = null;
        List<short> heard = [];
        for (int packet = 0; packet < 150; packet++)
        {
            byte[] sent = Next(48_000);
            if (packet % 5 == 3)
            {
                held = sent;
            }
            else
            {
                _ = _listener.Receive(sent, _now);
                _ = held is not null && _listener.Receive(held, _now);
                held = null;
            }

            heard.AddRange(Play(48_000));
        }

        Assert.InRange(ShareOfTone([.. heard.Skip(heard.Count / 2)], 48_000), 0.98, 1);
    }

    [Fact]
    public void Another_codec_in_the_middle_of_a_call_is_heard_at_once()
    {
        AudioCodec[] codecs = [AudioCodec.Pcmu, AudioCodec.Opus, AudioCodec.G722, AudioCodec.L16, AudioCodec.Pcma, AudioCodec.Opus];
        foreach (AudioCodec codec in codecs)
        {
            Configure(Agreements.On(codec));
            int rate = CodecFacts.Of(codec).SampleRate;
            _ = Call(15, rate, rate);
            List<short> heard = Call(25, rate, rate);

            Assert.InRange(ShareOfTone(heard, rate), 0.98, 1);
            Assert.InRange(heard.Max(), 6500, 9500);
        }
    }

    [Fact]
    public void A_key_in_between_is_no_sound_and_counts_once()
    {
        Configure(Agreements.On(AudioCodec.Opus));
        _ = Call(25, 48_000, 48_000);
        Assert.True(DtmfDigit.TryFromKey('7', out DtmfDigit seven) && _sender.TryPressKey(seven));

        List<char> keys = [];
        for (int packet = 0; packet < 50; packet++)
        {
            _ = Call(1, 48_000, 48_000);
            if (_listener.TryTakeDigit(out DtmfDigit digit))
            {
                keys.Add(digit.Key);
            }
        }

        Assert.Equal(['7'], keys);
        Assert.InRange(ShareOfTone(Call(25, 48_000, 48_000), 48_000), 0.98, 1);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Any_payload_is_played_as_something(string name)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(name);
        CodecFacts facts = CodecFacts.Of(codec);
        Configure(Agreements.On(codec));
        Random random = new(11);
        for (int packet = 0; packet < 2000; packet++)
        {
            byte[] sent = new byte[RtpHeader.Size + random.Next(0, 1450)];
            random.NextBytes(sent);
            new RtpHeader(
                facts.PayloadType, random.Next(9) == 0, new SequenceNumber((ushort)packet),
                new RtpTimestamp((uint)(packet * facts.PacketTicks)), new Ssrc(5)).Write(sent);
            _ = _listener.Receive(sent, _now);
            _ = Play(facts.SampleRate);
        }

        Assert.True(_listener.Counters.PacketsReceived > 1900);
    }

    [Theory]
    [MemberData(nameof(CodecsAndRates))]
    public void A_period_costs_no_memory(string name, int saidAt, int heardAt)
    {
        Configure(Agreements.On(Enum.Parse<AudioCodec>(name)));
        short[] sound = new short[saidAt / PacketsPerSecond];
        short[] period = new short[heardAt / PacketsPerSecond];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Run();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (int packet = 0; packet < 60; packet++)
            {
                int length = _sender.WritePacket(sound, _packet, _now);
                if (packet % 10 != 3)
                {
                    _ = _listener.Receive(_packet.AsSpan(0, length), _now);
                }

                _listener.Play(period, _now);
                _now += TimeSpan.FromMilliseconds(20);
            }
        }
    }

    private void Configure(AudioAgreement agreement)
    {
        _sender.Configure(agreement, _now);
        _listener.Configure(agreement, _now);
    }

    private List<short> Call(int packets, int saidAt, int heardAt, Func<int, bool>? arrives = null)
    {
        List<short> heard = [];
        for (int packet = 0; packet < packets; packet++)
        {
            byte[] sent = Next(saidAt);
            if (arrives?.Invoke(packet) != false)
            {
                Assert.True(_listener.Receive(sent, _now));
            }

            heard.AddRange(Play(heardAt));
        }

        return heard;
    }

    private byte[] Next(int rate)
    {
        short[] sound = new short[rate / PacketsPerSecond];
        for (int index = 0; index < sound.Length; index++)
        {
            sound[index] = (short)(8000 * Math.Sin(Math.Tau * Tone * (_sent + ((double)index / sound.Length)) / PacketsPerSecond));
        }

        _sent++;
        return _packet[.._sender.WritePacket(sound, _packet, _now)];
    }

    private short[] Play(int rate)
    {
        short[] period = new short[rate / PacketsPerSecond];
        int length = period.Length / _pieces;
        for (int first = 0; first < period.Length; first += length)
        {
            _listener.Play(period.AsSpan(first, length), _now);
            _now += TimeSpan.FromMilliseconds(20.0 / _pieces);
        }

        return period;
    }

    /// <summary>The share of the power that is the tone.</summary>
    private static double ShareOfTone(List<short> samples, int sampleRate)
    {
        double sine = 0;
        double cosine = 0;
        double power = 0;
        for (int index = 0; index < samples.Count; index++)
        {
            double angle = Math.Tau * Tone * index / sampleRate;
            sine += samples[index] * Math.Sin(angle);
            cosine += samples[index] * Math.Cos(angle);
            power += (double)samples[index] * samples[index];
        }

        return 2 * ((sine * sine) + (cosine * cosine)) / (power * samples.Count);
    }
}
