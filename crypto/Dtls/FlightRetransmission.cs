using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Crypto.Dtls;

/// <summary>
/// The messages that we send together, cut into datagrams, and sent again until the peer's answer shows that they arrived (RFC 6347
/// section 4.2.4). Each transmission writes new records: only the messages are the same.
/// </summary>
internal sealed class FlightRetransmission
{
    // Who repeats a plain message need not be the peer, and the answer, longer than the question, goes to the peer. In the time that a
    // handshake may take, a peer that doubles its timeouts asks some ten times, and our own timer sends the flight, too.
    private const int MaximumUnprovenRepetitions = 12;

    // The first retransmission of a peer that measures as we do comes no sooner than this, and the next ones later.
    private static readonly TimeSpan UnprovenRepetitionGap = RetransmissionTimeout.PublicKeyAllowance * 0.8;

    private readonly List<Item> _items = [];
    private readonly RecordLayer _records;
    private readonly int _maximumDatagram;
    private readonly RetransmissionTimeout _timeout;
    private ushort? _answers;
    private bool _awaitsAnswer;
    private bool _wasSentAgain;
    private int _unprovenRepetitions;
    private bool _isSending;
    private Instant _lastSent;
    private int _nextItem;
    private int _nextOffset;

    /// <summary>Without messages as yet.</summary>
    /// <param name="records">Numbers and protects the records.</param>
    /// <param name="maximumDatagram">The longest datagram in bytes.</param>
    /// <param name="firstTimeout">How long the first transmission waits for an answer while nothing is known of the path.</param>
    public FlightRetransmission(RecordLayer records, int maximumDatagram, TimeSpan firstTimeout)
    {
        _records = records;
        _maximumDatagram = maximumDatagram;
        _timeout = new RetransmissionTimeout(firstTimeout);
    }

    /// <summary>When the flight is due to be sent again.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Forgets the former flight, whose answer has come, and begins a new one.</summary>
    public void Begin()
    {
        Stop();

        // RFC 6347 section 4.2.4.1: a timeout that had to grow stays until a flight gets through the first time.
        if (!_wasSentAgain)
        {
            _timeout.Restart();
        }

        _wasSentAgain = false;
        _unprovenRepetitions = 0;
    }

    /// <summary>Adds a handshake message.</summary>
    public void Add(HandshakeMessage message, ushort epoch) => _items.Add(new Item(message, epoch));

    /// <summary>Adds the ChangeCipherSpec that stands between the epochs.</summary>
    public void AddChangeCipherSpec() => _items.Add(new Item(null, 0));

    /// <summary>Sends the flight for the first time.</summary>
    /// <param name="now">The present.</param>
    /// <param name="answers">The place of the last message of the peer's flight that it answers; null for the first flight.</param>
    /// <param name="awaitsAnswer">Whether it is sent again until <see cref="Stop"/>; the last flight only answers its peer.</param>
    public void Send(Instant now, ushort? answers, bool awaitsAnswer)
    {
        _answers = answers;
        _awaitsAnswer = awaitsAnswer;
        Transmit(now);
    }

    /// <summary>Sends the flight again if its time has come, and waits twice as long for the next time.</summary>
    public void Advance(Instant now)
    {
        if (now >= WakeAt)
        {
            _timeout.BackOff();
            _wasSentAgain = true;
            Transmit(now);
        }
    }

    /// <summary>
    /// The first message of the answer has come. If the flight was sent only once, this tells how long the next one should wait.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="peerComputed">Whether the answer cost the peer public-key operations.</param>
    public void MeasureRoundTrip(Instant now, bool peerComputed)
    {
        if (!_wasSentAgain)
        {
            _timeout.Measure(now - _lastSent, peerComputed);
        }
    }

    /// <summary>An exchange before the first flight has told how long the way is, when it cost the peer nothing.</summary>
    public void KnowRoundTrip(TimeSpan roundTrip) => _timeout.Measure(roundTrip, peerComputed: false);

    /// <summary>
    /// A message of the past has come again. If it is the last one of the flight that this one answers, then the peer did not get the
    /// answer: sends it again (RFC 6347 section 4.2.4, state WAITING). What is not authentic gets few repetitions, none of them soon, so
    /// that nobody makes us flood a third party.
    /// </summary>
    public void Repeat(ushort sequence, Instant now, bool isAuthentic)
    {
        if (sequence != _answers)
        {
            return;
        }

        if (!isAuthentic)
        {
            if (_unprovenRepetitions == MaximumUnprovenRepetitions || now - _lastSent < UnprovenRepetitionGap)
            {
                return;
            }

            _unprovenRepetitions++;
        }

        _wasSentAgain = true;
        Transmit(now);
    }

    /// <summary>The answer has come, or nobody wants it any more.</summary>
    public void Stop()
    {
        _items.Clear();
        _answers = null;
        _isSending = false;
        WakeAt = Instant.Never;
    }

    /// <summary>Writes the next datagram of the transmission; returns its length, or 0 if there is none.</summary>
    public int WriteDatagram(Span<byte> buffer)
    {
        WireWriter writer = new(buffer[.._maximumDatagram]);
        while (_isSending && _nextItem < _items.Count && TryWriteRecord(ref writer, _items[_nextItem]))
        {
        }

        return writer.Length;
    }

    private void Transmit(Instant now)
    {
        _isSending = true;
        _nextItem = 0;
        _nextOffset = 0;
        _lastSent = now;
        WakeAt = _awaitsAnswer ? now + _timeout.Current : Instant.Never;
    }

    // False when the datagram is full.
    private bool TryWriteRecord(ref WireWriter writer, Item item)
    {
        int room = writer.Free - _records.Overhead(item.Epoch);
        if (item.Message is not { } message)
        {
            if (room < 1)
            {
                return false;
            }

            _records.Write(ref writer, item.Epoch, ContentType.ChangeCipherSpec, [1]);
            _nextItem++;
            return true;
        }

        int left = message.Body.Length - _nextOffset;
        int length = Math.Min(left, room - HandshakeFragment.HeaderLength);
        if (length < 0 || (length == 0 && left > 0))
        {
            return false;
        }

        Span<byte> content = stackalloc byte[HandshakeFragment.HeaderLength + length];
        WireWriter fragment = new(content);
        HandshakeFragment.WriteHeader(ref fragment, message.Type, message.Body.Length, message.Sequence, _nextOffset, length);
        fragment.Write(message.Body.Slice(_nextOffset, length));
        _records.Write(ref writer, item.Epoch, ContentType.Handshake, content);

        _nextOffset += length;
        if (length == left)
        {
            _nextItem++;
            _nextOffset = 0;
        }

        return true;
    }

    private readonly record struct Item(HandshakeMessage? Message, ushort Epoch);
}
