using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace IntercomAgent.Tests.Interop;

/// <summary>
/// Ports for the agents and peers of a test. They lie below those from which Linux serves whoever asks for any port, and above those from
/// which agents and a baresip choose for their media: one of these could be taken between being found and being listened at.
/// </summary>
public static class FreePorts
{
    private const int First = 16_448;
    private const int Count = 16_320;

    // Programs that run beside each other start at different places.
    private static int _tried = Environment.ProcessId * 64;

    /// <summary>
    /// A port of the loopback interface that nothing uses at this moment for UDP or TCP, nor the one above it, where some peers take
    /// TLS. None is given twice before all have been.
    /// </summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < Count / 2; attempt++)
        {
            int port = First + (int)((uint)Interlocked.Add(ref _tried, 2) % Count & ~1u);
            if (IsFree(port) && IsFree(port + 1))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"no port from {First} to {First + Count - 1} is free");
    }

    private static bool IsFree(int port)
    {
        IPEndPoint local = new(IPAddress.Loopback, port);
        return CanBind(local, SocketType.Dgram, ProtocolType.Udp) && CanBind(local, SocketType.Stream, ProtocolType.Tcp);
    }

    private static bool CanBind(IPEndPoint local, SocketType type, ProtocolType protocol)
    {
        using Socket probe = new(AddressFamily.InterNetwork, type, protocol);
        try
        {
            probe.Bind(local);
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
