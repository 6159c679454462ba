using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace IntercomAgent.Configuration;

/// <summary>From a file to a configuration, or to everything that is wrong with it.</summary>
internal static class ConfigurationFile
{
    /// <summary>Characters of the longest file: a hundred times what a station needs; more is not a configuration.</summary>
    public const int MaximumLength = 256 * 1024;

    /// <summary>
    /// Where the unit takes the service's credentials from: a person who checks a configuration by hand means the same files.
    /// </summary>
    public const string CredentialsSource = "/etc/intercom-agent";

    /// <summary>What an empty file says: every value that has a default.</summary>
    public static AgentConfiguration Default() => Parse("", "/", out _) ?? throw new UnreachableException("Nothing has to be written.");

    /// <summary>Reads a file. Null when it cannot be used; then <paramref name="problems"/> says why, in the order of the file.</summary>
    public static AgentConfiguration? Load(string path, out IReadOnlyList<ConfigurationProblem> problems)
    {
        if (!TextFile.TryRead(path, MaximumLength, out string text, out string? problem))
        {
            problems = [new ConfigurationProblem(0, "", problem)];
            return null;
        }

        string credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") ?? CredentialsSource;
        return Parse(text, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", out problems, credentials);
    }

    /// <summary>Reads TOML text; paths in it are relative to <paramref name="folder"/>, or those of credentials. Null when it cannot be used.</summary>
    public static AgentConfiguration? Parse(
        string text, string folder, out IReadOnlyList<ConfigurationProblem> problems, string credentials = CredentialsSource)
    {
        List<ConfigurationProblem> found = [];
        if (TomlReader.Read(text, found) is not { } table)
        {
            problems = found;
            return null;
        }

        ConfigurationSection file = new(table, found);
        AgentConfiguration configuration = new ConfigurationSchema(folder, credentials).Read(file);
        file.Close();
        problems = [.. found.Order()];
        return found.Count == 0 ? configuration : null;
    }
}
