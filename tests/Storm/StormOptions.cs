using System;
using System.Globalization;

namespace IntercomAgent.Tests.Storm;

/// <summary>What the storm is asked for.</summary>
internal sealed record StormOptions
{
    /// <summary>How it is called, for a person.</summary>
    public const string Usage = """
        Usage: tests/storm [--calls N] [--at-once N] [--peer baresip | --beside baresip] [--seed N] [--json]

        One process makes short DTLS-SRTP calls to another over the loopback interface; each is hung up at a random moment, by either
        side, while one long call stays up. Ends with status 0 only if every call is accounted for, nothing is left of any, memory does
        not grow in the second half, and the long call has lost nothing.

          --calls N          calls to make (10000; 8000 beside a peer)
          --at-once N        calls at one time (20)
          --peer baresip     call Debian's baresip instead
          --beside baresip   make the same calls to ourselves and then to Debian's baresip, each hung up as soon as its handshake is
                             done, and compare what they cost the one that is called
          --seed N           repeat the random moments of another run
          --json             end with one JSON object
        """;

    /// <summary>What the lines of a switchboard allow, with room for the long call.</summary>
    private const int MostAtOnce = 500;

    public int Calls => AskedCalls ?? (Moment == Moment.Secured ? 8_000 : 10_000);

    public int AtOnce { get; private init; } = 20;

    public bool AgainstBaresip { get; private init; }

    /// <summary>When the calls are hung up.</summary>
    public Moment Moment { get; private init; }

    /// <summary>The same storm against the peer that it stands beside; null when there is none.</summary>
    public StormOptions? Beside => Moment == Moment.Secured ? this with { AgainstBaresip = true } : null;

    public int Seed { get; private init; } = Random.Shared.Next();

    public bool Json { get; private init; }

    /// <summary>Reads the arguments; null when there is one that is not understood.</summary>
    public static StormOptions? Read(ReadOnlySpan<string> arguments)
    {
        StormOptions options = new();
        while (!arguments.IsEmpty)
        {
            StormOptions? read = arguments switch
            {
                ["--json", ..] => options with { Json = true },
                ["--peer", "baresip", ..] => options with { AgainstBaresip = true },
                ["--beside", "baresip", ..] => options with { Moment = Moment.Secured },
                ["--calls", string text, ..] when Number(text, int.MaxValue) is { } calls => options with { AskedCalls = calls },
                ["--at-once", string text, ..] when Number(text, MostAtOnce) is { } calls => options with { AtOnce = calls },
                ["--seed", string text, ..] when int.TryParse(text, CultureInfo.InvariantCulture, out int seed) =>
                    options with { Seed = seed },
                _ => null,
            };
            if (read is null)
            {
                return null;
            }

            arguments = arguments[(arguments[0] == "--json" ? 1 : 2)..];
            options = read;
        }

        return options;
    }

    private int? AskedCalls { get; init; }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : null;
}
