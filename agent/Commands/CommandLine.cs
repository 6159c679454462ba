using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Linq;
using IntercomAgent.Configuration;

namespace IntercomAgent.Commands;

/// <summary>
/// The program's command line. Actions are synchronous and help has a fixed width: the library's other ways register signal handlers
/// or ask System.Console, and either starts a thread.
/// </summary>
internal static class CommandLine
{
    /// <summary>Characters of a line of help: what a terminal shows without breaking, with a little to spare for wider ones.</summary>
    private const int HelpWidth = 100;

    /// <summary>Runs what the arguments ask for, and returns the exit status.</summary>
    public static int Run(IReadOnlyList<string> arguments, StandardStreams streams)
    {
        ParseResult parsed = Build(streams).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            Complain(parsed, streams);
            return ExitStatus.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = streams.Output,
            Error = streams.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static void Complain(ParseResult parsed, StandardStreams streams)
    {
        foreach (ParseError error in parsed.Errors.DistinctBy(error => error.Message))
        {
            streams.Error.WriteLine($"intercom-agent: {error.Message}");
        }

        Command command = parsed.CommandResult.Command;
        List<string> known = [.. command.Subcommands.Select(known => known.Name), .. command.Options.Select(known => known.Name)];
        foreach (string written in parsed.UnmatchedTokens)
        {
            if (NearestName.Find(written, known) is { } nearest)
            {
                streams.Error.WriteLine($"Did you mean: {nearest}");
            }
        }

        streams.Error.WriteLine("Try: intercom-agent --help");
    }

    private static RootCommand Build(StandardStreams streams)
    {
        RootCommand root = new("""
            A SIP door intercom: the press of a button becomes an encrypted call.

            Begin with:  intercom-agent demo
            It needs no hardware and no configuration: two stations on this machine call each other.

            Exit status:
              0  done
              1  failed
              2  the command line or the configuration is wrong, and nothing was started
            """)
        {
            DemoCommand.Build(streams),
            RunCommand.Build(streams),
            CheckConfigCommand.Build(streams),
            DevicesCommand.Build(streams),
            TestCommand.Build(streams),
            VersionCommand.Build(streams),
        };
        HelpAction help = new() { MaxWidth = HelpWidth };
        root.Options.OfType<HelpOption>().Single().Action = help;
        _ = root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.SetAction(help.Invoke);
        return root;
    }
}
