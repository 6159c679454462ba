using System;
using System.Diagnostics.CodeAnalysis;

namespace IntercomAgent.Hal.Files;

/// <summary>
/// The few things that are done to a file which must survive a power cut. Each is one step that may wait for the disk; false comes with
/// a sentence for a person.
/// </summary>
public interface IFileSteps
{
    /// <summary>
    /// Gives a file this content; it is made, or emptied first. Only its owner may read it. Nothing of it need be on the disk yet.
    /// </summary>
    bool TryWrite(string path, ReadOnlySpan<byte> content, [NotNullWhen(false)] out string? problem);

    /// <summary>Waits until the file's content is on the disk.</summary>
    bool TryFlush(string path, [NotNullWhen(false)] out string? problem);

    /// <summary>Gives a file another name in the same folder, in place of the file that had it.</summary>
    bool TryRename(string from, string to, [NotNullWhen(false)] out string? problem);

    /// <summary>Waits until the names in a folder are on the disk.</summary>
    bool TryFlushFolder(string path, [NotNullWhen(false)] out string? problem);
}
