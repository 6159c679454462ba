using System;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>The service manager's end of sd_notify(3).</summary>
internal sealed class NotificationSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string? _file;

    public NotificationSocket(bool isAbstract)
    {
        string name = $"intercom-agent-{Guid.NewGuid():N}";
        _file = isAbstract ? null : Path.Combine(Path.GetTempPath(), name);
        _socket.Bind(new UnixDomainSocketEndPoint(_file ?? $"\0{name}"));
        Name = _file ?? $"@{name}";
    }

    /// <summary>What NOTIFY_SOCKET says.</summary>
    public string Name { get; }

    /// <summary>The next datagram that is there already; null when there is none.</summary>
    public string? Take()
    {
        byte[] buffer = new byte[2048];
        return _socket.Available > 0 || _socket.Poll(0, SelectMode.SelectRead)
            ? Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer))
            : null;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_file is not null)
        {
            File.Delete(_file);
        }
    }
}
