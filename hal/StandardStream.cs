using System;
using System.IO;
using IntercomAgent.Hal.Native;

namespace IntercomAgent.Hal;

/// <summary>
/// Standard output or standard error, by write(2). Console would start a thread, and FileStream keeps a position of its own, so that
/// output and errors that go to one file overwrite each other. A stream that was closed before the program started takes
/// everything and gives it to nobody, as does one whose reader has gone.
/// </summary>
public sealed unsafe class StandardStream : Stream
{
    private const int OutputNumber = 1;
    private const int ErrorNumber = 2;

    private readonly Descriptor _descriptor;
    private readonly bool _waits;

    internal StandardStream(Descriptor descriptor, bool waits)
    {
        _descriptor = descriptor;
        _waits = waits;
    }

    /// <summary>Pieces that were dropped because nobody read fast enough, or at all.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output: what a command was asked for. It waits for a slow reader, so it is not for the loop.</summary>
    public static StandardStream OpenOutput() => new(Descriptor.Inherited(OutputNumber), waits: true);

    /// <summary>Standard error: the log. It never waits: a line that its reader has no room for is dropped and counted.</summary>
    public static StandardStream OpenError() => new(Descriptor.Inherited(ErrorNumber), waits: false);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint count = _waits || HasRoom() ? WriteOnce(buffer) : 0;
            if (count <= 0)
            {
                Dropped++;
                return;
            }

            buffer = buffer[(int)count..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nothing is held back.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _descriptor.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A pipe that has room has it for PIPE_BUF, 4096 bytes at least (pipe(7)): for any line of the log.</summary>
    private bool HasRoom()
    {
        PollDescriptor question = new() { Descriptor = _descriptor.Number, Events = PollEvents.POLLOUT };
        return FileDescriptors.Poll(&question, 1, 0) > 0;
    }

    /// <summary>Returns how many bytes were taken; -1 when none ever will be.</summary>
    private nint WriteOnce(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = FileDescriptors.Write(_descriptor, start, (nuint)buffer.Length);
            }
            while (count < 0 && (SystemError.Last == Errno.EINTR || (SystemError.Last == Errno.EAGAIN && _waits && WaitForRoom())));

            return count;
        }
    }

    /// <summary>Somebody else who has the terminal or pipe open has made it non-blocking.</summary>
    private bool WaitForRoom()
    {
        PollDescriptor question = new() { Descriptor = _descriptor.Number, Events = PollEvents.POLLOUT };
        return FileDescriptors.Poll(&question, 1, -1) != 0;
    }
}
