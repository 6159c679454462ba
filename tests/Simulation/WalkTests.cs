using System;
using System.Globalization;
using System.IO;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit;

namespace IntercomAgent.Tests.Simulation;

/// <summary>
/// A sample of the systematic walk, whose seed is fixed, and what a seed is good for. The random walk, which looks at the heap as well, is
/// with <see cref="MemoryTests"/>.
/// </summary>
public sealed class WalkTests(ITestOutputHelper log)
{
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
