using System;
using System.IO;

namespace IntercomAgent.Hal.Files;

/// <summary>Small text files of the system that others write, such as <c>/etc/hosts</c>.</summary>
internal static class SystemFile
{
    /// <summary>Characters that are read: the hosts file of a house is a hundredth of it.</summary>
    private const int MaximumLength = 64 * 1024;

    /// <summary>The text of the file, no more than 64 Ki characters of it; empty when there is none, or none that can be read.</summary>
    public static string Read(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            char[] buffer = new char[MaximumLength];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A system without the file is a system that says nothing by it.
            return string.Empty;
        }
    }
}
