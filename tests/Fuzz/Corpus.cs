using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>The inputs that are kept in the repository: messages of real peers, and what once failed.</summary>
internal static class Corpus
{
    /// <summary>All that a target begins with: what it makes itself, and the files of its folder, in the order of their names.</summary>
    public static IReadOnlyList<FuzzInput> Of(IFuzzTarget target) => [.. target.Seeds(), .. Files(target.Name)];

    /// <summary>The torture messages that the unit tests keep.</summary>
    public static IEnumerable<FuzzInput> TortureMessages() => Load(Path.Combine(Here(), "..", "Unit", "Sip", "Torture"));

    /// <summary>What telephones, proxies and test callers have sent in real calls: one input is all that one of them said in one call.</summary>
    public static IEnumerable<FuzzInput> SipMessages() => Files("sip");

    /// <summary>The session descriptions in <see cref="SipMessages"/>.</summary>
    public static IEnumerable<FuzzInput> SessionDescriptions() => SipMessages()
        .Select(static input => new FuzzInput([.. input.Datagrams.Select(Body).Where(static body => body.AsSpan().StartsWith("v="u8))]))
        .Where(static input => input.Datagrams.Count > 0);

    private static byte[] Body(byte[] message) => message[(message.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private static IEnumerable<FuzzInput> Files(string name) => Load(Path.Combine(Here(), "Corpus", name));

    private static IEnumerable<FuzzInput> Load(string folder) => !Directory.Exists(folder) ? [] :
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(static path => Path.GetExtension(path) is ".dat" or ".hex")
            .Order(StringComparer.Ordinal)
            .Select(FuzzInput.Load);

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
