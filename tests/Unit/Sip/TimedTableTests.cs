using System;
using System.Linq;
using System.Runtime.CompilerServices;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

public sealed class TimedTableTests
{
    private readonly TimedTable<int> _table = new();

    [Fact]
    public void Keeps_each_value_for_its_own_time_and_says_when_the_next_is_due()
    {
        Assert.Equal(Instant.Never, _table.WakeAt);
        _table.Keep(Key(1), 10, At(3));
        _table.Keep(Key(2), 20, At(1));
        _table.Keep(Key(3), 30, At(2));
        Assert.Equal(At(1), _table.WakeAt);

        _table.Advance(At(0.9));
        Assert.Equal([10, 20, 30], _table.Values.Order());
        _table.Advance(At(1));
        Assert.Equal([10, 30], _table.Values.Order());
        Assert.Equal(At(2), _table.WakeAt);
        Assert.True(Unsafe.IsNullRef(ref _table.Find(Key(2))));

        _table.Advance(At(5));
        Assert.Equal((0, Instant.Never), (_table.Count, _table.WakeAt));
    }

    [Fact]
    public void A_value_that_is_found_can_be_changed_in_its_place()
    {
        _table.Keep(Key(1), 10, At(3));
        _table.Find(Key(1))++;
        Assert.Equal(11, _table.Find(Key(1)));
    }

    private static TransactionKey Key(int number) => new((UInt128)(uint)number);

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
