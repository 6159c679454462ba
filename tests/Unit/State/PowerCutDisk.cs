using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Hal.Files;

namespace IntercomAgent.Tests.Unit.State;

/// <summary>
/// A disk that loses its power. What was not flushed may have reached it or not: content in part, names in part. It lists everything that
/// a reader can find afterwards.
/// </summary>
internal sealed class PowerCutDisk : IFileSteps
{
    private readonly List<Dictionary<string, Content>> _folders = [[]];

    /// <summary>Steps that are done before one fails, as the power goes.</summary>
    public int StepsLeft { get; set; } = int.MaxValue;

    private Dictionary<string, Content> Folder => _folders[^1];

    public bool TryWrite(string path, ReadOnlySpan<byte> content, [NotNullWhen(false)] out string? problem)
    {
        // Making the file and filling it are two things to the disk.
        if (!TakesStep(out problem))
        {
            return false;
        }

        Change(folder => folder[path] = new Content());
        Folder[path].Cached = content.ToArray();
        return true;
    }

    public bool TryFlush(string path, [NotNullWhen(false)] out string? problem)
    {
        if (!TakesStep(out problem))
        {
            return false;
        }

        Folder[path].IsFlushed = true;
        return true;
    }

    public bool TryRename(string from, string to, [NotNullWhen(false)] out string? problem)
    {
        if (!TakesStep(out problem))
        {
            return false;
        }

        Change(folder =>
        {
            _ = folder.Remove(from, out Content? moved);
            folder[to] = moved!;
        });
        return true;
    }

    public bool TryFlushFolder(string path, [NotNullWhen(false)] out string? problem)
    {
        if (!TakesStep(out problem))
        {
            return false;
        }

        _folders.RemoveRange(0, _folders.Count - 1);
        return true;
    }

    /// <summary>Everything that may be in the file after the cut; null where there may be no file.</summary>
    public IEnumerable<byte[]?> Findings(string path)
    {
        foreach (Dictionary<string, Content> folder in _folders)
        {
            IEnumerable<byte[]?> findings = folder.TryGetValue(path, out Content? content) ? content.Findings() : new byte[]?[1];
            foreach (byte[]? found in findings)
            {
                yield return found;
            }
        }
    }

    private bool TakesStep([NotNullWhen(false)] out string? problem)
    {
        problem = StepsLeft-- > 0 ? null : "the power is gone";
        return problem is null;
    }

    private void Change(Action<Dictionary<string, Content>> change)
    {
        Dictionary<string, Content> next = new(Folder);
        change(next);
        _folders.Add(next);
    }

    private sealed class Content
    {
        public byte[] Cached { get; set; } = [];

        public bool IsFlushed { get; set; }

        public IEnumerable<byte[]?> Findings()
        {
            if (!IsFlushed)
            {
                for (int length = 0; length < Cached.Length; length++)
                {
                    yield return Cached[..length];
                }

                // The length reached the disk, the bytes did not.
                yield return new byte[Cached.Length];
            }

            yield return Cached;
        }
    }
}
