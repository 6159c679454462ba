using System;
using System.Linq;
using IntercomAgent.Station;
using Xunit;

namespace IntercomAgent.Tests.Unit.Station;

public sealed class StationNoiseTests
{
    /// <summary>Whatever happens in whatever order: no exception, one strike pulse at most, and the end leaves nothing behind.</summary>
    [Fact]
    public void Survives_every_order_of_input()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            Random random = new(seed);
            StationDouble world = new(StationDouble.Settings(random.Next(2) == 0 ? RingOrder.All : RingOrder.InOrder) with
            {
                ButtonHangsUp = random.Next(2) == 0,
                Incoming = new IncomingPolicy { Answers = true, Callers = [new CallerPattern("*")], AnswerAfter = TimeSpan.FromSeconds(random.Next(3)) },
            });
            bool open = false;
            for (int step = 0; step < 200; step++)
            {
                foreach (string line in Happen(world, random))
                {
                    Assert.False(line == "open" && open, $"opened twice, seed {seed}");
                    open = line == "open" || (open && line != "close");
                }
            }

            string[] last = world.End();
            Assert.True(open == last.Contains("close"), $"the strike at the end, seed {seed}");
            Assert.True(world.Wait(1000).Length == 0, $"something was left, seed {seed}");
        }
    }

    private static string[] Happen(StationDouble world, Random random)
    {
        int call = random.Next(1, 12);
        return random.Next(9) switch
        {
            0 => world.Press(),
            1 => world.Ringing(call),
            2 => world.Answered(call, isOpen: random.Next(2) == 0),
            3 => world.Over(call, (CallOutcome)random.Next(6)),
            4 => world.Incoming(),
            5 => world.Secured(call),
            6 => world.Dial(call, StationDouble.Code),
            7 => world.Dial(call, random.Next(100).ToString()),
            _ => world.Wait(random.NextDouble() * 10),
        };
    }
}
