using IntercomAgent.Hal.Systemd;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

public sealed class ServiceNotifierTests
{
    private const int Process = 4711;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tells_each_state_in_a_datagram_of_its_own(bool isAbstract)
    {
        using NotificationSocket manager = new(isAbstract);
        using ServiceNotifier notifier = Open(manager.Name)!;

        Assert.True(notifier.TryTellReady());
        Assert.True(notifier.TryTellStatus("registered; in a call with sip:küche@192.0.2.20"));
        Assert.True(notifier.TryTellReloading(12_345_678_900));
        Assert.True(notifier.TryFeedWatchdog());
        Assert.True(notifier.TryTellStopping());

        Assert.Equal("READY=1", manager.Take());
        Assert.Equal("STATUS=registered; in a call with sip:küche@192.0.2.20", manager.Take());
        Assert.Equal("RELOADING=1\nMONOTONIC_USEC=12345678", manager.Take());
        Assert.Equal("WATCHDOG=1", manager.Take());
        Assert.Equal("STOPPING=1", manager.Take());
        Assert.Null(manager.Take());
    }

    [Fact]
    public void What_a_peer_calls_itself_cannot_say_more_than_a_status()
    {
        using NotificationSocket manager = new(isAbstract: true);
        using ServiceNotifier notifier = Open(manager.Name)!;

        Assert.True(notifier.TryTellStatus("in a call with sip:a\nWATCHDOG=trigger\u0085@b"));
        Assert.True(notifier.TryTellStatus(new string('x', 100_000)));

        Assert.Equal("STATUS=in a call with sip:a?WATCHDOG=trigger?@b", manager.Take());
        Assert.Equal("STATUS=" + new string('x', ServiceNotifier.MaximumStatus), manager.Take());
    }

    [Fact]
    public void A_manager_that_does_not_listen_costs_nothing_and_one_that_starts_anew_is_told_again()
    {
        string name;
        ServiceNotifier notifier;
        using (NotificationSocket manager = new(isAbstract: true))
        {
            name = manager.Name;
            notifier = Open(name)!;

            // Nobody reads: the queue fills, and then nothing is taken.
            int taken = 0;
            while (notifier.TryFeedWatchdog())
            {
                Assert.InRange(++taken, 1, 10_000);
            }

            Assert.True(taken > 0);
        }

        Assert.False(notifier.TryTellReady());
        notifier.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_manager_nothing_happens(string? name)
    {
        Assert.Null(ServiceNotifier.Open(variable => variable == "NOTIFY_SOCKET" ? name : null, Process, out string? problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("vsock:2:1234")]
    [InlineData("@")]
    [InlineData("run/notify")]
    public void An_address_that_is_none_is_told(string name)
    {
        Assert.Null(ServiceNotifier.Open(variable => variable == "NOTIFY_SOCKET" ? name : null, Process, out string? problem));
        Assert.Contains(name, problem);
    }

    [Fact]
    public void The_longest_address_is_taken_and_a_longer_one_is_not()
    {
        byte[]? longest = ServiceNotifier.ReadAddress("@" + new string('n', ServiceNotifier.MaximumAddress - 1));

        Assert.Equal(2 + ServiceNotifier.MaximumAddress, longest!.Length);
        Assert.Equal([1, 0, 0, (byte)'n'], longest[..4]);
        Assert.Null(ServiceNotifier.ReadAddress("@" + new string('n', ServiceNotifier.MaximumAddress)));
    }

    [Theory]
    [InlineData("10000000", "4711", 5000.0)]
    [InlineData("10000000", null, 5000.0)]
    [InlineData("3000", "", 1.5)]
    [InlineData("10000000", "1", null)]
    [InlineData(null, null, null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("18446744073709551615", null, null)]
    [InlineData("soon", null, null)]
    public void The_watchdog_is_fed_twice_in_its_time_by_the_process_that_it_watches(string? microseconds, string? watched, double? milliseconds) =>
        Assert.Equal(milliseconds, ServiceNotifier.FindWatchdogInterval(microseconds, watched, Process)?.TotalMilliseconds);

    private static ServiceNotifier? Open(string name) =>
        ServiceNotifier.Open(variable => variable == "NOTIFY_SOCKET" ? name : null, Process, out _);
}
