using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class PacketBufferTests
{
    [Theory]
    [InlineData(160)]
    [InlineData(80)]
    public void Gives_back_every_sample_in_order_as_soon_as_its_packet_is_complete(int devicePeriod)
    {
        PacketBuffer buffer = new(160);
        List<short> packets = [];
        for (short next = 1; next <= 1600;)
        {
            foreach (ref short sample in buffer.Next(devicePeriod))
            {
                sample = next++;
            }

            bool isComplete = buffer.Complete(devicePeriod);
            Assert.Equal((next - 1) % 160 == 0, isComplete);
            packets.AddRange(isComplete ? buffer.Captured : []);
        }

        Assert.Equal(Enumerable.Range(1, 1600).Select(sample => (short)sample), packets);
    }
}
