using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Tomlyn.Syntax;

namespace IntercomAgent.Configuration;

/// <summary>
/// Typed reading of one TOML table. Each question names a key, what is right for it and what holds when it is absent; so the questions
/// are the schema, and a key that nobody asked for is unknown. A wrong value becomes a problem and is answered as if it were absent,
/// so that one reading finds all problems.
/// </summary>
/// <param name="table">The table; an empty one where the file has none.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class ConfigurationSection(ConfigurationTable table, List<ConfigurationProblem> problems)
{
    /// <summary>Characters of the longest text: longer than any name, address or path that works.</summary>
    private const int MaximumText = 255;

    private readonly HashSet<string> _known = [];
    private readonly List<ConfigurationSection> _children = [];

    /// <summary>Whether the key is given, with whatever value.</summary>
    public bool Has(string key) => table.Entries.ContainsKey(key);

    /// <summary>A text; null when it is absent.</summary>
    public string? OptionalText(string key) => Ask(key) is { } entry ? ReadText(key, entry, quote: true) : null;

    /// <summary>A text that may be absent.</summary>
    public string Text(string key, string otherwise) => OptionalText(key) ?? otherwise;

    /// <summary>A text that must be given; empty after a problem.</summary>
    public string RequiredText(string key, string example)
    {
        if (!Has(key))
        {
            _ = _known.Add(key);
            Report(key, $"missing; write {key} = \"{example}\"");
        }

        return OptionalText(key) ?? "";
    }

    /// <summary>A text that no problem may quote; null when it is absent.</summary>
    public string? SecretText(string key) => Ask(key) is { } entry ? ReadText(key, entry, quote: false) : null;

    /// <summary>A whole number within its range.</summary>
    public int WholeNumber(string key, int minimum, int maximum, int otherwise)
    {
        string right = $"a whole number from {minimum} to {maximum}";
        switch (Ask(key))
        {
            case null:
                return otherwise;
            case ValueEntry { Value: IntegerValueSyntax number } when number.Value >= minimum && number.Value <= maximum:
                return (int)number.Value; // It lies between two numbers of that width.
            case ValueEntry { Value: IntegerValueSyntax number }:
                Report(key, $"{number.Value} is out of range; expected {right}");
                return otherwise;
            case { } entry:
                Report(key, $"expected {right}, found {KindOf(entry)}");
                return otherwise;
        }
    }

    /// <summary>A whole number within its range; null when it is absent.</summary>
    public int? OptionalWholeNumber(string key, int minimum, int maximum)
    {
        int number = WholeNumber(key, minimum, maximum, otherwise: minimum);
        return Has(key) ? number : null;
    }

    /// <summary>A time in seconds, with or without decimals, within its range.</summary>
    public TimeSpan Seconds(string key, double minimum, double maximum, double otherwise)
    {
        string right = string.Create(CultureInfo.InvariantCulture, $"seconds from {minimum} to {maximum}");
        if (Ask(key) is not { } entry)
        {
            return TimeSpan.FromSeconds(otherwise);
        }

        double? seconds = SecondsOf(entry);
        if (seconds >= minimum && seconds <= maximum)
        {
            return TimeSpan.FromSeconds(seconds.Value);
        }

        Report(key, seconds is null
            ? $"expected {right}, found {KindOf(entry)}"
            : string.Create(CultureInfo.InvariantCulture, $"{seconds} is out of range; expected {right}"));
        return TimeSpan.FromSeconds(otherwise);
    }

    /// <summary>True or false.</summary>
    public bool Switch(string key, bool otherwise)
    {
        switch (Ask(key))
        {
            case null:
                return otherwise;
            case ValueEntry { Value: BooleanValueSyntax boolean }:
                return boolean.Value;
            case { } entry:
                Report(key, $"expected true or false, found {KindOf(entry)}");
                return otherwise;
        }
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, T otherwise, params ReadOnlySpan<(string Word, T Value)> choices) =>
        OptionalText(key) is { } word && Choose(key, word, choices) is { Length: 1 } chosen ? chosen[0] : otherwise;

    /// <summary>Some of a few words, each at most once, in the order of preference.</summary>
    public IReadOnlyList<T> Choices<T>(string key, IReadOnlyList<T> otherwise, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (!Has(key))
        {
            _ = Ask(key);
            return otherwise;
        }

        List<T> chosen = [];
        foreach (string word in Texts(key, 1, int.MaxValue, $"\"{choices[0].Word}\""))
        {
            foreach (T value in Choose(key, word, choices))
            {
                if (chosen.Contains(value))
                {
                    Report(key, $"\"{word}\" stands in the list twice");
                }

                chosen.Add(value);
            }
        }

        return chosen;
    }

    /// <summary>A list of texts; absent is right when the least count is 0.</summary>
    public IReadOnlyList<string> Texts(string key, int fewest, int most, string example)
    {
        ConfigurationEntry? entry = Ask(key);
        if (entry is null && fewest > 0)
        {
            Report(key, $"missing; write {key} = [{example}]");
        }

        if (entry is null)
        {
            return [];
        }

        if (entry is not ValueEntry { Value: ArraySyntax array })
        {
            Report(key, $"expected a list of texts, [{example}], found {KindOf(entry)}");
            return [];
        }

        List<string> texts = [];
        foreach (ArrayItemSyntax item in array.Items)
        {
            // An item without a value is a syntax error, and then there would be no section to ask.
            if (ReadText(key, new ValueEntry(item.Span.Start.Line + 1, item.Value!), quote: true) is { } text)
            {
                texts.Add(text);
            }
        }

        if (array.Items.ChildrenCount < fewest)
        {
            Report(key, $"the list is too short; expected {fewest} or more, as in {key} = [{example}]");
        }
        else if (array.Items.ChildrenCount > most)
        {
            Report(key, $"{array.Items.ChildrenCount} texts in the list; expected at most {most}");
        }

        return texts;
    }

    /// <summary>The section <c>[key]</c> within this one; an empty one when it is absent. Asked for once.</summary>
    public ConfigurationSection Section(string key) =>
        OptionalSection(key) ?? new ConfigurationSection(new ConfigurationTable(table.FullName(key), table.Line), problems);

    /// <summary>The section <c>[key]</c> within this one; null when it is absent. Asked for once.</summary>
    public ConfigurationSection? OptionalSection(string key)
    {
        switch (Ask(key))
        {
            case TableEntry entry:
                return Child(entry.Table);
            case null:
                return null;
            case { } entry:
                Report(key, $"expected a section [{table.FullName(key)}], found {KindOf(entry)}");
                return null;
        }
    }

    /// <summary>The sections <c>[[key]]</c> within this one, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationSection> Sections(string key, int most)
    {
        switch (Ask(key))
        {
            case TablesEntry entry when entry.Tables.Count <= most:
                return [.. entry.Tables.Select(Child)];
            case TablesEntry entry:
                string tooMany = $"one too many; expected at most {most}";
                problems.Add(new ConfigurationProblem(entry.Tables[most].Line, table.FullName(key), tooMany));
                return [.. entry.Tables.Select(Child)];
            case null:
                return [];
            case { } entry:
                Report(key, $"expected sections [[{table.FullName(key)}]], found {KindOf(entry)}");
                return [];
        }
    }

    /// <summary>The section <c>[key]</c> within this one, or several as <c>[[key]]</c>; none when it is absent.</summary>
    public IReadOnlyList<ConfigurationSection> SectionOrSections(string key, int most) =>
        table.Entries.GetValueOrDefault(key) is TablesEntry ? Sections(key, most) : OptionalSection(key) is { } section ? [section] : [];

    /// <summary>Reports a problem of the value under a key, or of its absence.</summary>
    public void Report(string key, string message)
    {
        int line = table.Entries.TryGetValue(key, out ConfigurationEntry? entry) ? entry.Line : table.Line;
        problems.Add(new ConfigurationProblem(line, table.FullName(key), message));
    }

    /// <summary>Reports the keys that nobody asked for, here and in all sections within.</summary>
    public void Close()
    {
        foreach (string key in table.Entries.Keys.Where(key => !_known.Contains(key)))
        {
            Report(key, NearestName.Find(key, _known) is { } nearest
                ? $"unknown key; did you mean {nearest}?"
                : $"unknown key; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }

        foreach (ConfigurationSection child in _children)
        {
            child.Close();
        }
    }

    private ConfigurationSection Child(ConfigurationTable content)
    {
        ConfigurationSection child = new(content, problems);
        _children.Add(child);
        return child;
    }

    private ConfigurationEntry? Ask(string key)
    {
        _ = _known.Add(key);
        return table.Entries.GetValueOrDefault(key);
    }

    /// <summary>The value that a word stands for, in a list of one; none after a problem.</summary>
    private T[] Choose<T>(string key, string word, ReadOnlySpan<(string Word, T Value)> choices)
    {
        foreach ((string known, T value) in choices)
        {
            if (known == word)
            {
                return [value];
            }
        }

        List<string> words = [];
        foreach ((string known, _) in choices)
        {
            words.Add(known);
        }

        Report(key, NearestName.Find(word, words) is { } nearest
            ? $"\"{word}\" is not known; did you mean \"{nearest}\"?"
            : $"\"{word}\" is not known; expected one of {string.Join(", ", words.Select(known => $"\"{known}\""))}");
        return [];
    }

    private string? ReadText(string key, ConfigurationEntry entry, bool quote)
    {
        if (entry is not ValueEntry { Value: StringValueSyntax { Value: { } text } })
        {
            Report(key, $"expected a \"text\", found {KindOf(entry)}");
            return null;
        }

        string? wrong = text.Length == 0 ? "the text is empty"
            : text.Length > MaximumText ? $"the text is longer than {MaximumText} characters"
            : text.Any(char.IsControl) ? "the text holds a control character, such as a line break"
            : null;
        if (wrong is not null)
        {
            Report(key, quote && text.Length is > 0 and <= MaximumText ? $"{wrong}: {Printable(text)}" : wrong);
            return null;
        }

        return text;
    }

    private static double? SecondsOf(ConfigurationEntry entry) => entry switch
    {
        ValueEntry { Value: IntegerValueSyntax number } => number.Value,
        ValueEntry { Value: FloatValueSyntax number } => number.Value,
        _ => null,
    };

    private static string Printable(string text) => $"\"{string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter))}\"";

    private static string KindOf(ConfigurationEntry entry) => entry switch
    {
        TableEntry => "a section",
        TablesEntry => "sections",
        ValueEntry { Value: StringValueSyntax } => "a text",
        ValueEntry { Value: IntegerValueSyntax } => "a whole number",
        ValueEntry { Value: FloatValueSyntax } => "a number with decimals",
        ValueEntry { Value: BooleanValueSyntax } => "true or false",
        ValueEntry { Value: ArraySyntax } => "a list",
        _ => "a date or time",
    };
}
