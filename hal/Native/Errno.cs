namespace IntercomAgent.Hal.Native;

/// <summary>The error numbers that we tell apart or put into words. They are the same on x86-64 and on ARM (asm-generic/errno.h).</summary>
internal enum Errno
{
    /// <summary>The call succeeded.</summary>
    None = 0,

    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    EIO = 5,
    ENXIO = 6,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EBUSY = 16,
    ENODEV = 19,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    ENOTTY = 25,
    ENOSPC = 28,
    EPIPE = 32,
    ENOSYS = 38,
    EBADFD = 77,
    ESTRPIPE = 86,
    ENOTSOCK = 88,
    EAFNOSUPPORT = 97,
    EADDRINUSE = 98,
    EADDRNOTAVAIL = 99,
    ENETDOWN = 100,
    ENETUNREACH = 101,
    ECONNRESET = 104,
    ENOBUFS = 105,
    ETIMEDOUT = 110,
    ECONNREFUSED = 111,
    EHOSTUNREACH = 113,
    EINPROGRESS = 115,
}
