using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>One field of a handshake message, the headers' included: where it lies in its datagram.</summary>
internal sealed record MessageField(int Datagram, string Message, string Name, int Offset, int Length)
{
    public override string ToString() => $"datagram {Datagram}, {Message}, {Name}";

    /// <summary>All fields of the plain handshake messages of a datagram that holds whole messages.</summary>
    public static List<MessageField> Of(LinkDatagram datagram)
    {
        List<MessageField> fields = [];
        for (int start = 0; start < datagram.Bytes.Length;)
        {
            WireReader reader = new(datagram.Bytes.AsSpan(start));
            _ = RecordHeader.TryRead(ref reader, out RecordHeader header, out ReadOnlySpan<byte> fragment);
            int end = start + RecordHeader.Length + fragment.Length;
            if (header is { Type: ContentType.Handshake, Epoch: 0 })
            {
                HandshakeType type = (HandshakeType)fragment[0];
                fields.AddRange(new Cursor(datagram, type.ToString(), start).Read(type, end));
            }

            start = end;
        }

        return fields;
    }

    private sealed class Cursor(LinkDatagram datagram, string message, int start)
    {
        private readonly List<MessageField> _fields = [];
        private int _at = start;

        public List<MessageField> Read(HandshakeType type, int end)
        {
            Take("record type", 1).Take("record version", 2).Take("epoch", 2).Take("sequence number", 6).Take("record length", 2)
                .Take("type", 1).Take("length", 3).Take("message sequence", 2).Take("fragment offset", 3).Take("fragment length", 3);
            switch (type)
            {
                case HandshakeType.ClientHello:
                    Take("version", 2).Take("random", 32).Vector("session", 1).Vector("cookie", 1).Vector("suites", 2)
                        .Vector("compression methods", 1).Extensions(end);
                    break;
                case HandshakeType.HelloVerifyRequest:
                    Take("version", 2).Vector("cookie", 1);
                    break;
                case HandshakeType.ServerHello:
                    Take("version", 2).Take("random", 32).Vector("session", 1).Take("suite", 2).Take("compression method", 1).Extensions(end);
                    break;
                case HandshakeType.Certificate:
                    Take("list length", 3).Vector("certificate", 3);
                    break;
                case HandshakeType.ServerKeyExchange:
                    Take("curve type", 1).Take("curve", 2).Vector("public key", 1).Take("scheme", 2).Vector("signature", 2);
                    break;
                case HandshakeType.CertificateRequest:
                    Vector("types", 1).Vector("schemes", 2).Vector("authorities", 2);
                    break;
                case HandshakeType.ClientKeyExchange:
                    Vector("public key", 1);
                    break;
                case HandshakeType.CertificateVerify:
                    Take("scheme", 2).Vector("signature", 2);
                    break;
                default:
                    break;
            }

            return _at == end ? _fields : throw new InvalidOperationException($"{message}: {end - _at} bytes are no field");
        }

        private Cursor Take(string name, int length)
        {
            if (length > 0)
            {
                _fields.Add(new MessageField(datagram.Number, message, name, _at, length));
                _at += length;
            }

            return this;
        }

        private Cursor Vector(string name, int lengthBytes)
        {
            int length = datagram.Bytes.Skip(_at).Take(lengthBytes).Aggregate(0, (sum, value) => (sum << 8) | value);
            return Take($"{name} length", lengthBytes).Take(name, length);
        }

        private void Extensions(int end)
        {
            Take("extensions length", 2);
            while (_at < end)
            {
                int type = (datagram.Bytes[_at] << 8) | datagram.Bytes[_at + 1];
                Take($"extension {type} type", 2).Vector($"extension {type}", 2);
            }
        }
    }
}
