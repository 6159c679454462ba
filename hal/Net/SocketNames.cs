using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal.Net;

/// <summary>What the kernel knows of a socket.</summary>
internal static unsafe class SocketNames
{
    /// <summary>The address that the socket is bound to.</summary>
    public static bool TryGetName(Descriptor socket, out NetworkEndpoint local)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        uint length = KernelAddress.MaximumSize;
        local = default;
        return Sockets.GetName(socket, address, &length) == 0
            && KernelAddress.TryRead(new System.ReadOnlySpan<byte>(address, KernelAddress.MaximumSize), out local);
    }

    /// <summary>Whether there is a peer at the other end.</summary>
    public static bool IsConnected(Descriptor socket)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        uint length = KernelAddress.MaximumSize;
        return Sockets.GetPeerName(socket, address, &length) == 0;
    }

    /// <summary>Takes the error that waits at the socket (SO_ERROR).</summary>
    public static Errno TakeError(Descriptor socket)
    {
        int error = 0;
        uint length = sizeof(int);
        return Sockets.GetOption(socket, SocketLevel.SOL_SOCKET, (int)SocketOption.SO_ERROR, &error, &length) == 0
            ? (Errno)error
            : SystemError.Last;
    }
}
