using System;
using System.Globalization;

namespace IntercomAgent.Configuration;

/// <summary>One thing in a configuration file that cannot be used, told so that a person can put it right.</summary>
/// <param name="Line">The line of the file, counted from 1; 0 when the file as a whole is meant.</param>
/// <param name="Key">The full name of the key, <c>sip.port</c>; empty for a line without one.</param>
/// <param name="Message">What is wrong and what would be right. It never quotes a secret.</param>
internal readonly record struct ConfigurationProblem(int Line, string Key, string Message) : IComparable<ConfigurationProblem>
{
    /// <summary>In the order of the file; of one line and key, in the order of finding.</summary>
    public int CompareTo(ConfigurationProblem other)
    {
        int byLine = Line.CompareTo(other.Line);
        return byLine != 0 ? byLine : string.CompareOrdinal(Key, other.Key);
    }

    /// <summary>The line for the terminal, as compilers write it: <c>agent.toml:12: sip.port: …</c></summary>
    public string Describe(string file)
    {
        string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}:{Line}: ") : $"{file}: ";
        return Key.Length > 0 ? $"{place}{Key}: {Message}" : place + Message;
    }
}
