using System.Collections.Generic;
using System.Linq;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace IntercomAgent.Configuration;

/// <summary>
/// Reads TOML text into tables that know their lines. What is no TOML, and what is written twice, becomes a problem. Tomlyn's own
/// messages are not passed on: they quote the text, and the text may be a password.
/// </summary>
internal sealed class TomlReader
{
    private readonly List<ConfigurationProblem> _problems;
    private readonly ConfigurationTable _root = new("", 1);

    private TomlReader(List<ConfigurationProblem> problems) => _problems = problems;

    /// <summary>Reads the text; null when it is no TOML. Problems are added in either case.</summary>
    public static ConfigurationTable? Read(string text, List<ConfigurationProblem> problems)
    {
        DocumentSyntax document;
        try
        {
            // Tomlyn 2.10.2 trips over a text that ends in the middle of an escape; none does that ends with a line break.
            document = SyntaxParser.Parse(text + '\n', sourceName: null, validate: false);
        }
        catch (TomlException)
        {
            // Tomlyn throws instead of reporting in one case: brackets within brackets beyond its bound.
            problems.Add(new ConfigurationProblem(1, "", "not TOML: brackets are nested too deeply"));
            return null;
        }

        if (document.HasErrors)
        {
            problems.AddRange(TomlComplaint.Explain(text, document.Diagnostics));
            return null;
        }

        TomlReader reader = new(problems);
        reader.AddPairs(reader._root, document.KeyValues);
        foreach (TableSyntaxBase heading in document.Tables)
        {
            if (reader.Open(heading) is { } table)
            {
                reader.AddPairs(table, heading.Items);
            }
        }

        return reader._root;
    }

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;

    /// <summary>
    /// The table that a heading begins or, for one that exists by <c>[its.child]</c> only, goes on with; null when it may not stand here.
    /// </summary>
    private ConfigurationTable? Open(TableSyntaxBase heading)
    {
        if (heading.Name is null)
        {
            return null;
        }

        int line = LineOf(heading);
        List<string> names = Names(heading.Name);
        ConfigurationTable? parent = Descend(_root, names.SkipLast(1), line);
        return parent is null ? null
            : heading is TableArraySyntax ? Append(parent, names[^1], line)
            : Begin(parent, names[^1], line);
    }

    private ConfigurationTable? Begin(ConfigurationTable parent, string name, int line)
    {
        if (!parent.Entries.TryGetValue(name, out ConfigurationEntry? entry))
        {
            ConfigurationTable table = new(parent.FullName(name), line) { HasHeading = true };
            parent.Entries.Add(name, new TableEntry(table));
            return table;
        }

        if (entry is TableEntry { Table.HasHeading: false } implied)
        {
            implied.Table.HasHeading = true;
            implied.Table.Line = line;
            return implied.Table;
        }

        return Twice(parent, name, line, entry);
    }

    private ConfigurationTable? Append(ConfigurationTable parent, string name, int line)
    {
        ConfigurationTable table = new(parent.FullName(name), line) { HasHeading = true };
        if (!parent.Entries.TryGetValue(name, out ConfigurationEntry? entry))
        {
            parent.Entries.Add(name, new TablesEntry(line, [table]));
        }
        else if (entry is TablesEntry tables)
        {
            tables.Tables.Add(table);
        }
        else
        {
            return Twice(parent, name, line, entry);
        }

        return table;
    }

    private ConfigurationTable? Descend(ConfigurationTable table, IEnumerable<string> names, int line)
    {
        foreach (string name in names)
        {
            if (!table.Entries.TryGetValue(name, out ConfigurationEntry? entry))
            {
                entry = new TableEntry(new ConfigurationTable(table.FullName(name), line));
                table.Entries.Add(name, entry);
            }

            ConfigurationTable? next = entry switch
            {
                TableEntry single => single.Table,
                TablesEntry many => many.Tables[^1],
                _ => Twice(table, name, line, entry),
            };
            if (next is null)
            {
                return null;
            }

            table = next;
        }

        return table;
    }

    private void AddPairs(ConfigurationTable table, IEnumerable<KeyValueSyntax> pairs)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            if (pair is not { Key: { } key, Value: { } value })
            {
                continue;
            }

            int line = LineOf(key);
            List<string> names = Names(key);
            if (Descend(table, names.SkipLast(1), line) is { } holder)
            {
                Add(holder, names[^1], line, value);
            }
        }
    }

    private void Add(ConfigurationTable table, string name, int line, ValueSyntax value)
    {
        if (table.Entries.TryGetValue(name, out ConfigurationEntry? entry))
        {
            _ = Twice(table, name, line, entry);
            return;
        }

        string path = table.FullName(name);
        table.Entries.Add(name, value switch
        {
            InlineTableSyntax inline => new TableEntry(Inline(path, line, inline)),
            ArraySyntax array when array.Items.ChildrenCount > 0 && array.Items.All(item => item.Value is InlineTableSyntax) =>
                new TablesEntry(line, [.. array.Items.Select(item => Inline(path, LineOf(item), (InlineTableSyntax)item.Value!))]),
            _ => new ValueEntry(line, value),
        });
    }

    private ConfigurationTable Inline(string path, int line, InlineTableSyntax inline)
    {
        ConfigurationTable table = new(path, line) { HasHeading = true };
        AddPairs(table, inline.Items.Select(item => item.KeyValue).OfType<KeyValueSyntax>());
        return table;
    }

    private ConfigurationTable? Twice(ConfigurationTable table, string name, int line, ConfigurationEntry first)
    {
        _problems.Add(new ConfigurationProblem(line, table.FullName(name), $"given twice; the first is on line {first.Line}"));
        return null;
    }

    private static List<string> Names(KeySyntax key) => [Name(key.Key), .. key.DotKeys.Select(dotted => Name(dotted.Key))];

    /// <summary>The key as a text of one line, whatever escapes it was quoted with.</summary>
    private static string Name(BareKeyOrStringValueSyntax? key)
    {
        string name = key switch
        {
            BareKeySyntax bare => bare.Key?.Text,
            StringValueSyntax quoted => quoted.Value,
            _ => null,
        } ?? "";
        return string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));
    }
}
