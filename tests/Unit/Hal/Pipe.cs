using System;
using System.Runtime.InteropServices;
using System.Text;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>The two ends of a pipe: what is written into <see cref="Entrance"/> is read from <see cref="Exit"/>.</summary>
internal sealed unsafe partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;

    public Pipe()
    {
        int* ends = stackalloc int[2];
        if (Open(ends, CloseOnExec) != 0)
        {
            throw new InvalidOperationException("There is no pipe.");
        }

        Exit = new Descriptor(ends[0], owned: true);
        Entrance = new Descriptor(ends[1], owned: true);
    }

    public Descriptor Exit { get; }

    public Descriptor Entrance { get; }

    public void Type(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            if (FileDescriptors.Write(Entrance, start, (nuint)bytes.Length) != bytes.Length)
            {
                throw new InvalidOperationException("The pipe is full.");
            }
        }
    }

    public string Read()
    {
        byte[] bytes = new byte[256];
        fixed (byte* start = bytes)
        {
            nint count = FileDescriptors.Read(Exit, start, (nuint)bytes.Length);
            return Encoding.UTF8.GetString(bytes, 0, (int)count);
        }
    }

    public void Dispose()
    {
        Exit.Dispose();
        Entrance.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Open(int* ends, int flags);
}
