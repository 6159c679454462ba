using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>
/// Watches buttons and contacts over time: a button that is stuck, a door that was left open, a housing that is opened. What is worth a
/// line in the log comes out as <see cref="PanelNote"/>; the owner takes all of them after each input.
/// </summary>
/// <param name="settings">When something is worth telling.</param>
/// <param name="buttons">How many buttons there are.</param>
internal sealed class PanelWatch(PanelWatchSettings settings, int buttons)
{
    /// <summary>How long a stuck button must be at rest to count as let go: a broken contact chatters.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly ButtonFacts[] _buttons = NewButtons(buttons);
    private readonly Queue<PanelNote> _notes = new();
    private Instant _leftOpenAt = Instant.Never;
    private bool _isLeftOpen;
    private bool _isTampered;

    /// <summary>Whether the door is open, as far as its contact tells.</summary>
    public bool IsDoorOpen { get; private set; }

    /// <summary>Whether something is as it should not be: a stuck button, a door left open, an open housing.</summary>
    public bool IsAlarmed => _isLeftOpen || _isTampered || Array.Exists(_buttons, static button => button.IsStuck);

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt
    {
        get
        {
            Instant soonest = _leftOpenAt;
            foreach (ButtonFacts button in _buttons)
            {
                soonest = Instant.Soonest(soonest, Instant.Soonest(button.StuckAt, button.FreeAt));
            }

            return soonest;
        }
    }

    /// <summary>
    /// A button was pressed or let go. True when that is a press that counts: not one of a button that is stuck, nor of one that was down
    /// before anybody watched.
    /// </summary>
    public bool Button(int number, bool pressed, bool wasFound, Instant now)
    {
        Advance(now);
        if ((uint)number >= (uint)_buttons.Length)
        {
            // Whoever rings with it tells that there is no such button.
            return pressed;
        }

        ref ButtonFacts button = ref _buttons[number];
        button.StuckAt = pressed && !button.IsStuck ? now + settings.StuckAfter : Instant.Never;
        button.FreeAt = !pressed && button.IsStuck ? now + Rest : Instant.Never;
        return pressed && !button.IsStuck && !wasFound;
    }

    /// <summary>The door was opened or closed.</summary>
    public void Door(bool open, Instant now)
    {
        Advance(now);
        IsDoorOpen = open;
        _isLeftOpen = false;
        _leftOpenAt = open ? now + settings.LeftOpenAfter : Instant.Never;
        Tell(open ? PanelFact.DoorOpened : PanelFact.DoorClosed);
    }

    /// <summary>The housing was opened or closed.</summary>
    public void Tamper(bool open, Instant now)
    {
        Advance(now);
        _isTampered = open;
        Tell(open ? PanelFact.Tampered : PanelFact.TamperOver);
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        for (int number = 0; number < _buttons.Length; number++)
        {
            ref ButtonFacts button = ref _buttons[number];
            if (now >= button.StuckAt)
            {
                button = new ButtonFacts { IsStuck = true, StuckAt = Instant.Never, FreeAt = Instant.Never };
                Tell(PanelFact.ButtonStuck, number);
            }
            else if (now >= button.FreeAt)
            {
                button = new ButtonFacts { StuckAt = Instant.Never, FreeAt = Instant.Never };
                Tell(PanelFact.ButtonFree, number);
            }
        }

        if (now >= _leftOpenAt)
        {
            _leftOpenAt = Instant.Never;
            _isLeftOpen = true;
            Tell(PanelFact.DoorLeftOpen);
        }
    }

    /// <summary>Takes the next note; false when there is none.</summary>
    public bool TryTake(out PanelNote note) => _notes.TryDequeue(out note);

    private void Tell(PanelFact fact, int button = 0) => _notes.Enqueue(new PanelNote(fact, button));

    private static ButtonFacts[] NewButtons(int count)
    {
        ButtonFacts[] buttons = new ButtonFacts[count];
        Array.Fill(buttons, new ButtonFacts { StuckAt = Instant.Never, FreeAt = Instant.Never });
        return buttons;
    }

    private struct ButtonFacts
    {
        public bool IsStuck;
        public Instant StuckAt;
        public Instant FreeAt;
    }
}

/// <summary>When something at the panel is worth telling.</summary>
internal sealed record PanelWatchSettings
{
    /// <summary>How long a button is pressed before it counts as stuck: longer than the most patient visitor.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the door is open before it counts as left open.</summary>
    public TimeSpan LeftOpenAfter { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Something worth a line in the log.</summary>
/// <param name="Fact">What.</param>
/// <param name="Button">Which button, counted from 0, if it is about one.</param>
internal readonly record struct PanelNote(PanelFact Fact, int Button);

/// <summary>What a <see cref="PanelNote"/> tells.</summary>
internal enum PanelFact
{
    /// <summary>A button is pressed for so long that nobody does so on purpose; it is ignored from now on.</summary>
    ButtonStuck,

    /// <summary>The stuck button was let go; it counts again.</summary>
    ButtonFree,

    /// <summary>The door was opened.</summary>
    DoorOpened,

    /// <summary>The door was closed.</summary>
    DoorClosed,

    /// <summary>The door is open for too long.</summary>
    DoorLeftOpen,

    /// <summary>The housing is open.</summary>
    Tampered,

    /// <summary>The housing is closed again.</summary>
    TamperOver,
}
