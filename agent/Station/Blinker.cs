using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>Switches something on and off by a pattern: a lamp or a buzzer; pure.</summary>
internal sealed class Blinker
{
    private OnOffPattern _pattern = OnOffPattern.Off;
    private Instant _since = Instant.Zero;

    /// <summary>Whether it is on now.</summary>
    public bool IsOn { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Begins a pattern from its start; one that runs already, and repeats itself, goes on as it is.</summary>
    public void Play(OnOffPattern pattern, Instant now)
    {
        if (pattern != _pattern || !pattern.Repeats)
        {
            _pattern = pattern;
            _since = now;
            Look(now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (now >= WakeAt)
        {
            Look(now);
        }
    }

    private void Look(Instant now)
    {
        TimeSpan position = now - _since;
        if (_pattern.Repeats && position >= _pattern.Length)
        {
            // However late the loop is, nothing is made up for.
            position = TimeSpan.FromTicks(position.Ticks % _pattern.Length.Ticks);
        }

        bool isOn = true;
        foreach (TimeSpan part in _pattern.Parts)
        {
            if (position < part)
            {
                IsOn = isOn;
                WakeAt = now + (part - position);
                return;
            }

            position -= part;
            isOn = !isOn;
        }

        IsOn = _pattern.StaysOn;
        WakeAt = Instant.Never;
    }
}

/// <summary>A pattern of on and off, which begins with on.</summary>
internal sealed class OnOffPattern
{
    /// <summary>Off for good.</summary>
    public static readonly OnOffPattern Off = new(repeats: false);

    /// <summary>On for good.</summary>
    public static readonly OnOffPattern On = new(repeats: false) { StaysOn = true };

    /// <summary>A pattern of so many milliseconds on, off, on and so forth.</summary>
    public OnOffPattern(bool repeats, params int[] milliseconds)
    {
        Repeats = repeats;
        Parts = [.. milliseconds.Select(part => TimeSpan.FromMilliseconds(part))];
        Length = TimeSpan.FromMilliseconds(milliseconds.Sum());
    }

    /// <summary>Whether it begins again at its end; otherwise it is off then.</summary>
    public bool Repeats { get; }

    /// <summary>Whether it is on at its end.</summary>
    public bool StaysOn { get; private init; }

    /// <summary>How long on, off, on and so forth.</summary>
    public TimeSpan[] Parts { get; }

    /// <summary>How long all of it takes.</summary>
    public TimeSpan Length { get; }
}
