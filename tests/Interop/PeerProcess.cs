using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;

namespace IntercomAgent.Tests.Interop;

/// <summary>
/// A real peer: another program on this machine, whose output (standard output and standard error, line by line) a test waits for.
/// Every wait is bounded; disposing ends the program by its process id.
/// </summary>
public sealed partial class PeerProcess : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<bool> _areErrors = [];
    private readonly Process _process = new();
    private int _next;

    private PeerProcess(string program, IEnumerable<string> arguments, string workingDirectory)
    {
        _process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        _process.OutputDataReceived += (_, received) => Add(received.Data, isError: false);
        _process.ErrorDataReceived += (_, received) => Add(received.Data, isError: true);
    }

    /// <summary>All that the program has printed so far, for the message of a failed test.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>What it has printed on standard output so far.</summary>
    public string StandardOutput
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines.Where((_, index) => !_areErrors[index]));
            }
        }
    }

    /// <summary>What it has printed on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines.Where((_, index) => _areErrors[index]));
            }
        }
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the program has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Whether a program of that name can be found in PATH: a test of a peer that is not installed is skipped.</summary>
    public static bool IsInstalled(string program) =>
        Array.Exists(
            (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'),
            folder => System.IO.File.Exists(System.IO.Path.Combine(folder, program)));

    /// <summary>Starts a program with these arguments in the test's folder.</summary>
    public static PeerProcess Start(string program, params string[] arguments) =>
        StartIn(Environment.CurrentDirectory, program, arguments);

    /// <summary>Starts a program with these arguments in a folder.</summary>
    public static PeerProcess StartIn(string workingDirectory, string program, params string[] arguments)
    {
        PeerProcess peer = new(program, arguments, workingDirectory);
        _ = peer._process.Start();
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>Writes a line to the program's standard input.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends a signal by its number.</summary>
    /// <exception cref="Win32Exception">The program has ended already.</exception>
    public void Send(ProcessSignal signal)
    {
        if (Kill(Id, (int)signal) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>
    /// Waits for the next line that contains the text and returns it; lines up to it are not looked at again.
    /// </summary>
    /// <exception cref="TimeoutException">No such line came within the limit; the message holds all output.</exception>
    public string WaitForLine(string text, TimeSpan limit)
    {
        Stopwatch waited = Stopwatch.StartNew();
        do
        {
            if (FindLine(text) is { } line)
            {
                return line;
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(5));
        }
        while (waited.Elapsed < limit);

        throw new TimeoutException($"'{text}' did not come from {_process.StartInfo.FileName}:\n{Output}");
    }

    /// <summary>The next line that contains the text, if it is there already; lines up to it are not looked at again.</summary>
    public string? FindLine(string text)
    {
        lock (_lock)
        {
            int found = _lines.FindIndex(_next, line => line.Contains(text, StringComparison.Ordinal));
            if (found < 0)
            {
                return null;
            }

            _next = found + 1;
            return _lines[found];
        }
    }

    /// <summary>Waits until somebody has bound that UDP port of an IPv4 address of the program's network.</summary>
    /// <exception cref="TimeoutException">Nobody has within the limit; the message holds all output.</exception>
    public void WaitForUdpPort(string host, int port, TimeSpan limit) => WaitForPort("udp", host, port, limit);

    /// <summary>Waits until somebody has bound that port of <c>udp</c> or <c>tcp</c>.</summary>
    /// <exception cref="TimeoutException">Nobody has within the limit; the message holds all output.</exception>
    public void WaitForPort(string transport, string host, int port, TimeSpan limit)
    {
        // proc(5): the address as it lies in memory.
        uint address = BitConverter.ToUInt32(IPAddress.Parse(host).GetAddressBytes());
        string socket = string.Create(CultureInfo.InvariantCulture, $" {address:X8}:{port:X4} ");
        Stopwatch waited = Stopwatch.StartNew();
        while (HasEnded || !System.IO.File.ReadAllText($"/proc/{Id}/net/{transport}").Contains(socket, StringComparison.Ordinal))
        {
            if (waited.Elapsed > limit || HasEnded)
            {
                throw new TimeoutException($"{_process.StartInfo.FileName} does not listen on {host}:{port}:\n{Output}");
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>Waits until the program has ended by itself; gives its exit status.</summary>
    /// <exception cref="TimeoutException">It did not within the limit.</exception>
    public int WaitForEnd(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end:\n{Output}");
        }

        // Without a limit it waits for the rest of the output, too: the program is gone, so that it comes at once.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _ = _process.WaitForExit(EndLimit);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private void Add(string? line, bool isError)
    {
        if (line is not null)
        {
            lock (_lock)
            {
                _lines.Add(line);
                _areErrors.Add(isError);
            }
        }
    }
}
