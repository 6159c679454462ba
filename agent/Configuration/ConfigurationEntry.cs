using System.Collections.Generic;
using Tomlyn.Syntax;

namespace IntercomAgent.Configuration;

/// <summary>What stands under one key of a TOML table: a closed set of kinds.</summary>
/// <param name="Line">The line of the key, counted from 1.</param>
internal abstract record ConfigurationEntry(int Line);

/// <summary><c>key = value</c></summary>
/// <param name="Line">The line of the key.</param>
/// <param name="Value">The value as it is written.</param>
internal sealed record ValueEntry(int Line, ValueSyntax Value) : ConfigurationEntry(Line);

/// <summary><c>[key]</c>, <c>key = { … }</c>, or a key that only holds others: <c>key.other = value</c></summary>
/// <param name="Table">Its content.</param>
internal sealed record TableEntry(ConfigurationTable Table) : ConfigurationEntry(Table.Line);

/// <summary><c>[[key]]</c>, once or more, or <c>key = [{ … }, …]</c></summary>
/// <param name="Line">The line of the first.</param>
/// <param name="Tables">Each with its own line.</param>
internal sealed record TablesEntry(int Line, List<ConfigurationTable> Tables) : ConfigurationEntry(Line);

/// <summary>The keys of one TOML table.</summary>
/// <param name="path">The full name, <c>sip.account</c>; empty for the file itself.</param>
/// <param name="line">The line on which it begins.</param>
internal sealed class ConfigurationTable(string path, int line)
{
    /// <summary>The full name of the table.</summary>
    public string Path => path;

    /// <summary>The line on which the table begins, counted from 1.</summary>
    public int Line { get; set; } = line;

    /// <summary>Whether the table has a heading of its own; it may have only one.</summary>
    public bool HasHeading { get; set; }

    /// <summary>What stands in it, by key.</summary>
    public Dictionary<string, ConfigurationEntry> Entries { get; } = [];

    /// <summary>The full name of a key in this table.</summary>
    public string FullName(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
