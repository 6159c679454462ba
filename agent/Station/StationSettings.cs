using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Station;

/// <summary>What one station does. The values are within their ranges: whoever makes the record has checked them.</summary>
internal sealed record StationSettings
{
    /// <summary>What each button rings; the panel's button 0 is the first.</summary>
    public IReadOnlyList<RingPlan> Buttons { get; init; } = [];

    /// <summary>The longest time that a press of the button rings, over all targets.</summary>
    public TimeSpan RingLimit { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest time that a call lasts.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Whether a press while it rings or during a call hangs up; otherwise such a press does nothing.</summary>
    public bool ButtonHangsUp { get; init; }

    /// <summary>Whether a target may send a call on to another one, of any button; else it counts as one that cannot be reached.</summary>
    public bool FollowsRedirects { get; init; }

    /// <summary>
    /// Whether who is in a call may have it go on with a target of any button, and a caller who is let in by more than "everybody" may take
    /// another one's place.
    /// </summary>
    public bool AllowsTransfer { get; init; }

    /// <summary>
    /// How long a button must have been left alone for its next press to count: against a bouncing contact as well as an
    /// impatient visitor.
    /// </summary>
    public TimeSpan ButtonRest { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What happens to calls from outside.</summary>
    public IncomingPolicy Incoming { get; init; } = new();

    /// <summary>The codes that open the door.</summary>
    public CodeSettings Codes { get; init; } = new();

    /// <summary>How long a code opens the strike: more than nothing, at most <see cref="Strike.MaximumPulse"/>.</summary>
    public TimeSpan StrikePulse { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>What a button rings.</summary>
/// <param name="Order">One target after another, or all at once.</param>
/// <param name="Targets">Whom: at least one, at most <see cref="MaximumTargets"/>.</param>
internal sealed record RingPlan(RingOrder Order, IReadOnlyList<RingTarget> Targets)
{
    /// <summary>Targets of one button: more homes have fewer telephones, and each that rings at once is a call of its own.</summary>
    public const int MaximumTargets = 8;
}

/// <summary>In which order the targets of a button ring.</summary>
internal enum RingOrder
{
    /// <summary>Each target rings alone; the next one follows when it did not answer.</summary>
    InOrder,

    /// <summary>All targets ring together; the first answer wins.</summary>
    All,
}

/// <summary>One target of a ring plan.</summary>
/// <param name="Uri">The SIP URI to call.</param>
/// <param name="RingTime">How long it rings before it counts as absent.</param>
/// <param name="Security">Whether the call must be encrypted.</param>
internal sealed record RingTarget(string Uri, TimeSpan RingTime, CallSecurity Security = CallSecurity.Secure)
{
    /// <summary>Whether a URI names this target: the same user at the same host and port, whatever the parameters.</summary>
    public bool IsNamedBy(string uri) => Person(uri).Equals(Person(Uri), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Person(string uri)
    {
        ReadOnlySpan<char> person = uri.AsSpan(uri.IndexOf(':', StringComparison.Ordinal) + 1);
        int end = person.IndexOfAny(';', '?');
        return end < 0 ? person : person[..end];
    }
}

/// <summary>What the station does with a call from outside.</summary>
internal sealed record IncomingPolicy
{
    /// <summary>Whether calls are answered at all; a door whose microphone anybody may open is a bug in the house.</summary>
    public bool Answers { get; init; }

    /// <summary>Whose calls are answered, besides those who proved a password; the rest are declined.</summary>
    public IReadOnlyList<CallerPattern> Callers { get; init; } = [];

    /// <summary>
    /// Whether somebody answers by lifting the handset; then <see cref="AnswerAfter"/> plays no part, and the station rings for
    /// <see cref="StationSettings.RingLimit"/>.
    /// </summary>
    public bool ByHand { get; init; }

    /// <summary>
    /// How long the station rings before it answers by itself; zero answers at once. A caller who is named one by one, or has proven a
    /// password, may ask for another time, and for an answer where else a hand gives it.
    /// </summary>
    public TimeSpan AnswerAfter { get; init; }

    /// <summary>Whether they must be encrypted, as far as calls may be without encryption at all.</summary>
    public CallSecurity Security { get; init; } = CallSecurity.PreferSecure;

    /// <summary>Whether a tone at the station says that its microphone opens without a hand.</summary>
    public bool HasTone { get; init; }
}

/// <summary>The codes of a door and how they are entered.</summary>
internal sealed record CodeSettings
{
    /// <summary>The codes: each is exact, and none is the beginning of another one.</summary>
    public IReadOnlyList<DoorCode> Codes { get; init; } = [];

    /// <summary>The longest pause between two digits of one entry.</summary>
    public TimeSpan DigitPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many wrong entries are allowed before the codes are locked.</summary>
    public int WrongEntries { get; init; } = 3;

    /// <summary>How long the codes stay locked, and how long a wrong entry is remembered.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A code that opens the door.</summary>
/// <param name="Name">Whose code it is, for the log.</param>
/// <param name="Digits">
/// The digits 0 to 9, at least <see cref="MinimumDigits"/> and at most <see cref="MaximumDigits"/>.
/// </param>
internal sealed record DoorCode(string Name, Secret Digits)
{
    /// <summary>The shortest code: with fewer digits the allowed wrong entries alone would find it.</summary>
    public const int MinimumDigits = 4;

    /// <summary>The longest code: more digits than people remember.</summary>
    public const int MaximumDigits = 16;
}
