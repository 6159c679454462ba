using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace IntercomAgent.Hal.Native;

/// <summary>
/// Why a system call failed, in words for a person. The table is ours because strerror speaks the language of the board's locale.
/// </summary>
internal static class SystemError
{
    /// <summary>
    /// The error number of the system call that this thread made last. Any code of the runtime's may make another: read it at once,
    /// before a sentence is composed.
    /// </summary>
    public static Errno Last => (Errno)Marshal.GetLastPInvokeError();

    /// <summary><c>cannot bind 127.0.0.1:5060: address already in use</c></summary>
    /// <param name="attempt">What was tried: <c>cannot bind 127.0.0.1:5060</c>.</param>
    /// <param name="error">Why it failed.</param>
    public static string Sentence(string attempt, Errno error) => $"{attempt}: {Describe(error)}";

    /// <summary>For what cannot fail on a sound machine, unless by a mistake of ours.</summary>
    public static IOException Exception(string attempt, Errno error) => new(Sentence(attempt, error));

    /// <summary>The cause in words; one that is not in the table gives its number.</summary>
    public static string Describe(Errno error) => error switch
    {
        Errno.EPERM => "operation not permitted",
        Errno.ENOENT => "no such file or directory",
        Errno.EIO => "the device does not answer",
        Errno.ENXIO => "no such device or address",
        Errno.EBADF => "the descriptor is not open",
        Errno.EAGAIN => "resource temporarily unavailable",
        Errno.ENOMEM => "out of memory",
        Errno.EACCES => "permission denied",
        Errno.EBUSY => "device or resource busy",
        Errno.ENODEV => "no such device",
        Errno.EINVAL => "invalid argument",
        Errno.ENFILE => "too many open files in the system",
        Errno.EMFILE => "too many open files",
        Errno.ENOTTY => "not a device of this kind",
        Errno.ENOSPC => "no space left on device",
        Errno.EPIPE => "the stream has run over or under",
        Errno.EBADFD => "the stream is in a state that does not allow this",
        Errno.ESTRPIPE => "the stream is suspended",
        Errno.ENOSYS => "not known to this kernel",
        Errno.EAFNOSUPPORT => "address family not supported",
        Errno.EADDRINUSE => "address already in use",
        Errno.EADDRNOTAVAIL => "no interface of this machine has this address",
        Errno.ENETDOWN => "network is down",
        Errno.ENETUNREACH => "network is unreachable",
        Errno.ENOBUFS => "no buffer space available",
        Errno.ECONNRESET => "the peer broke the connection off",
        Errno.ETIMEDOUT => "the peer does not answer",
        Errno.ECONNREFUSED => "connection refused",
        Errno.EHOSTUNREACH => "no route to host",
        _ => string.Create(CultureInfo.InvariantCulture, $"error {(int)error}"),
    };
}
