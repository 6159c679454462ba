using System.IO;
using System.Runtime.CompilerServices;

namespace IntercomAgent.Tests.Bench;

/// <summary>The program that <c>./publish.sh --build linux-x64</c> has made.</summary>
internal static class ShippedProgram
{
    public static string FilePath { get; } = Path.Combine(RepositoryRoot(), "out", "linux-x64", "intercom-agent");

    /// <summary>The folder in which all of this is.</summary>
    public static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
