using System;

namespace IntercomAgent.Sip;

/// <summary>What stands next in the bytes of a connection.</summary>
internal enum StreamFrame
{
    /// <summary>Nothing whole yet.</summary>
    Incomplete,

    /// <summary>A message.</summary>
    Message,

    /// <summary>A double line end: the peer asks whether the connection still lives (RFC 5626 section 3.5.1).</summary>
    Ping,

    /// <summary>A single line end: the answer to ours.</summary>
    Pong,

    /// <summary>Nothing that can be read, so that nobody knows where the next message would begin.</summary>
    Broken,
}

/// <summary>
/// Cuts the bytes of one connection into messages by their Content-Length (RFC 3261 sections 18.3 and 20.14). However the bytes are
/// split on their way, the messages are the same.
/// </summary>
/// <param name="isOurs">Whether we opened the connection: then one line end answers our ping, else it may be half of the peer's.</param>
internal sealed class SipStreamReader(bool isOurs)
{
    private readonly byte[] _bytes = new byte[SipLimits.ReceivedMessage];
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>What is wrong after <see cref="StreamFrame.Broken"/>.</summary>
    public SipDropReason Reason { get; private set; }

    /// <summary>Whether a message has begun that is not whole yet.</summary>
    public bool IsWithinMessage => _end > _start;

    /// <summary>Where the bytes that come next are to be put; never empty before <see cref="Next"/> has said that all is broken.</summary>
    public Span<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _searched = Math.Max(0, _searched - _start);
            _end -= _start;
            _start = 0;
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>So many bytes were put there.</summary>
    public void Took(int count) => _end += count;

    /// <summary>Takes what stands next.</summary>
    /// <param name="message">The message, whole; valid until <see cref="Room"/> is called.</param>
    public StreamFrame Next(out ReadOnlySpan<byte> message)
    {
        message = default;
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_start, _end - _start);
        if (rest.StartsWith("\r\n"u8))
        {
            return NextLineEnd(rest);
        }

        int from = Math.Max(0, _searched - _start - 3);
        int end = rest.Length > from ? rest[from..].IndexOf("\r\n\r\n"u8) : -1;
        _searched = _end;
        if (end < 0)
        {
            return rest.Length == _bytes.Length ? Break(SipDropReason.TooLong) : StreamFrame.Incomplete;
        }

        int header = from + end + 4;
        if (!TryReadLength(rest[..(header - 2)], out int body))
        {
            return StreamFrame.Broken;
        }

        if (body > _bytes.Length - header)
        {
            return Break(SipDropReason.TooLong);
        }

        if (rest.Length < header + body)
        {
            _searched = _start;
            return StreamFrame.Incomplete;
        }

        message = rest[..(header + body)];
        Skip(header + body);
        return StreamFrame.Message;
    }

    private StreamFrame NextLineEnd(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("\r\n\r\n"u8))
        {
            Skip(4);
            return StreamFrame.Ping;
        }

        bool mayBecomePing = !isOurs && (rest.Length == 2 || (rest.Length == 3 && rest[2] == '\r'));
        if (mayBecomePing)
        {
            return StreamFrame.Incomplete;
        }

        Skip(2);
        return StreamFrame.Pong;
    }

    // Section 20.14: over a stream the field is mandatory, for nothing else says where the message ends.
    private bool TryReadLength(ReadOnlySpan<byte> header, out int length)
    {
        length = -1;
        int lineEnd = header.IndexOf("\r\n"u8);
        if (!header[..lineEnd].StartsWith("SIP/"u8) && header[..lineEnd].IndexOf(" SIP/"u8) < 0)
        {
            _ = Break(SipDropReason.NotSip);
            return false;
        }

        ReadOnlySpan<byte> rest = header[(lineEnd + 2)..];
        while (SipHeaders.TryTakeLine(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (!SipHeaders.Matches(SipHeaderName.ContentLength, name))
            {
                continue;
            }

            if (!SipGrammar.TryReadNumber(value, out int number) || (length >= 0 && length != number))
            {
                _ = Break(SipDropReason.ContentLength);
                return false;
            }

            length = number;
        }

        bool isRead = rest.IsEmpty && length >= 0;
        _ = isRead ? StreamFrame.Message : Break(rest.IsEmpty ? SipDropReason.ContentLength : SipDropReason.HeaderSyntax);
        return isRead;
    }

    private void Skip(int count)
    {
        _start += count;
        _searched = _start;
    }

    private StreamFrame Break(SipDropReason reason)
    {
        Reason = reason;
        return StreamFrame.Broken;
    }
}
