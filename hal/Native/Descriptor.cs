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

    /// <summary>A descriptor that was there before, such as standard input.</summary>
    public Descriptor(int number, bool owned)
        : base(owned) => SetHandle(number);

    /// <summary>The descriptor's number, for messages and structures.</summary>
    public int Number => (int)handle;

    // What close reports (a delayed write error of a file) concerns none of the descriptors that we hold this way.
    protected override bool ReleaseHandle() => FileDescriptors.Close((int)handle) == 0;
}
