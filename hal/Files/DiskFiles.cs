using System;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Files;

/// <summary>The machine's disk.</summary>
public sealed unsafe class DiskFiles : IFileSteps
{
    private const OpenFlags Folder = OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC;
    private const OpenFlags Existing = OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC;
    private const OpenFlags Fresh = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC;
    private const int OwnerOnly = 0b110_000_000;

    /// <inheritdoc/>
    public bool TryWrite(string path, ReadOnlySpan<byte> content, [NotNullWhen(false)] out string? problem)
    {
        using Descriptor file = DiskFile.Open(path, Fresh, OwnerOnly);
        if (file.IsInvalid)
        {
            return Fails($"cannot open {path}", SystemError.Last, out problem);
        }

        fixed (byte* start = content)
        {
            for (nint written = 0; written < content.Length;)
            {
                nint count = FileDescriptors.Write(file, start + written, (nuint)(content.Length - written));
                if (count < 0 && SystemError.Last != Errno.EINTR)
                {
                    return Fails($"cannot write {path}", SystemError.Last, out problem);
                }

                written += Math.Max(count, 0);
            }
        }

        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFlush(string path, [NotNullWhen(false)] out string? problem) => TryFlush(path, Existing, out problem);

    /// <inheritdoc/>
    public bool TryRename(string from, string to, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        return DiskFile.Rename(from, to) == 0 || Fails($"cannot rename {from}", SystemError.Last, out problem);
    }

    /// <inheritdoc/>
    public bool TryFlushFolder(string path, [NotNullWhen(false)] out string? problem) => TryFlush(path, Folder, out problem);

    private static bool TryFlush(string path, OpenFlags flags, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        using Descriptor file = DiskFile.Open(path, flags, 0);
        return (!file.IsInvalid && DiskFile.Flush(file) == 0) || Fails($"cannot bring {path} to the disk", SystemError.Last, out problem);
    }

    private static bool Fails(string attempt, Errno error, out string problem)
    {
        problem = SystemError.Sentence(attempt, error);
        return false;
    }
}
