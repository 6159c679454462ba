using System;
using System.IO;
using IntercomAgent.Tests.Interop.Agent;

namespace IntercomAgent.Tests.Interop.Namespaces;

/// <summary>
/// A network of this test alone, which a shell script sets up in network namespaces, and which goes away with it. Making one needs no
/// rights where the kernel gives users namespaces of their own, and root's elsewhere.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly PeerProcess _owner;

    private NetworkNamespace(PeerProcess owner) => _owner = owner;

    /// <summary>Runs the script of this folder, which prints <c>ready</c> at last and then waits for the end of its input.</summary>
    /// <param name="script">Its name, without extension.</param>
    /// <param name="arguments">Its arguments.</param>
    public static NetworkNamespace Start(string script, params string[] arguments)
    {
        PeerProcess owner = PeerProcess.Start(
            "unshare",
            ["--user", "--map-root-user", "--net", "sh", Path.Combine(AppContext.BaseDirectory, "Namespaces", script + ".sh"), .. arguments]);
        try
        {
            _ = owner.WaitForLine("ready", Limits.Event);
            return new NetworkNamespace(owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>The command that runs a program there, as the same process.</summary>
    /// <param name="place">The namespace, whose process the script has named in a line <c>PLACE PID</c>; null for the script's own.</param>
    /// <param name="command">The program and its arguments.</param>
    public string[] Command(string? place, params string[] command) =>
        ["nsenter", "--target", place is null ? $"{_owner.Id}" : Process(place), "--user", "--net", "--preserve-credentials", .. command];

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    private string Process(string place)
    {
        string line = Array.Find(
            _owner.StandardOutput.Split('\n'), line => line.StartsWith(place + " ", StringComparison.Ordinal))
            ?? throw new ArgumentException($"the script names no {place}:\n{_owner.Output}", nameof(place));
        return line[(place.Length + 1)..];
    }
}
