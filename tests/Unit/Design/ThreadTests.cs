using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>
/// Design rule 1 in the compiled code: the second net below BannedSymbols.txt, which names single types and sees only what is written
/// in C#. Here whole namespaces are closed, and what the compiler makes of <c>lock</c> and <c>async</c> is seen too.
/// </summary>
public sealed class ThreadTests
{
    private static readonly string[] Forbidden =
    [
        // Threads, locks, waits, timers, tasks.
        "System.Threading",
        "System.Timers",
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder",
        "System.Runtime.CompilerServices.AsyncVoidMethodBuilder",
        "System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder",
        "System.Collections.Concurrent",

        // The runtime starts a thread behind each of these.
        "System.Net.Sockets",
        "System.Net.Http",
        "System.Net.NetworkInformation",
        "System.Net.Dns",
        "System.Console",
        "System.Diagnostics.Process",
        "System.IO.FileSystemWatcher",
        "System.IO.Pipes",
        "System.Runtime.InteropServices.PosixSignalRegistration",
    ];

    private static readonly string[] Allowed =
    [
        // An enum.
        "System.Net.Sockets.AddressFamily",
    ];

    /// <summary>Whose signature is another's: it has to name what nothing in it uses.</summary>
    private static readonly (string User, string Used)[] AllowedThere =
    [
        ("IntercomAgent.Hal.Gpio.LoopGpioDriver", "System.Threading.CancellationToken"),
        ("IntercomAgent.Hal.Gpio.LoopGpioDriver", "System.Threading.Tasks.ValueTask`1"),
    ];

    [Theory]
    [InlineData("intercom-agent.dll")]
    [InlineData("IntercomAgent.Crypto.dll")]
    [InlineData("IntercomAgent.Hal.dll")]
    public void Nothing_that_starts_a_thread_is_in_the_code(string fileName)
    {
        CompiledAssembly assembly = CompiledAssembly.Read(fileName);

        IEnumerable<string> found = assembly.Uses
            .Where(use => Forbidden.Any(name => IsOrIsIn(use.Used, name)) && !Allowed.Contains(use.Used))
            .Where(use => !AllowedThere.Contains((use.User, use.Used)))
            .Select(use => $"{use.User} uses {use.Used}");

        string[] lines = [.. found];
        Assert.True(lines.Length == 0, string.Join(Environment.NewLine, lines));
    }

    private static bool IsOrIsIn(string type, string name) =>
        type.StartsWith(name, StringComparison.Ordinal) && (type.Length == name.Length || type[name.Length] is '.' or '`');
}
