using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace IntercomAgent.Configuration;

/// <summary>Reading of a small text file that a person names.</summary>
internal static class TextFile
{
    /// <summary>Reads the whole file; false, with a sentence for that person, when there is none to read.</summary>
    public static bool TryRead(string path, int maximumLength, out string text, [NotNullWhen(false)] out string? problem)
    {
        text = "";
        problem = null;
        try
        {
            using StreamReader reader = new(path);
            char[] buffer = new char[maximumLength + 1];
            int length = reader.ReadBlock(buffer);
            text = new string(buffer, 0, Math.Min(length, maximumLength));
            problem = length > maximumLength ? $"the file is longer than {maximumLength} characters" : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "there is no such file";
        }
        catch (UnauthorizedAccessException)
        {
            problem = Directory.Exists(path) ? "this is a folder, not a file" : "this user may not read the file";
        }
        catch (IOException)
        {
            problem = "the file cannot be read";
        }

        return problem is null;
    }
}
