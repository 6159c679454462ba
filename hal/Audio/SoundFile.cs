using System;
using System.IO;

namespace IntercomAgent.Hal.Audio;

/// <summary>Why a sound file could not be used, in words for a person.</summary>
internal static class SoundFile
{
    /// <summary>Whether an exception means that the file system refused, not that we made a mistake.</summary>
    public static bool IsRefusal(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary><c>cannot read speech.wav: no such file or directory</c></summary>
    public static string Sentence(string attempt, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{attempt}: no such file or directory",
        UnauthorizedAccessException => $"{attempt}: permission denied",
        _ => $"{attempt}: {failure.Message}",
    };
}
