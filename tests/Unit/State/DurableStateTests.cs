using System;
using System.IO;
using System.Text;
using IntercomAgent.Hal.Files;
using IntercomAgent.State;
using Xunit;

namespace IntercomAgent.Tests.Unit.State;

public sealed class DurableStateTests : IDisposable
{
    private static readonly DurableState Some = new(12, 3456, 2);

    private readonly string _folder = Directory.CreateTempSubdirectory("state").FullName;

    private string File => Path.Combine(_folder, StateFile.Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal(Some, DurableState.TryRead(Some.ToBytes()));
        Assert.Equal(DurableState.Fresh, DurableState.TryRead(DurableState.Fresh.ToBytes()));
        Assert.Equal(DurableState.Unknown, DurableState.TryRead(DurableState.Unknown.ToBytes()));
        Assert.StartsWith("intercom-agent state 1\nstarts 12\ndoor_openings 3456\nwrong_code_entries 2\nchecksum ", Encoding.ASCII.GetString(Some.ToBytes()));
    }

    [Fact]
    public void A_cut_file_and_a_changed_byte_are_noticed()
    {
        byte[] whole = Some.ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(DurableState.TryRead(whole.AsSpan(0, length)));
        }

        for (int index = 0; index < whole.Length; index++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. whole];
                changed[index] ^= (byte)(1 << bit);
                Assert.Null(DurableState.TryRead(changed));
            }
        }

        Assert.Null(DurableState.TryRead([.. whole, (byte)'\n']));
    }

    [Fact]
    public void A_missing_file_is_a_first_start_and_a_broken_one_locks_the_codes()
    {
        Assert.Equal(DurableState.Fresh, StateFile.Read(File, out string? problem));
        Assert.Null(problem);

        System.IO.File.WriteAllText(File, "not a state");
        Assert.Equal(DurableState.Unknown, StateFile.Read(File, out problem));
        Assert.Contains("codes are locked", problem);
        Assert.StartsWith(File, problem);

        Assert.Equal(DurableState.Unknown, StateFile.Read(_folder, out problem));
        Assert.Contains("cannot be read", problem);
    }

    [Fact]
    public void The_real_disk_replaces_a_file_that_only_its_owner_may_read_and_leaves_nothing_beside_it()
    {
        DiskFiles disk = new();
        Assert.True(new FileReplacement(disk, File, DurableState.Fresh.ToBytes()).TryFinish(out _));
        Assert.True(new FileReplacement(disk, File, Some.ToBytes()).TryFinish(out _));

        Assert.Equal(Some, StateFile.Read(File, out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_disk_that_fails_is_told_in_a_sentence()
    {
        string nowhere = Path.Combine(_folder, "missing", "state");

        Assert.False(new FileReplacement(new DiskFiles(), nowhere, Some.ToBytes()).TryFinish(out string? problem));
        Assert.Equal($"cannot open {nowhere}.new: no such file or directory", problem);
    }
}
