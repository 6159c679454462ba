using System;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace IntercomAgent.Tests.Interop.Baresip;

/// <summary>The connection to baresip's ctrl_tcp module: commands and events as JSON, each in a netstring, <c>11:{"event":1},</c></summary>
internal sealed class BaresipControl : IDisposable
{
    /// <summary>Bytes of unread events: far more than a call brings.</summary>
    private readonly byte[] _unread = new byte[256 * 1024];
    private readonly Socket _socket;
    private int _length;

    private BaresipControl(Socket socket) => _socket = socket;

    /// <summary>Connects as soon as the module listens.</summary>
    /// <exception cref="TimeoutException">It does not within the limit.</exception>
    public static BaresipControl Connect(int port, TimeSpan limit)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (waited.Elapsed < limit)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return new BaresipControl(socket);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
                System.Threading.Thread.Sleep(20);
            }
        }

        throw new TimeoutException($"baresip does not listen on port {port}.");
    }

    /// <summary>Sends a command of baresip's menu by its long name.</summary>
    public void Send(string command, string parameters = "")
    {
        string message = $$"""{"command":"{{command}}","params":"{{JsonEncodedText.Encode(parameters)}}"}""";
        _ = _socket.Send(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length}:{message},")));
    }

    /// <summary>Takes the next event or response; null when none comes within the limit.</summary>
    public JsonElement? Receive(TimeSpan limit)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            if (TryTake(out JsonElement message))
            {
                return message;
            }

            TimeSpan rest = limit - waited.Elapsed;
            if (rest <= TimeSpan.Zero || !_socket.Poll(rest, SelectMode.SelectRead))
            {
                return null;
            }

            int received = _socket.Receive(_unread.AsSpan(_length));
            if (received == 0)
            {
                return null;
            }

            _length += received;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool TryTake(out JsonElement message)
    {
        ReadOnlySpan<byte> unread = _unread.AsSpan(0, _length);
        int colon = unread.IndexOf((byte)':');
        message = default;
        if (colon < 0)
        {
            return false;
        }

        int length = int.Parse(unread[..colon], CultureInfo.InvariantCulture);
        int end = colon + 1 + length + 1;
        if (_length < end)
        {
            return false;
        }

        message = JsonSerializer.Deserialize<JsonElement>(unread.Slice(colon + 1, length));
        _unread.AsSpan(end, _length - end).CopyTo(_unread);
        _length -= end;
        return true;
    }
}
