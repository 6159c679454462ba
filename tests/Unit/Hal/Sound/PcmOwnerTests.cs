using System;
using System.IO;
using IntercomAgent.Hal.Audio;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal.Sound;

public sealed class PcmOwnerTests
{
    /// <summary>As the kernel writes it (sound/core/pcm.c, snd_pcm_substream_proc_status_read).</summary>
    private const string Status =
        """
        state: RUNNING
        owner_pid   : 812
        trigger_time: 5011.183044121
        tstamp      : 0.000000000
        delay       : 1234
        """;

    [Fact]
    public void Who_has_opened_a_stream_is_found_by_name()
    {
        string proc = Directory.CreateTempSubdirectory().FullName;
        Write($"{proc}/asound/card2/pcm0p/sub0/status", "closed\n");
        Write($"{proc}/asound/card2/pcm0p/sub1/status", Status);
        Write($"{proc}/asound/card2/pcm0c/sub0/status", "closed\n");
        Write($"{proc}/812/cmdline", "/usr/bin/aplay\0-q\0/home/pi/bell.wav\0");

        Assert.Equal("aplay (process 812)", PcmOwner.Find(proc, card: 2, device: 0, captures: false));
        Assert.Null(PcmOwner.Find(proc, card: 2, device: 0, captures: true));
        Assert.Null(PcmOwner.Find(proc, card: 3, device: 0, captures: true));

        // It has ended since.
        File.Delete($"{proc}/812/cmdline");
        Assert.Null(PcmOwner.Find(proc, card: 2, device: 0, captures: false));
        Directory.Delete(proc, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("closed")]
    [InlineData("owner_pid")]
    [InlineData("owner_pid:")]
    [InlineData("owner_pid   : 0")]
    [InlineData("owner_pid   : -4")]
    [InlineData("owner_pid   : 99999999999")]
    [InlineData("owner_pid   : aplay")]
    [InlineData("not_owner_pid : 4")]
    public void A_status_without_an_owner_gives_none(string status) => Assert.False(PcmOwner.TryRead(status, out _));

    [Fact]
    public void Every_beginning_of_a_status_can_be_read()
    {
        for (int length = 0; length < Status.Length; length++)
        {
            bool isFound = PcmOwner.TryRead(Status.AsSpan(0, length), out int process);
            Assert.Contains(process, new[] { 0, 8, 81, 812 });
            Assert.Equal(isFound, process != 0);
        }
    }

    private static void Write(string file, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
