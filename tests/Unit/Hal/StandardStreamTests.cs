using System.IO;
using System.Text;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Native;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class StandardStreamTests
{
    [Fact]
    public void What_is_written_leaves_at_once()
    {
        using Pipe pipe = new();
        using StandardStream stream = new(pipe.Entrance, waits: true);

        stream.Write("a line\n"u8);

        Assert.Equal("a line\n", pipe.Read());
    }

    [Fact]
    public void Two_streams_into_one_file_do_not_overwrite_each_other()
    {
        string path = Path.GetTempFileName();
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write))
        {
            int number = (int)file.SafeFileHandle.DangerousGetHandle();
            using StandardStream output = new(new Descriptor(number, owned: false), waits: true);
            using StandardStream error = new(new Descriptor(number, owned: false), waits: false);
            output.Write("one "u8);
            error.Write("two "u8);
            output.Write("three"u8);
        }

        Assert.Equal("one two three", File.ReadAllText(path));
        File.Delete(path);
    }

    [Fact]
    public void A_log_that_nobody_reads_is_dropped_and_never_waited_for()
    {
        using Pipe pipe = new();
        using StandardStream log = new(pipe.Entrance, waits: false);
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 199) + "\n");

        for (int lines = 0; lines < 2000; lines++)
        {
            log.Write(line);
        }

        // A pipe holds 64 KiB unless somebody made it larger (pipe(7)).
        Assert.InRange(log.Dropped, 1000, 1990);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reader_that_has_gone_is_no_failure(bool waits)
    {
        using Pipe pipe = new();
        using StandardStream stream = new(pipe.Entrance, waits);
        pipe.Exit.Dispose();

        stream.Write("anybody?"u8);

        Assert.Equal(1, stream.Dropped);
    }

    [Fact]
    public void A_number_that_was_not_inherited_is_not_taken_for_a_standard_stream()
    {
        using Pipe pipe = new();

        Assert.False(Descriptor.Inherited(2).IsInvalid);
        Assert.True(Descriptor.Inherited(pipe.Exit.Number).IsInvalid);
        Assert.True(Descriptor.Inherited(int.MaxValue).IsInvalid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stream_that_was_closed_before_the_start_takes_everything(bool waits)
    {
        using StandardStream stream = new(new Descriptor(-1, owned: false), waits);

        stream.Write("anybody?"u8);

        Assert.Equal(1, stream.Dropped);
    }
}
