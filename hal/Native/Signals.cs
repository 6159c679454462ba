using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>The calling thread's signal mask, and the descriptor from which blocked signals are read (signalfd).</summary>
internal static unsafe partial class Signals
{
    /// <summary>Changes the calling thread's mask and gives the former one. It returns the error itself, not through errno.</summary>
    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    public static partial Errno ChangeMask(MaskChange how, SignalSet* set, SignalSet* former);

    [LibraryImport("libc", EntryPoint = "signalfd", SetLastError = true)]
    public static partial Descriptor OpenDescriptor(int descriptor, SignalSet* set, SignalDescriptorFlags flags);
}

/// <summary>Signal numbers (bits/signum-generic.h), the same on x86-64 and on ARM.</summary>
internal enum SignalNumber
{
    SIGHUP = 1,
    SIGINT = 2,
    SIGTERM = 15,
}

/// <summary>bits/sigaction.h</summary>
internal enum MaskChange
{
    SIG_BLOCK = 0,
    SIG_SETMASK = 2,
}

/// <summary>sys/signalfd.h</summary>
[Flags]
internal enum SignalDescriptorFlags
{
    SFD_NONBLOCK = 0x800,
    SFD_CLOEXEC = 0x80000,
}

/// <summary>sigset_t: 1024 bits in the C library, of which the kernel looks at 64.</summary>
[InlineArray(16)]
internal struct SignalSet
{
    private ulong _bits;

    /// <summary>Adds a signal.</summary>
    public void Add(SignalNumber signal) => this[0] |= Bit(signal);

    /// <summary>Whether the set holds a signal.</summary>
    public readonly bool Contains(SignalNumber signal) => (this[0] & Bit(signal)) != 0;

    // Signals count from 1. A 32-bit little-endian word order gives the same bytes.
    private static ulong Bit(SignalNumber signal) => 1ul << ((int)signal - 1);
}

/// <summary>struct signalfd_siginfo, of which we read the number alone.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct SignalInformation
{
    public SignalNumber Number;
}
