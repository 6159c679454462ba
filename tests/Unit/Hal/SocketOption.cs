using System;
using System.Reflection;
using System.Runtime.InteropServices;
using IntercomAgent.Hal.Native;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>What the tests do to a socket's descriptor behind its back.</summary>
internal static unsafe partial class SocketOption
{
    public static int Read(IDatagramSocket socket, int level, int option)
    {
        int value;
        uint length = sizeof(int);
        return Get(DescriptorOf(socket).Number, level, option, &value, &length) == 0 ? value : -1;
    }

    public static void Connect(IDatagramSocket socket, NetworkEndpoint remote)
    {
        byte* address = stackalloc byte[KernelAddress.MaximumSize];
        int length = KernelAddress.Write(remote, AddressFamily.AF_INET, new Span<byte>(address, KernelAddress.MaximumSize));
        if (Sockets.Connect(DescriptorOf(socket), address, (uint)length) != 0)
        {
            throw new InvalidOperationException(SystemError.Describe(SystemError.Last));
        }
    }

    private static Descriptor DescriptorOf(IDatagramSocket socket) => (Descriptor)typeof(DatagramSocket)
        .GetField("_socket", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(socket)!;

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int Get(int socket, int level, int option, void* value, uint* length);
}
