using System;
using System.Globalization;
using System.IO;
using System.Text;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Loop;

/// <summary>
/// Blocks SIGTERM, SIGINT and SIGHUP in every thread of the process, so that they wait to be read by <see cref="ISignalPort"/>.
/// When Main begins, the runtime already has a thread (the finalizer's) which a mask set now does not reach: the kernel would
/// deliver the signal there and end the process. So the program blocks the signals and starts itself anew, once; the mask survives
/// execve(2), and every thread of the new image inherits it. SIGPIPE needs no care: the runtime ignores it.
/// </summary>
public static unsafe class SignalMask
{
    private const string GuardName = "INTERCOM_AGENT_SIGNALS_BLOCKED";

    /// <summary>The signals in question.</summary>
    internal static SignalSet Signals
    {
        get
        {
            SignalSet signals = default;
            signals.Add(SignalNumber.SIGTERM);
            signals.Add(SignalNumber.SIGINT);
            signals.Add(SignalNumber.SIGHUP);
            return signals;
        }
    }

    /// <summary>
    /// To be called first of all by a command that runs the loop. True when the mask was inherited; when it was not, the process
    /// starts anew with the same arguments and this call does not return. False, with a sentence for a person, when that failed.
    /// </summary>
    public static bool TryInherit(out string? problem)
    {
        if (IsInherited())
        {
            TakeOwnName();
            problem = null;
            return true;
        }

        // The process number stays the same across execve, and no child has it: so the guard means us, and us only.
        string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        problem = Environment.GetEnvironmentVariable(GuardName) == self
            ? "cannot block signals: the program was started anew, and they are still not blocked"
            : SystemError.Sentence("cannot start anew with signals blocked", StartAnew(self));
        return false;
    }

    /// <summary>
    /// Whether this thread blocks all three signals. Nothing but <see cref="TryInherit"/> or whoever started the program blocks them,
    /// so the other threads do as well.
    /// </summary>
    internal static bool IsInherited()
    {
        SignalSet current;
        return Native.Signals.ChangeMask(MaskChange.SIG_BLOCK, null, &current) == Errno.None
            && current.Contains(SignalNumber.SIGTERM)
            && current.Contains(SignalNumber.SIGINT)
            && current.Contains(SignalNumber.SIGHUP);
    }

    /// <summary>Where the arguments lie in what the kernel keeps of a command line: each ends with a zero byte. Empty ones count.</summary>
    internal static int[] FindArguments(ReadOnlySpan<byte> commandLine)
    {
        int[] starts = new int[commandLine.Count((byte)0)];
        int start = 0;
        for (int index = 0; index < starts.Length; index++)
        {
            starts[index] = start;
            start += commandLine[start..].IndexOf((byte)0) + 1;
        }

        return starts;
    }

    /// <summary>Whoever starts itself anew through a link of /proc is called by that link's name, "exe", where processes are listed.</summary>
    private static void TakeOwnName()
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(Path.GetFileName(Environment.ProcessPath) + '\0'))
        {
            // It cannot fail with a name that can be read, and nothing depends on it.
            _ = Execution.Control(Execution.SetName, name);
        }
    }

    /// <summary>Returns only when it failed, with the former mask restored.</summary>
    private static Errno StartAnew(string self)
    {
        byte[] commandLine;
        try
        {
            commandLine = File.ReadAllBytes("/proc/self/cmdline");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there is nothing to start either.
            return Errno.ENOENT;
        }

        SignalSet signals = Signals;
        SignalSet former;
        Errno error = Native.Signals.ChangeMask(MaskChange.SIG_BLOCK, &signals, &former);
        if (error != Errno.None)
        {
            return error;
        }

        error = Execute(commandLine, Encoding.UTF8.GetBytes(self + '\0'));
        _ = Native.Signals.ChangeMask(MaskChange.SIG_SETMASK, &former, null);
        return error;
    }

    private static Errno Execute(byte[] commandLine, byte[] self)
    {
        int[] starts = FindArguments(commandLine);
        byte*[] arguments = new byte*[starts.Length + 1];
        fixed (byte* bytes = commandLine, guardValue = self, guardName = Encoding.UTF8.GetBytes(GuardName + '\0'))
        fixed (byte* program = "/proc/self/exe"u8)
        fixed (byte** pointers = arguments)
        {
            for (int index = 0; index < starts.Length; index++)
            {
                pointers[index] = bytes + starts[index];
            }

            if (Execution.SetVariable(guardName, guardValue, 1) == 0)
            {
                _ = Execution.Execute(program, pointers);
            }

            return SystemError.Last;
        }
    }
}
