using System;
using System.Threading.Tasks;
using IntercomAgent.Tests.Simulation.Walks;
using Xunit.Runner.InProc.SystemConsole;

namespace IntercomAgent.Tests.Simulation;

/// <summary>The tests' runner, or one of the walks: see <c>tests/simulate</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        WalkCommand.IsMeant(arguments) ? WalkCommand.Run(arguments, Console.Out) : await ConsoleRunner.Run(arguments).ConfigureAwait(false);
}
