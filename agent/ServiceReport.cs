using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Systemd;

namespace IntercomAgent;

/// <summary>
/// Tells the service manager what a station does, whenever that changes, and feeds its watchdog: from the loop, and only while the audio
/// clock ticks. A loop that turns without audio, or no longer turns, starves it, and the manager starts the service anew. What the manager
/// did not take is told again in the next turn.
/// </summary>
/// <param name="notifier">The way to the manager; null where there is none. The caller owns it.</param>
/// <param name="host">The station. It takes its turn before this report does.</param>
internal sealed class ServiceReport(ServiceNotifier? notifier, AgentHost host) : ITurnMember
{
    private HostSummary? _told;
    private bool _isReady;
    private bool _toldReady;
    private long _fedPeriods;
    private Instant _feedAt = Instant.Zero;

    /// <summary>Nothing wakes the loop for it: the audio clock does, and when that rests there is nothing to feed.</summary>
    public Instant WakeAt => Instant.Never;

    /// <inheritdoc/>
    public bool HasWork => false;

    /// <summary>The station takes part from now on, or has read its configuration.</summary>
    public void Ready()
    {
        _isReady = true;
        _toldReady = false;
        TellReady();
    }

    /// <summary>The configuration is about to be read anew; <see cref="Ready"/> follows.</summary>
    public void Reloading(Instant now)
    {
        _isReady = false;
        _ = notifier?.TryTellReloading(now.Nanoseconds);
    }

    /// <summary>The station ends.</summary>
    public void Stopping() => _ = notifier?.TryTellStopping();

    /// <inheritdoc/>
    public void Serve(Readiness port, Instant now)
    {
    }

    /// <inheritdoc/>
    public void Advance(Instant now)
    {
        if (notifier is null)
        {
            return;
        }

        TellReady();
        TellStatus(notifier);
        if (notifier.WatchdogInterval is { } interval && now >= _feedAt && host.AudioPeriods != _fedPeriods && notifier.TryFeedWatchdog())
        {
            _fedPeriods = host.AudioPeriods;
            _feedAt = now + interval;
        }
    }

    /// <inheritdoc/>
    public void Work(Instant now)
    {
    }

    private void TellReady()
    {
        if (_isReady && !_toldReady)
        {
            _toldReady = notifier?.TryTellReady() ?? true;
        }
    }

    private void TellStatus(ServiceNotifier manager)
    {
        HostSummary summary = host.Summary;
        if (_told != summary && manager.TryTellStatus(summary.Describe()))
        {
            _told = summary;
        }
    }
}
