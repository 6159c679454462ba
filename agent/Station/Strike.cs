using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>
/// The door's strike, opened for a bounded time. Nothing prolongs an opening: a second code while it is open changes nothing,
/// so that the coil is never energised for longer than one pulse.
/// </summary>
internal sealed class Strike
{
    /// <summary>The longest pulse: time to walk from a call at the gate to the door; longer, and a coil made for pulses burns.</summary>
    public static readonly TimeSpan MaximumPulse = TimeSpan.FromSeconds(30);

    /// <summary>How long its next opening lasts, at most <see cref="MaximumPulse"/>.</summary>
    public required TimeSpan Pulse
    {
        get;
        set => field = value < MaximumPulse ? value : MaximumPulse;
    }

    /// <summary>When it closes; <see cref="Instant.Never"/> while it is closed.</summary>
    public Instant ClosesAt { get; private set; } = Instant.Never;

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => ClosesAt != Instant.Never;

    /// <summary>Opens it; false when it is open already.</summary>
    public bool TryOpen(Instant now)
    {
        if (IsOpen)
        {
            return false;
        }

        ClosesAt = now + Pulse;
        return true;
    }

    /// <summary>Closes it when its time has come; true when that closed it.</summary>
    public bool Advance(Instant now) => now >= ClosesAt && TryClose();

    /// <summary>Closes it at once; false when it is closed already.</summary>
    public bool TryClose()
    {
        bool wasOpen = IsOpen;
        ClosesAt = Instant.Never;
        return wasOpen;
    }
}
