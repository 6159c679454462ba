using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class PeriodBufferTests
{
    [Theory]
    [InlineData(160, 0)]
    [InlineData(80, 80)]
    [InlineData(40, 120)]
    public void Gives_back_every_sample_in_order_as_soon_as_its_period_is_complete(int devicePeriod, int delay)
    {
        PeriodBuffer buffer = new(160);
        List<short> played = [];
        short next = 1;
        for (int period = 0; period < 1600 / devicePeriod; period++)
        {
            foreach (ref short sample in buffer.NextCapture(devicePeriod))
            {
                sample = next++;
            }

            if (buffer.Complete(devicePeriod))
            {
                buffer.Captured.CopyTo(buffer.Played);
            }

            played.AddRange(buffer.NextPlay(devicePeriod));
        }

        // What waits is exactly the part of a period that had been captured before the period was complete.
        Assert.All(played.Take(delay), sample => Assert.Equal(0, sample));
        Assert.Equal(Enumerable.Range(1, played.Count - delay).Select(sample => (short)sample), played.Skip(delay));
    }
}
