using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// The reader that cuts the bytes of a connection into messages. However they are split on their way, it must find the same messages: each
/// input is read in the pieces that it has, and byte by byte. Line ends between them may well be one ping or two pongs.
/// </summary>
internal sealed class SipStreamTarget : IFuzzTarget
{
    public string Name => "sip-stream";

    public bool IsText => true;

    /// <summary>Nearly all of it are the single bytes of the second reading, each in an array of its own.</summary>
    public long AllocationLimit => 8 << 20;

    public IEnumerable<FuzzInput> Seeds() =>
    [
        .. Corpus.TortureMessages(),
        .. Corpus.SipMessages(),
        new FuzzInput([.. SipConversation.ToCallee()]),
        new FuzzInput([.. SipConversation.ToCaller(), "\r\n\r\n"u8.ToArray(), "\r\n"u8.ToArray()]),
    ];

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        foreach (bool isOurs in new[] { false, true })
        {
            List<(StreamFrame Frame, int Length)> whole = Read(input.Datagrams, isOurs);
            List<(StreamFrame Frame, int Length)> split = Read(
                [.. input.Datagrams.SelectMany(static piece => piece).Select(static one => new[] { one })], isOurs);
            if (!Messages(whole).SequenceEqual(Messages(split)))
            {
                throw new InvalidOperationException("Split otherwise, the same bytes are other messages.");
            }

            foreach ((StreamFrame frame, int length) in whole)
            {
                signature.Add((int)frame);
                signature.AddCount(length);
            }
        }

        return signature.Value;
    }

    private static IEnumerable<(StreamFrame Frame, int Length)> Messages(List<(StreamFrame Frame, int Length)> found) =>
        found.Where(static one => one.Frame is not (StreamFrame.Ping or StreamFrame.Pong));

    private static List<(StreamFrame Frame, int Length)> Read(IEnumerable<byte[]> pieces, bool isOurs)
    {
        SipStreamReader reader = new(isOurs);
        List<(StreamFrame Frame, int Length)> found = [];
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> rest = piece;
            while (!rest.IsEmpty)
            {
                Span<byte> room = reader.Room();
                int count = Math.Min(room.Length, rest.Length);
                rest[..count].CopyTo(room);
                rest = rest[count..];
                reader.Took(count);
                StreamFrame frame = StreamFrame.Message;
                while (frame is not (StreamFrame.Incomplete or StreamFrame.Broken))
                {
                    frame = reader.Next(out ReadOnlySpan<byte> message);
                    found.Add((frame, message.Length));
                }

                if (frame == StreamFrame.Broken)
                {
                    return found;
                }

                // That nothing more is whole yet is no find.
                found.RemoveAt(found.Count - 1);
            }
        }

        return found;
    }
}
