using System.Reflection;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Net;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>Reads back what a socket was told: the agent itself has no need to.</summary>
internal static unsafe partial class SocketOption
{
    public static int Read(IDatagramSocket socket, int level, int option)
    {
        Descriptor descriptor = (Descriptor)typeof(DatagramSocket)
            .GetField("_socket", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(socket)!;
        int value;
        uint length = sizeof(int);
        return Get(descriptor.Number, level, option, &value, &length) == 0 ? value : -1;
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int Get(int socket, int level, int option, void* value, uint* length);
}
