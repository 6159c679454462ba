using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace IntercomAgent.Hal.Files;

/// <summary>
/// Puts a file in the place of another so that whoever reads it after a power cut finds the old content or the new, whole: the new one is
/// written beside the old, brought to the disk, and takes its name. One step at a time, as each may wait for the disk.
/// </summary>
/// <param name="steps">The disk.</param>
/// <param name="path">The file, with its folder.</param>
/// <param name="content">What will be in it; not changed from now on.</param>
public sealed class FileReplacement(IFileSteps steps, string path, byte[] content)
{
    private readonly string _fresh = path + ".new";
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
    private Step _next = Step.Write;

    private enum Step
    {
        Write,
        Flush,
        Rename,
        FlushFolder,
        Done,
    }

    /// <summary>Whether the new content is in its place, and on the disk.</summary>
    public bool IsDone => _next == Step.Done;

    /// <summary>
    /// Takes the next step. False, with a sentence that names the file, when it failed; the step may be tried again.
    /// </summary>
    public bool TryStep([NotNullWhen(false)] out string? problem)
    {
        problem = null;
        bool taken = _next switch
        {
            Step.Write => steps.TryWrite(_fresh, content, out problem),
            Step.Flush => steps.TryFlush(_fresh, out problem),
            Step.Rename => steps.TryRename(_fresh, path, out problem),
            Step.FlushFolder => steps.TryFlushFolder(_folder, out problem),
            Step.Done => true,
            _ => throw new UnreachableException(),
        };
        _next += taken && !IsDone ? 1 : 0;
        return taken;
    }

    /// <summary>Takes all steps that are left. False, with a sentence, when one failed.</summary>
    public bool TryFinish([NotNullWhen(false)] out string? problem)
    {
        problem = null;
        while (!IsDone)
        {
            if (!TryStep(out problem))
            {
                return false;
            }
        }

        return true;
    }
}
