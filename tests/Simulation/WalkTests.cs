using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// The walks that are part of every test run. Their seeds are fixed, so that a run says something about the source and not about the day;
/// <c>tests/simulate</c> takes others, and as many calls as one asks for.
/// </summary>
public sealed class WalkTests(ITestOutputHelper log)
{
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

    [Fact]
    public void A_call_can_be_hung_up_at_every_event_whatever_the_handshake_loses()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        bool isWell = new SystematicWalk(output).RunSample(runs: 20_000, seed: 1);
        log.WriteLine(output.ToString());
        Assert.True(isWell, output.ToString());
    }

    [Fact]
    public void A_world_can_be_replayed_event_by_event_from_its_seed()
    {
        static string Trace()
        {
            using StringWriter output = new(CultureInfo.InvariantCulture);
            Assert.True(new RandomWalk(output).Trace(seed: 3));
            return output.ToString();
        }

        string trace = Trace();
        Assert.Equal(trace, Trace());
        Assert.Contains("presses the button", trace, StringComparison.Ordinal);
        Assert.Contains("INVITE sip:in@", trace, StringComparison.Ordinal);
    }
}
