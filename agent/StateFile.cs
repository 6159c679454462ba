using System;
using System.IO;
using IntercomAgent.State;

namespace IntercomAgent;

/// <summary>The file that the state is read from at the start. It lies beside the identity.</summary>
internal static class StateFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "state";

    /// <summary>
    /// Reads the state; a missing file is the state of a door that was never started. A file that cannot be read, or is not what was
    /// written, gives a sentence, and a state with the codes locked: what cannot be known is taken for the worst.
    /// </summary>
    public static DurableState Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] bytes = new byte[DurableState.MaximumLength];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (DurableState.TryRead(bytes.AsSpan(0, length)) is { } state)
            {
                return state;
            }

            problem = $"{path}: this is no state that was written here; counting begins anew, and codes are locked for their time";
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return DurableState.Fresh;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"{path}: cannot be read; counting begins anew, and codes are locked for their time";
        }

        return DurableState.Unknown;
    }
}
