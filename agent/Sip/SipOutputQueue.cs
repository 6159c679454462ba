using System;
using System.Collections.Generic;

namespace IntercomAgent.Sip;

/// <summary>What waits to be polled.</summary>
internal sealed class SipOutputQueue
{
    private readonly Queue<Entry> _entries = new();

    /// <summary>Wants a message sent. The bytes are not changed afterwards.</summary>
    public void Send(byte[] message, SipHop to) => _entries.Enqueue(new Entry(SipOutputKind.Send, default, message, to));

    /// <summary>Wants a connection asked whether it lives.</summary>
    public void Ping(SipHop to) => _entries.Enqueue(new Entry(SipOutputKind.Ping, default, [], to));

    /// <summary>Tells something of a call, or of the registration when the call is 0.</summary>
    public void Tell(
        SipOutputKind kind,
        SipCall call,
        ReadOnlySpan<byte> body = default,
        int status = 0,
        string text = "",
        string name = "",
        SipEnder endedBy = SipEnder.Peer,
        SipCaller? caller = null,
        SipHop to = default) =>
        _entries.Enqueue(new Entry(kind, call, body.ToArray(), to, status, text, name, endedBy, caller));

    /// <summary>Tells that a call is over, and where its target has moved to, if that is why.</summary>
    public void TellEnded(SipCall call, int status, string text, SipEnder endedBy, IReadOnlyList<string> movedTo) =>
        _entries.Enqueue(new Entry(SipOutputKind.Ended, call, [], Status: status, Text: text, EndedBy: endedBy) { MovedTo = movedTo });

    /// <summary>Takes the first output, its bytes copied into the buffer; false when there is none.</summary>
    public bool TryTake(Span<byte> buffer, out SipOutput output)
    {
        if (!_entries.TryDequeue(out Entry? entry))
        {
            output = default;
            return false;
        }

        entry.Content.CopyTo(buffer);
        ReadOnlySpan<byte> content = buffer[..entry.Content.Length];
        output = new SipOutput
        {
            Kind = entry.Kind,
            Call = entry.Call,
            To = entry.To,
            Caller = entry.Caller,
            MovedTo = entry.MovedTo,
            Datagram = entry.Kind == SipOutputKind.Send ? content : default,
            Body = entry.Kind == SipOutputKind.Send ? default : content,
            Status = entry.Status,
            Text = entry.Text,
            Name = entry.Name,
            EndedBy = entry.EndedBy,
        };
        return true;
    }

    private sealed record Entry(
        SipOutputKind Kind,
        SipCall Call,
        byte[] Content,
        SipHop To = default,
        int Status = 0,
        string Text = "",
        string Name = "",
        SipEnder EndedBy = SipEnder.Peer,
        SipCaller? Caller = null)
    {
        public IReadOnlyList<string> MovedTo { get; init; } = [];
    }
}
