using System;

namespace IntercomAgent.Tests.Storm;

/// <summary>When one side hangs a call up: so long after it has come to a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Delay">Zero is in the very turn of the loop in which the stage is reached.</param>
internal readonly record struct Fate(Stage Stage, TimeSpan Delay)
{
    /// <summary>In the turn that encrypts the call: its last message is on its way to the other side before the BYE is.</summary>
    public static Fate OnceSecured => new(Stage.Secured, TimeSpan.Zero);

    /// <summary>It leaves the end of the call to the other side.</summary>
    public static Fate Patient => new(Stage.Never, TimeSpan.Zero);

    /// <summary>
    /// Draws a moment from "invited" to "one second of media". The delays after the first two stages are about what ringing and the
    /// handshake take, so that every step of them is hit; one call of four ends in the turn that brings it to its stage.
    /// </summary>
    public static Fate Draw(Random random)
    {
        (Stage stage, double most) = random.Next(4) switch
        {
            0 => (Stage.Invited, 20),
            1 => (Stage.Answered, 10),
            2 => (Stage.Secured, 40),
            _ => (Stage.Secured, 1000),
        };
        double delay = random.NextDouble() * most;
        return new Fate(stage, random.Next(4) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(delay));
    }
}

/// <summary>How far a call has come.</summary>
internal enum Stage
{
    /// <summary>The INVITE has left, or arrived.</summary>
    Invited,

    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>Its media are encrypted, and flow.</summary>
    Secured,

    /// <summary>No call comes so far.</summary>
    Never,
}
