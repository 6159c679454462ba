using System.Collections.Generic;
using System.Linq;
using Tomlyn.Syntax;

namespace IntercomAgent.Configuration;

/// <summary>Says in plain words what is wrong with a line that is no TOML, without quoting it: it may hold a password.</summary>
internal static class TomlComplaint
{
    /// <summary>One problem for each line that Tomlyn complains of: what follows the first complaint about a line is its echo,
    /// and so is a complaint about an empty line.</summary>
    public static IEnumerable<ConfigurationProblem> Explain(string text, DiagnosticsBag diagnostics)
    {
        string[] lines = text.Split('\n');
        int[] complained = [.. diagnostics.Select(diagnostic => diagnostic.Span.Start.Line).Distinct()];
        int[] written = [.. complained.Where(line => line < lines.Length && !string.IsNullOrWhiteSpace(lines[line]))];
        return written.Length > 0
            ? written.Select(line => new ConfigurationProblem(line + 1, "", Explain(lines[line].Trim())))
            : [new ConfigurationProblem(lines.Length, "", "not TOML: the file ends within quotes, a list or a table")];
    }

    private static string Explain(string line)
    {
        if (line.StartsWith('['))
        {
            return "not TOML: a section is [name] or [[name]] alone on its line";
        }

        int equals = line.IndexOf('=', System.StringComparison.Ordinal);
        string value = equals < 0 ? "" : line[(equals + 1)..].Trim();
        return equals < 0 ? "not TOML: a line is key = value, [section] or # comment"
            : value.Length == 0 ? "not TOML: the value is missing after ="
            : value[0] is '"' or '\'' ? "not TOML: the text does not end where it should; write key = \"text\", with \\\" for a quote in it"
            : char.IsAsciiLetter(value[0]) ? "not TOML: a text stands in quotes, as in key = \"text\"; without quotes only true and false"
            : "not TOML: the value is neither \"text\", nor a number (up to 9223372036854775807), nor true or false, nor a [list]";
    }
}
