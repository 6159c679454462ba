using System;
using System.IO;

namespace IntercomAgent.Tests.Interop.Agent;

/// <summary>
/// The real agent as a process of its own: the program that was built with the tests, or the one that the environment variable
/// INTERCOM_AGENT names (the native one). It has a folder of its own, which goes away with it.
/// </summary>
public sealed class AgentProgram : IDisposable
{
    /// <summary>How long it may take to start, on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private const string StateFolder = "state";

    /// <summary>
    /// Makes every mount of its namespace read-only, but for the state's folder, and then becomes the program. What a user of a namespace
    /// must not allow again (mount_namespaces(7)) has to be forbidden once more.
    /// </summary>
    private const string ReadOnlyScript = """
        mkdir state && mount --bind state state || exit 1
        cut -d ' ' -f 5 /proc/self/mountinfo | grep -v '/state$' | while read -r mount; do
          mount -o remount,bind,ro "$mount" || mount -o remount,bind,ro,nosuid,nodev "$mount" \
            || mount -o remount,bind,ro,nosuid,nodev,noexec "$mount"
        done 2> /dev/null
        ! touch written 2> /dev/null || exit 1
        exec "$@"
        """;

    /// <summary>Lets a library be an empty file in its mount namespace, and then becomes the program.</summary>
    private const string HidingScript = "for file in /usr/lib/*/\"$0\"; do mount --bind /dev/null \"$file\" || exit 9; done; exec \"$@\"";

    private readonly string _folder;

    private AgentProgram(string folder, PeerProcess process, string address)
    {
        _folder = folder;
        Process = process;
        Address = address;
    }

    /// <summary>The program's file.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("INTERCOM_AGENT") is { Length: > 0 } named
        ? System.IO.Path.GetFullPath(named)
        : System.IO.Path.Combine(AppContext.BaseDirectory, "intercom-agent");

    /// <summary>The process: its log, and its end.</summary>
    public PeerProcess Process { get; }

    /// <summary>Where to call it: <c>sip:door@127.0.0.1:5060</c>.</summary>
    public string Address { get; }

    /// <summary>Its configuration.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(_folder, AgentOptions.FileName);

    /// <summary>Its state, where it was started with <see cref="StartOnReadOnlyRoot"/>.</summary>
    public string StateFile => System.IO.Path.Combine(_folder, StateFolder, "state");

    /// <summary>Its key and certificate.</summary>
    public string IdentityFile => System.IO.Path.Combine(_folder, "identity.pem");

    /// <summary>Its log, for the message of a failed test.</summary>
    public string Log => Process.Output;

    /// <summary>Starts a station and waits until it listens.</summary>
    public static AgentProgram Start(AgentOptions options) => Start(options, Path);

    /// <summary>Starts a station in a network namespace of its own, where no interface is up, and waits until it listens.</summary>
    public static AgentProgram StartWithoutNetwork(AgentOptions options) =>
        Start(options, "unshare", "--user", "--map-root-user", "--net", Path);

    /// <summary>Starts a station by a command that runs programs at a place, as one of a network, and waits until it listens.</summary>
    public static AgentProgram StartAt(string[] place, AgentOptions options) => Start(options, [.. place, Path]);

    /// <summary>Starts a station that can write nothing but its state, and waits until it listens.</summary>
    public static AgentProgram StartOnReadOnlyRoot(AgentOptions options) => Start(
        options with { Records = false, Identity = $"{StateFolder}/identity.pem" },
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ReadOnlyScript, "sh", Path);

    /// <summary>The command that runs programs where a library is missing, for <see cref="StartAt"/>.</summary>
    public static string[] WithoutLibrary(string name) =>
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", HidingScript, name];

    /// <summary>Starts it once more, after its end, with the same configuration, and waits until it listens.</summary>
    public PeerProcess StartAgain() => Launch(_folder, Path);

    /// <summary>Presses its button.</summary>
    public void Press() => Process.WriteLine("press");

    /// <summary>Waits for a line of the log that holds the text; lines up to it are not looked at again.</summary>
    public string WaitFor(string text) => Process.WaitForLine(text, Limits.Event);

    /// <summary>Ends it by SIGTERM and gives its exit status. What it has heard is complete then.</summary>
    public int End()
    {
        Process.Send(ProcessSignal.Terminate);
        return Process.WaitForEnd(Limits.End);
    }

    /// <summary>What its loudspeaker has played, from start to end, silence between the calls included.</summary>
    public short[] Heard() => WaveFile.Read(System.IO.Path.Combine(_folder, "heard.wav"));

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static AgentProgram Start(AgentOptions options, params string[] command)
    {
        string folder = Directory.CreateTempSubdirectory("agent-").FullName;
        int port = FreePorts.Next();
        _ = options.Write(folder, port);
        try
        {
            return new AgentProgram(folder, Launch(folder, command), $"sip:door@{options.Host}:{port}");
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static PeerProcess Launch(string folder, params string[] command)
    {
        PeerProcess process = PeerProcess.StartIn(folder, command[0], [.. command[1..], "run", "--config", AgentOptions.FileName]);
        try
        {
            _ = process.WaitForLine("listens on", StartLimit);
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }
}
