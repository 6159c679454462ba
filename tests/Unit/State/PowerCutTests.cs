using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Hal.Files;
using IntercomAgent.State;
using Xunit;

namespace IntercomAgent.Tests.Unit.State;

public sealed class PowerCutTests
{
    private const string Path = "/var/lib/intercom-agent/state";

    private const int Steps = 4;

    private static readonly DurableState Old = new(1, 20, 0);

    private static readonly DurableState New = new(1, 20, 3);

    [Fact]
    public void A_cut_at_any_step_leaves_the_old_state_or_the_new_one()
    {
        HashSet<DurableState> seen = [];
        for (int cut = 0; cut <= Steps; cut++)
        {
            PowerCutDisk disk = DiskWith(Old);
            disk.StepsLeft = cut;
            FileReplacement replacement = new(disk, Path, New.ToBytes());

            Assert.Equal(cut == Steps, replacement.TryFinish(out _));
            foreach (byte[]? found in disk.Findings(Path))
            {
                DurableState? read = DurableState.TryRead(found);
                Assert.True(read == Old || read == New, $"cut after {cut} steps: {read}");
                _ = seen.Add(read);
            }
        }

        Assert.Equal([Old, New], seen.Order(Comparer<DurableState>.Create((a, b) => a.WrongCodeEntries - b.WrongCodeEntries)));
    }

    [Fact]
    public void When_all_steps_are_done_only_the_new_state_is_left()
    {
        PowerCutDisk disk = DiskWith(Old);
        Assert.True(new FileReplacement(disk, Path, New.ToBytes()).TryFinish(out _));

        Assert.Equal([New], disk.Findings(Path).Select(found => DurableState.TryRead(found)));
    }

    [Fact]
    public void A_cut_during_an_attempt_after_a_cut_is_no_worse()
    {
        for (int first = 0; first < Steps; first++)
        {
            for (int second = 0; second <= Steps; second++)
            {
                PowerCutDisk disk = DiskWith(Old);
                disk.StepsLeft = first;
                _ = new FileReplacement(disk, Path, Old.ToBytes()).TryFinish(out _);
                disk.StepsLeft = second;
                _ = new FileReplacement(disk, Path, New.ToBytes()).TryFinish(out _);

                Assert.All(disk.Findings(Path), found => Assert.True(DurableState.TryRead(found) is { } read && (read == Old || read == New)));
            }
        }
    }

    /// <summary>So that the tests above can fail: without the flush the new name may lead to a part of the new content.</summary>
    [Fact]
    public void The_disk_of_these_tests_notices_a_missing_flush()
    {
        PowerCutDisk disk = DiskWith(Old);
        Assert.True(disk.TryWrite(Path + ".new", New.ToBytes(), out _));
        Assert.True(disk.TryRename(Path + ".new", Path, out _));

        Assert.Contains(disk.Findings(Path), found => DurableState.TryRead(found) is null);
    }

    [Fact]
    public void A_step_that_failed_can_be_tried_again()
    {
        PowerCutDisk disk = DiskWith(Old);
        disk.StepsLeft = 2;
        FileReplacement replacement = new(disk, Path, New.ToBytes());
        Assert.False(replacement.TryFinish(out string? problem));
        Assert.Equal("the power is gone", problem);

        disk.StepsLeft = 2;
        Assert.True(replacement.TryFinish(out _));
        Assert.True(replacement.IsDone);
    }

    private static PowerCutDisk DiskWith(DurableState state)
    {
        PowerCutDisk disk = new();
        Assert.True(new FileReplacement(disk, Path, state.ToBytes()).TryFinish(out _));
        return disk;
    }
}
