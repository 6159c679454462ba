using System;
using System.Linq;
using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class AttentionToneTests
{
    [Fact]
    public void It_is_silent_until_it_is_started_and_ends_by_itself()
    {
        AttentionTone tone = new(8000);
        short[] period = new short[160];
        tone.AddTo(period);
        Assert.All(period, sample => Assert.Equal(0, sample));

        tone.Start();
        short[] second = new short[8000];
        tone.AddTo(second);
        Assert.InRange(second.Take(2500).Max(), (short)16000, (short)16400);
        Assert.All(second.Skip(2500), sample => Assert.Equal(0, sample));
        tone.AddTo(period);
        Assert.All(period, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void It_begins_anew_and_is_added_to_what_is_there()
    {
        AttentionTone tone = new(8000);
        short[] first = new short[160];
        short[] again = [.. Enumerable.Repeat((short)100, 160)];
        tone.Start();
        tone.AddTo(first);
        tone.Start();
        tone.AddTo(again);

        Assert.Equal(first.Select(sample => sample + 100), again.Select(sample => (int)sample));
    }

    [Fact]
    public void It_neither_clicks_nor_makes_garbage()
    {
        AttentionTone tone = new(8000);
        short[] all = new short[3000];
        tone.Start();
        long before = GC.GetAllocatedBytesForCurrentThread();
        tone.AddTo(all);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, all[0]);
        Assert.Equal(0, all[999]);
        Assert.InRange(Enumerable.Range(1, 2998).Max(index => Math.Abs(all[index] - all[index - 1])), 1, 12000);
    }
}
