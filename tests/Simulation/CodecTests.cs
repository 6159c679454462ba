using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Audio;
using IntercomAgent.Audio.Codecs;
using IntercomAgent.Configuration;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>Door calls in each codec, with whole agents.</summary>
public sealed class CodecTests
{
    public static TheoryData<string> Codecs => [.. Enum.GetNames<AudioCodec>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Both_hear_the_other_at_the_codecs_rate_and_a_code_opens_the_door(string name)
    {
        AudioCodec codec = Enum.Parse<AudioCodec>(name);
        using House house = new(seed: 61);
        (Resident door, Resident indoor) = Call(house, codec);

        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 100 && indoor.Ear.LoudPeriods > 100, 5));
        Assert.InRange(door.Ear.Pitch, indoor.Voice.Hertz - 3, indoor.Voice.Hertz + 3);
        Assert.InRange(indoor.Ear.Pitch, door.Voice.Hertz - 3, door.Voice.Hertz + 3);
        Assert.Equal(CodecFacts.Of(codec).SampleRate, door.Host.Audio.SampleRate);
        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Host.DoorOpenings == 1, 5));
        Assert.Equal(0, door.Calls.CurrentCall!.Stream.PacketsLost);
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void The_codec_changes_in_mid_call_where_a_new_offer_says_so()
    {
        using House house = new(seed: 62);
        (Resident door, Resident indoor) = Call(house, AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcmu);
        List<int> rates = [door.Host.Audio.SampleRate];

        // On its way each new offer loses what was agreed on: payload types that nobody knows stand in its place.
        foreach (bool isPlain in new[] { false, true })
        {
            house.Machine.Network.Rewrites = bytes => WithoutTheBest(bytes, isPlain);
            Assert.True(door.Calls.TryHold(hold: true, house.Loop.Now));
            house.Run(0.2);
            Assert.True(door.Calls.TryHold(hold: false, house.Loop.Now));
            house.Run(2.5);
            rates.Add(door.Host.Audio.SampleRate);
            Assert.InRange(door.Ear.Pitch, indoor.Voice.Hertz - 3, indoor.Voice.Hertz + 3);
            Assert.InRange(indoor.Ear.Pitch, door.Voice.Hertz - 3, door.Voice.Hertz + 3);
        }

        Assert.Equal([48_000, 16_000, 8000], rates);
        Assert.True(indoor.Calls.TryDial(House.Code, house.Loop.Now));
        Assert.True(house.RunUntil(() => door.Host.DoorOpenings == 1, 5));
        Assert.Equal(0, house.End());
    }

    [Fact]
    public void Two_agents_agree_on_the_best_that_both_have()
    {
        using House house = new(seed: 63);
        Resident door = house.Add(
            House.Door(RingOrder.InOrder, 5061), media => media with { Codecs = [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma] });
        Resident indoor = house.Add(House.Indoor(), media => media with { Codecs = [AudioCodec.Pcma, AudioCodec.G722] });
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 10 && indoor.Ear.LoudPeriods > 10, 5));

        Assert.Equal((16_000, 16_000), (door.Host.Audio.SampleRate, indoor.Host.Audio.SampleRate));
        Assert.Equal(0, house.End());
    }

    private static (Resident Door, Resident Indoor) Call(House house, params AudioCodec[] codecs)
    {
        Resident door = house.Add(House.Door(RingOrder.InOrder, 5061), Media);
        Resident indoor = house.Add(House.Indoor(), Media);
        door.Panel.Press(0, house.Machine.Now);
        Assert.True(house.RunUntil(() => door.Ear.LoudPeriods > 10 && indoor.Ear.LoudPeriods > 10, 5));
        return (door, indoor);

        MediaConfiguration Media(MediaConfiguration media) => media with { Codecs = codecs };
    }

    private static byte[] WithoutTheBest(byte[] bytes, bool isPlain)
    {
        string text = Encoding.Latin1.GetString(bytes);
        int start = text.IndexOf("m=audio", StringComparison.Ordinal);
        if (!text.StartsWith("INVITE", StringComparison.Ordinal) || start < 0)
        {
            return bytes;
        }

        int end = text.IndexOf("\r\n", start, StringComparison.Ordinal);
        string line = text[start..end].Replace(" 96", " 95", StringComparison.Ordinal);
        line = isPlain ? line.Replace(" 9 ", " 3 ", StringComparison.Ordinal) : line;
        return Encoding.Latin1.GetBytes(text[..start] + line + text[end..]);
    }
}
