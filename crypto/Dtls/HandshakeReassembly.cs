using System;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// Puts handshake messages together from fragments that come in any order and overlap as they like, and hands them out in their
/// sender's order (RFC 6347 section 4.2.3).
/// </summary>
/// <param name="maximumMessageLength">The longest body that is put together, in bytes.</param>
internal sealed class HandshakeReassembly(int maximumMessageLength)
{
    /// <summary>Enough for a certificate with a long chain, and far from what would strain a board.</summary>
    public const int MaximumMessageLength = 16 * 1024;

    // The longest flight, Certificate to Finished, has five messages; whatever lies further ahead is sent again by its sender.
    private const int Window = 6;

    private readonly PartialMessage?[] _messages = new PartialMessage?[Window];

    /// <summary>The place of the message that comes next.</summary>
    public ushort NextSequence { get; private set; }

    /// <summary>Begins anew at this place: what came before is forgotten.</summary>
    public void ContinueAt(ushort sequence)
    {
        Array.Clear(_messages);
        NextSequence = sequence;
    }

    /// <summary>Keeps a fragment; otherwise the reason why not. A message of the past is <see cref="DtlsDropReason.OutOfPlace"/>.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="isAuthentic">Whether it came in an encrypted record.</param>
    public DtlsDropReason? TryAdd(scoped in HandshakeFragment fragment, bool isAuthentic)
    {
        if (fragment.Sequence < NextSequence)
        {
            return DtlsDropReason.OutOfPlace;
        }

        if (fragment.MessageLength > maximumMessageLength)
        {
            return DtlsDropReason.TooLong;
        }

        int ahead = fragment.Sequence - NextSequence;
        if (ahead >= Window)
        {
            return DtlsDropReason.TooFarAhead;
        }

        PartialMessage? message = _messages[ahead];
        if (message is null || !message.Matches(fragment, isAuthentic))
        {
            if (message is { IsAuthentic: true } && !isAuthentic)
            {
                return DtlsDropReason.OutOfPlace;
            }

            // One of two fragments that contradict each other is forged, and nothing tells which. The later one wins, so that the
            // genuine sender, which repeats itself, has the last word.
            message = new PartialMessage(fragment, isAuthentic);
            _messages[ahead] = message;
        }

        message.Add(fragment);
        return null;
    }

    /// <summary>Looks at the message that comes next, if it is complete.</summary>
    public bool TryPeek(out HandshakeMessage message)
    {
        if (_messages[0] is { IsComplete: true } complete)
        {
            message = new HandshakeMessage(complete.Encoded);
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>The message that comes next has been handled: goes on to the one after it.</summary>
    public void Accept()
    {
        Array.Copy(_messages, 1, _messages, 0, Window - 1);
        _messages[^1] = null;
        NextSequence++;
    }

    /// <summary>The message that comes next was no good: waits for it once more.</summary>
    public void Discard() => _messages[0] = null;

    private sealed class PartialMessage
    {
        private readonly bool[] _present;
        private int _missing;

        public PartialMessage(scoped in HandshakeFragment first, bool isAuthentic)
        {
            IsAuthentic = isAuthentic;
            _present = new bool[first.MessageLength];
            _missing = first.MessageLength;
            Encoded = new byte[HandshakeFragment.HeaderLength + first.MessageLength];
            WireWriter writer = new(Encoded);
            HandshakeFragment.WriteHeader(ref writer, first.Type, first.MessageLength, first.Sequence, 0, first.MessageLength);
        }

        public byte[] Encoded { get; }

        public bool IsAuthentic { get; }

        public bool IsComplete => _missing == 0;

        public bool Matches(scoped in HandshakeFragment fragment, bool isAuthentic) =>
            IsAuthentic == isAuthentic && Encoded[0] == (byte)fragment.Type && _present.Length == fragment.MessageLength;

        public void Add(scoped in HandshakeFragment fragment)
        {
            fragment.Bytes.CopyTo(Encoded.AsSpan(HandshakeFragment.HeaderLength + fragment.Offset));
            Span<bool> present = _present.AsSpan(fragment.Offset, fragment.Bytes.Length);
            _missing -= present.Count(false);
            present.Fill(true);
        }
    }
}
