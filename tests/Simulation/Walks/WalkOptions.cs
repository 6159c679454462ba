using System;
using System.Globalization;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>What the command line asks of the walks.</summary>
internal sealed class WalkOptions
{
    /// <summary>How many calls; null for as many as usual.</summary>
    public int? Calls { get; private set; }

    /// <summary>The seed, or the number of the run that is traced.</summary>
    public int Seed { get; private set; } = Environment.TickCount & 0xFFFFFF;

    /// <summary>Whether every combination is wanted and not random ones.</summary>
    public bool IsSystematic { get; private set; }

    /// <summary>Whether one run is shown event by event.</summary>
    public bool IsTraced { get; private set; }

    /// <summary>Which part of the systematic walk, counted from 1.</summary>
    public int Part { get; private set; } = 1;

    /// <summary>In how many parts the systematic walk is cut.</summary>
    public int Parts { get; private set; } = 1;

    /// <summary>Reads the command line; false when it is wrong.</summary>
    public bool TryRead(string[] arguments)
    {
        for (int index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--systematic":
                    IsSystematic = true;
                    break;
                case "--trace":
                    IsTraced = true;
                    break;
                case "--calls" when TryReadNumber(arguments, ++index, out int number) && number > 0:
                    Calls = number;
                    break;
                case "--seed" when TryReadNumber(arguments, ++index, out int number):
                    Seed = number;
                    break;
                case "--part" when TryReadPart(arguments, ++index):
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private bool TryReadPart(string[] arguments, int index)
    {
        string[] numbers = index < arguments.Length ? arguments[index].Split('/') : [];
        if (numbers.Length != 2 || !TryReadNumber(numbers, 0, out int part) || !TryReadNumber(numbers, 1, out int parts))
        {
            return false;
        }

        (Part, Parts) = (part, parts);
        return part >= 1 && part <= parts;
    }

    private static bool TryReadNumber(string[] arguments, int index, out int number)
    {
        number = 0;
        return index < arguments.Length && int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
