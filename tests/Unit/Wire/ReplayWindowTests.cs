using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Wire;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Each_number_is_fresh_once_and_the_last_64_are_remembered()
    {
        ReplayWindow window = default;
        Assert.True(window.IsFresh(0));
        window.Add(100);

        Assert.False(window.IsFresh(100));
        Assert.True(window.IsFresh(37));
        Assert.False(window.IsFresh(36));
        window.Add(37);
        Assert.False(window.IsFresh(37));
        window.Add(101);
        Assert.False(window.IsFresh(100));
        Assert.False(window.IsFresh(37));
    }

    [Fact]
    public void It_agrees_with_a_set_that_remembers_everything()
    {
        const int Seed = 6347;
        Random random = new(Seed);
        HashSet<long> seen = [];
        ReplayWindow window = default;
        long newest = 0;
        for (int count = 0; count < 20_000; count++)
        {
            long number = Math.Max(0, newest + random.Next(-80, 20) + (random.Next(200) == 0 ? 1000 : 0));
            bool isFresh = !seen.Contains(number) && (number > newest || seen.Count == 0 || newest - number < ReplayWindow.Size);
            Assert.True(isFresh == window.IsFresh(number), $"seed {Seed}, step {count}, number {number}");
            if (isFresh)
            {
                window.Add(number);
                _ = seen.Add(number);
                newest = Math.Max(newest, number);
            }
        }
    }
}
