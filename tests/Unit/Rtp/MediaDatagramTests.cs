using IntercomAgent.Rtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Rtp;

public sealed class MediaDatagramTests
{
    /// <summary>RFC 7983 section 7, figure 3; RFC 5761 section 4.</summary>
    [Fact]
    public void Every_first_octet_has_its_protocol()
    {
        for (int first = 0; first < 256; first++)
        {
            for (int second = 0; second < 256; second++)
            {
                MediaDatagramKind expected = first switch
                {
                    < 4 => MediaDatagramKind.Stun,
                    < 20 => MediaDatagramKind.Unknown,
                    < 64 => MediaDatagramKind.Dtls,
                    < 128 => MediaDatagramKind.Unknown,
                    < 192 when second is >= 192 and < 224 => MediaDatagramKind.Rtcp,
                    < 192 => MediaDatagramKind.Rtp,
                    _ => MediaDatagramKind.Unknown,
                };

                Assert.Equal(expected, MediaDatagram.Classify([(byte)first, (byte)second, 0, 0]));
            }
        }
    }

    [Fact]
    public void Short_datagrams_are_told_apart_as_far_as_they_go()
    {
        Assert.Equal(MediaDatagramKind.Unknown, MediaDatagram.Classify([]));
        Assert.Equal(MediaDatagramKind.Stun, MediaDatagram.Classify([0]));
        Assert.Equal(MediaDatagramKind.Dtls, MediaDatagram.Classify([22]));
        Assert.Equal(MediaDatagramKind.Unknown, MediaDatagram.Classify([128]));
        Assert.Equal(MediaDatagramKind.Rtp, MediaDatagram.Classify([128, 0]));
    }
}
