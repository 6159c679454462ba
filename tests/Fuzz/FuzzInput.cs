using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>What arrives, datagram by datagram.</summary>
internal sealed record FuzzInput(IReadOnlyList<byte[]> Datagrams)
{
    private const int DigitsInLine = 128;

    /// <summary>
    /// Reads a file: the digits of each datagram in hexadecimal, with an empty line between two, and lines with <c>#</c> that say
    /// something to a person; or, where the name ends with <c>.dat</c>, one datagram as it is.
    /// </summary>
    public static FuzzInput Load(string path)
    {
        if (Path.GetExtension(path) == ".dat")
        {
            return new FuzzInput([File.ReadAllBytes(path)]);
        }

        List<byte[]> datagrams = [];
        StringBuilder digits = new();
        foreach (string line in (string[])[.. File.ReadAllLines(path), ""])
        {
            if (line.Length == 0 && digits.Length > 0)
            {
                datagrams.Add(Convert.FromHexString(digits.ToString()));
                _ = digits.Clear();
            }
            else if (!line.StartsWith('#'))
            {
                _ = digits.Append(line.Trim());
            }
        }

        return new FuzzInput(datagrams);
    }

    /// <summary>Writes a file for <see cref="Load"/>.</summary>
    public void Save(string path, string comment)
    {
        StringBuilder text = new($"# {comment}\n");
        foreach (byte[] datagram in Datagrams)
        {
            string digits = Convert.ToHexStringLower(datagram);
            for (int at = 0; at < digits.Length; at += DigitsInLine)
            {
                _ = text.Append(digits.AsSpan(at, Math.Min(DigitsInLine, digits.Length - at))).Append('\n');
            }

            _ = text.Append('\n');
        }

        File.WriteAllText(path, text.ToString());
    }
}
