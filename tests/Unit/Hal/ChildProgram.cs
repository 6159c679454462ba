using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>The program of <c>tests/Child</c>, running.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ChildProgram(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
    }

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "IntercomAgent.Tests.Child");

    public int Id => _process.Id;

    /// <summary>Starts it by its own executable, or as <c>dotnet IntercomAgent.Tests.Child.dll</c>.</summary>
    public static ChildProgram Start(bool throughDotnet, params string[] arguments) => new(throughDotnet
        ? new ProcessStartInfo("dotnet", [Path + ".dll", .. arguments])
        : new ProcessStartInfo(Path, arguments));

    public static ChildProgram StartInShell(string script) => new(new ProcessStartInfo("/bin/sh", ["-c", script]));

    /// <summary>raise(3): a signal to the calling thread.</summary>
    [LibraryImport("libc", EntryPoint = "raise")]
    public static partial int Raise(SignalNumber signal);

    public string? ReadLine()
    {
        System.Threading.Tasks.Task<string?> line = _process.StandardOutput.ReadLineAsync();
        return line.Wait(Patience) ? line.Result : throw new TimeoutException("The child says nothing.");
    }

    public void Send(SignalNumber signal)
    {
        if (Kill(Id, signal) != 0)
        {
            throw new InvalidOperationException("The child is gone.");
        }
    }

    /// <summary>SIGSTOP, and SIGCONT when the kernel says that the process has stopped.</summary>
    public void StopAndContinue()
    {
        Send((SignalNumber)19);
        Stopwatch waited = Stopwatch.StartNew();
        while (!System.IO.File.ReadAllText($"/proc/{Id}/stat").Contains(") T ", StringComparison.Ordinal))
        {
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException("The child does not stop.");
            }
        }

        Send((SignalNumber)18);
    }

    public int WaitForExit() => _process.WaitForExit(Patience) ? _process.ExitCode : throw new TimeoutException("The child does not end.");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, SignalNumber signal);
}
