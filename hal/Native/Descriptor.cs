using Microsoft.Win32.SafeHandles;

namespace IntercomAgent.Hal.Native;

/// <summary>A file descriptor, closed with Dispose.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>For the generated bindings, which fill it with what the kernel returned.</summary>
    public Descriptor()
        : base(ownsHandle: true)
    {
    }

    /// <summary>A descriptor that somebody else has opened; it is closed with Dispose only if it is <paramref name="owned"/>.</summary>
    public Descriptor(int number, bool owned)
        : base(owned) => SetHandle(number);

    /// <summary>
    /// A descriptor that the program was started with, such as standard input; invalid when it was closed then. The runtime may have
    /// taken its number since (measured: for /dev/urandom), but marks its own close-on-exec, which nothing that was inherited is.
    /// </summary>
    public static Descriptor Inherited(int number)
    {
        int flags = FileDescriptors.Control(number, DescriptorCommand.F_GETFD, 0);
        bool given = flags >= 0 && ((DescriptorFlags)flags & DescriptorFlags.FD_CLOEXEC) == 0;
        return new Descriptor(given ? number : -1, owned: false);
    }

    /// <summary>The descriptor's number, for messages and structures.</summary>
    public int Number => (int)handle;

    // What close reports (a delayed write error of a file) concerns none of the descriptors that we hold this way.
    protected override bool ReleaseHandle() => FileDescriptors.Close((int)handle) == 0;
}
