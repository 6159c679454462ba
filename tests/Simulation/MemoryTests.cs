using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Station;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>What looks at the heap runs alone: it is one for all tests of the process.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryCollection;

/// <summary>Nothing that lives on makes memory grow. The numbers are those of <c>races.md</c>.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(ITestOutputHelper log)
{
    /// <summary>Less than a hundred bytes for each of what is done thousands of times; the rest is lists that have grown once.</summary>
    private const long Tolerance = 256 << 10;

    // The seeds are fixed, so that a run says something about the source and not about the day; tests/simulate takes others.
    [Theory]
    [InlineData(1_000_000, 10_000)]
    [InlineData(2_000_000, 10_000)]
    public void No_order_of_events_hangs_leaks_crashes_or_crosses_calls(int seed, int calls)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        bool isWell = new RandomWalk(output).Run(calls, seed);
        log.WriteLine(output.ToString());
        Assert.True(isWell, output.ToString());
    }

    // Race 19.
    [Fact]
    public void Ten_thousand_new_offers_in_one_call_leave_nothing_behind()
    {
        using Duo duo = new(seed: 305, callLimit: TimeSpan.FromHours(3));
        duo.Press();
        duo.Talk();
        long first = ChangeOften(duo, pairs: 2500);
        long second = ChangeOften(duo, pairs: 2500);

        Assert.InRange(second, 0, first + Tolerance);
        duo.Talk();
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    // Race 19, where each offer renews the association.
    [Fact]
    public void Two_hundred_associations_in_one_call_leave_nothing_behind()
    {
        using Duo duo = new(seed: 306, callLimit: TimeSpan.FromHours(3));
        duo.Press();
        duo.Talk();
        long first = Renew(duo, times: 100);
        long second = Renew(duo, times: 100);

        Assert.InRange(second, 0, first + Tolerance);
        Assert.Equal(StationState.Talking, duo.Door.Host.State);
        duo.HangUp(Side.Door);
        duo.AssertNothingIsLeft();
    }

    private static long Renew(Duo duo, int times)
    {
        for (int time = 0; time < times; time++)
        {
            duo.RenewAssociation((char)('a' + (time % 20)));
            duo.HoldAndResume();
            duo.Talk();
            duo.Wire.Clear();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static long ChangeOften(Duo duo, int pairs)
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            // A transaction is remembered for 32 s, and 256 of them at most.
            duo.House.Run(0.3);
            duo.HoldAndResume();
            duo.Wire.Clear();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
