using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;

namespace IntercomAgent.State;

/// <summary>
/// What outlives the program, beside its identity. Wall clocks are not in it: a board without a battery does not know the time when it
/// starts, and who cuts its power must not gain by that.
/// </summary>
/// <param name="Starts">How often the program was started.</param>
/// <param name="DoorOpenings">How often the strike was opened.</param>
/// <param name="WrongCodeEntries">
/// Wrong codes that are remembered. Whoever powers the door off gets no fresh attempts: the time after which they are forgotten begins
/// anew at the start.
/// </param>
internal sealed record DurableState(long Starts, long DoorOpenings, int WrongCodeEntries)
{
    /// <summary>Bytes of the longest file that is read: several times what is written.</summary>
    public const int MaximumLength = 1024;

    private const string FirstLine = "intercom-agent state 1";

    /// <summary>The state of a door that was never started.</summary>
    public static DurableState Fresh { get; } = new(0, 0, 0);

    /// <summary>What is assumed of a file that cannot be read: that any number of wrong codes had been entered.</summary>
    public static DurableState Unknown { get; } = new(0, 0, int.MaxValue);

    /// <summary>Some lines that a person can read, and a checksum of them.</summary>
    public byte[] ToBytes()
    {
        string lines = string.Create(
            CultureInfo.InvariantCulture,
            $"{FirstLine}\nstarts {Starts}\ndoor_openings {DoorOpenings}\nwrong_code_entries {WrongCodeEntries}\n");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lines}checksum {Checksum(lines):x8}\n"));
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for anything else.</summary>
    public static DurableState? TryRead(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.ASCII.GetString(bytes).Split('\n');
        if (lines.Length < 4
            || !TryReadNumber(lines[1], "starts ", out long starts)
            || !TryReadNumber(lines[2], "door_openings ", out long openings)
            || !TryReadNumber(lines[3], "wrong_code_entries ", out long wrong)
            || wrong > int.MaxValue)
        {
            return null;
        }

        // There is one way to write a state: the first line, the checksum and the last byte are right exactly when nothing differs.
        DurableState state = new(starts, openings, (int)wrong);
        return bytes.SequenceEqual(state.ToBytes()) ? state : null;
    }

    private static bool TryReadNumber(string line, string name, out long number)
    {
        number = 0;
        return line.StartsWith(name, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static uint Checksum(string text) =>
        ~text.Aggregate(uint.MaxValue, static (sum, letter) => BitOperations.Crc32C(sum, (byte)letter));
}
