using System;
using System.Buffers.Text;

namespace IntercomAgent.Sip;

/// <summary>
/// Writes a message into a buffer. The buffer is <see cref="SipLimits.SentMessage"/> long, which the limits on what we read and send
/// make sufficient; running over it would be our own mistake and throws.
/// </summary>
internal ref struct SipWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Copies bytes.</summary>
    public void Text(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }

    /// <summary>
    /// Copies a value of a peer's; line ends of folded lines become spaces, so that nothing can begin a new header field.
    /// </summary>
    public void Value(scoped ReadOnlySpan<byte> value)
    {
        foreach (byte symbol in value)
        {
            _buffer[_length++] = symbol is (byte)'\r' or (byte)'\n' ? (byte)' ' : symbol;
        }
    }

    /// <summary>Writes a decimal number.</summary>
    public void Number(int number)
    {
        _ = Utf8Formatter.TryFormat(number, _buffer[_length..], out int written);
        _length += written;
    }

    /// <summary>Ends a line.</summary>
    public void EndLine() => Text("\r\n"u8);

    /// <summary>Writes a whole header line.</summary>
    public void Header(SipHeaderName name, scoped ReadOnlySpan<byte> value)
    {
        BeginHeader(name);
        Value(value);
        EndLine();
    }

    /// <summary>Writes a header line with a number.</summary>
    public void Header(SipHeaderName name, int value)
    {
        BeginHeader(name);
        Number(value);
        EndLine();
    }

    /// <summary>Writes the name of a header field; the value and the line end follow.</summary>
    public void BeginHeader(SipHeaderName name)
    {
        Text(SipHeaders.Name(name));
        Text(": "u8);
    }

    /// <summary>Writes Content-Type, Content-Length, the empty line and the body.</summary>
    public void Body(scoped ReadOnlySpan<byte> contentType, scoped ReadOnlySpan<byte> body)
    {
        if (!body.IsEmpty)
        {
            Header(SipHeaderName.ContentType, contentType);
        }

        Header(SipHeaderName.ContentLength, body.Length);
        EndLine();
        Text(body);
    }
}
