using System;
using System.Globalization;
using System.Text;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Systemd;

/// <summary>
/// Tells the service manager how the service is: the datagrams of sd_notify(3), written by hand. Each call sends one datagram and never
/// waits; false means that it was not taken, and that it may be tried again later. Nobody else hears of it.
/// </summary>
public sealed unsafe class ServiceNotifier : IDisposable
{
    /// <summary>Bytes of sun_path (unix(7)).</summary>
    internal const int MaximumAddress = 108;

    /// <summary>
    /// Characters of a status that are sent: a line that a person reads in a terminal. What peers call themselves may be longer.
    /// </summary>
    internal const int MaximumStatus = 200;

    private const int FamilySize = sizeof(ushort);

    private readonly Descriptor _socket;
    private readonly byte[] _address;

    private ServiceNotifier(Descriptor socket, byte[] address, TimeSpan? watchdogInterval)
    {
        _socket = socket;
        _address = address;
        WatchdogInterval = watchdogInterval;
    }

    /// <summary>
    /// How often <see cref="TryFeedWatchdog"/> is to be called: half of the time after which the manager gives the service up, as
    /// sd_watchdog_enabled(3) recommends. Null when no watchdog runs.
    /// </summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>
    /// Opens the way to the manager that started this process. Null when there is none, and nothing is to be told: then
    /// <paramref name="problem"/> is null too. Null with a sentence for a person when there is one, and it cannot be reached.
    /// </summary>
    /// <param name="variable">Gives a variable of the environment, or null.</param>
    /// <param name="process">The number of this process.</param>
    /// <param name="problem">What is wrong; null on success, and where there is no manager.</param>
    public static ServiceNotifier? Open(Func<string, string?> variable, int process, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(variable);
        problem = null;
        string? name = variable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        if (ReadAddress(name) is not { } address)
        {
            problem = $"cannot notify the service manager: NOTIFY_SOCKET is \"{name}\", which is no address of a UNIX socket";
            return null;
        }

        const SocketType type = SocketType.SOCK_DGRAM | SocketType.SOCK_NONBLOCK | SocketType.SOCK_CLOEXEC;
        Descriptor socket = Sockets.Open(AddressFamily.AF_UNIX, type, 0);
        if (socket.IsInvalid)
        {
            problem = SystemError.Sentence("cannot notify the service manager", SystemError.Last);
            socket.Dispose();
            return null;
        }

        return new ServiceNotifier(
            socket, address, FindWatchdogInterval(variable("WATCHDOG_USEC"), variable("WATCHDOG_PID"), process));
    }

    /// <summary>The service has started, or has read its configuration anew.</summary>
    public bool TryTellReady() => TrySend("READY=1");

    /// <summary>What the service is busy with, as one line for a person. Control characters, which would end it, become a question mark.</summary>
    public bool TryTellStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return TrySend("STATUS=" + OnOneLine(status));
    }

    /// <summary>The service reads its configuration anew; <see cref="TryTellReady"/> ends that.</summary>
    /// <param name="now">The moment, in nanoseconds on the monotonic clock.</param>
    public bool TryTellReloading(long now) =>
        TrySend(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now / 1000}"));

    /// <summary>The service is about to end.</summary>
    public bool TryTellStopping() => TrySend("STOPPING=1");

    /// <summary>The service is alive.</summary>
    public bool TryFeedWatchdog() => TrySend("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// A sockaddr_un without the bytes behind its path: a path, or the name of an abstract socket, whose <c>@</c> stands for a zero byte.
    /// Null for anything else.
    /// </summary>
    internal static byte[]? ReadAddress(string name)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        if (name[0] is not ('/' or '@') || name.Length < 2 || length > MaximumAddress)
        {
            return null;
        }

        byte[] address = new byte[FamilySize + length];
        _ = BitConverter.TryWriteBytes(address, (ushort)AddressFamily.AF_UNIX);
        _ = Encoding.UTF8.GetBytes(name, address.AsSpan(FamilySize));
        if (name[0] == '@')
        {
            address[FamilySize] = 0;
        }

        return address;
    }

    /// <summary>Half of the watchdog's time; null when there is no watchdog, or it watches another process.</summary>
    internal static TimeSpan? FindWatchdogInterval(string? microseconds, string? watched, int process)
    {
        // A time of centuries, in ticks of 100 ns, still fits.
        const long longest = long.MaxValue / TimeSpan.TicksPerMicrosecond;
        bool isOurs = string.IsNullOrEmpty(watched) || watched == process.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long time) && time is > 0 and <= longest
            ? TimeSpan.FromTicks(time * TimeSpan.TicksPerMicrosecond / 2)
            : null;
    }

    private static string OnOneLine(string text) => string.Create(
        Math.Min(text.Length, MaximumStatus),
        text,
        static (line, source) =>
        {
            for (int index = 0; index < line.Length; index++)
            {
                line[index] = char.IsControl(source[index]) ? '?' : source[index];
            }
        });

    /// <summary>
    /// The address goes with each datagram: a manager that has started anew since has the same one, but is another peer.
    /// </summary>
    private bool TrySend(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* name = _address, start = bytes)
        {
            IoVector vector = new() { Start = start, Length = (nuint)bytes.Length };
            MultipleMessageHeader message = new()
            {
                Header = new MessageHeader { Name = name, NameLength = (uint)_address.Length, Vectors = &vector, VectorCount = 1 },
            };
            return Sockets.Send(_socket, &message, 1, MessageFlags.MSG_DONTWAIT) == 1;
        }
    }
}
