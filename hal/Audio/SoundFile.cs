using System;
using System.IO;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Audio;

/// <summary>Why a sound file could not be used, in words for a person.</summary>
internal static class SoundFile
{
    /// <summary>
    /// The runtime puts the error number into HResult (other reasons are negative there); the kernel's end here (MAX_ERRNO).
    /// </summary>
    private const int MaximumErrno = 4095;

    /// <summary>Whether an exception means that the file system refused, not that we made a mistake.</summary>
    public static bool IsRefusal(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary><c>cannot read speech.wav: no such file or directory</c></summary>
    /// <param name="verb">What was tried: <c>read</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="failure">What the runtime says.</param>
    public static string Sentence(string verb, string path, Exception failure)
    {
        string attempt = $"cannot {verb} {path}";
        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => SystemError.Sentence(attempt, Errno.ENOENT),
            UnauthorizedAccessException when Directory.Exists(path) => $"{attempt}: it is a folder",
            UnauthorizedAccessException => SystemError.Sentence(attempt, Errno.EACCES),
            IOException { HResult: > 0 and <= MaximumErrno } => SystemError.Sentence(attempt, (Errno)failure.HResult),
            _ => $"{attempt}: {failure.Message}",
        };
    }
}
