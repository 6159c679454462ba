using IntercomAgent.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Audio;

public sealed class MixerTests
{
    [Fact]
    public void Adds_voices_and_clips_what_is_too_loud()
    {
        short[] mix = [100, -100, 30_000, -30_000];

        Mixer.Add([1, 2, 30_000, -30_000], mix);

        Assert.Equal([101, -98, short.MaxValue, short.MinValue], mix);
    }
}
