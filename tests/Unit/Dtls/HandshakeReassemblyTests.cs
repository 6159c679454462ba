using System;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class HandshakeReassemblyTests
{
    private readonly HandshakeReassembly _reassembly = new(1000);

    [Fact]
    public void Fragments_may_come_in_any_order_overlap_and_repeat()
    {
        byte[] body = Body(100);
        for (int seed = 1; seed <= 200; seed++)
        {
            Random random = new(seed);
            HandshakeReassembly reassembly = new(1000);
            HandshakeMessage message;
            int rounds = 0;
            while (!reassembly.TryPeek(out message))
            {
                int offset = random.Next(0, 100);
                int length = random.Next(1, 101 - offset);
                Assert.Null(Add(reassembly, HandshakeType.Certificate, 0, body, offset, length));
                Assert.True(rounds++ < 10_000, $"seed {seed}");
            }

            Assert.Equal(body, message.Body.ToArray());
            Assert.Equal(HandshakeType.Certificate, message.Type);
        }
    }

    [Fact]
    public void Messages_come_out_in_their_senders_order()
    {
        Assert.Null(Add(_reassembly, HandshakeType.ServerHelloDone, 1, [], 0, 0));
        Assert.False(_reassembly.TryPeek(out _));
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(10), 0, 10));

        Assert.True(_reassembly.TryPeek(out HandshakeMessage first));
        Assert.Equal(HandshakeType.Certificate, first.Type);
        _reassembly.Accept();
        Assert.True(_reassembly.TryPeek(out HandshakeMessage second));
        Assert.Equal(HandshakeType.ServerHelloDone, second.Type);
        Assert.Equal(1, second.Sequence);
        _reassembly.Accept();
        Assert.Equal(DtlsDropReason.OutOfPlace, Add(_reassembly, HandshakeType.Certificate, 0, Body(10), 0, 10));
    }

    [Fact]
    public void What_is_too_long_or_too_far_ahead_is_not_kept()
    {
        Assert.Equal(DtlsDropReason.TooLong, Add(_reassembly, HandshakeType.Certificate, 0, Body(1001), 0, 10));
        Assert.Equal(DtlsDropReason.TooFarAhead, Add(_reassembly, HandshakeType.Certificate, 6, Body(10), 0, 10));
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 5, Body(10), 0, 10));
    }

    [Fact]
    public void Of_two_that_contradict_each_other_the_later_one_wins()
    {
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(20), 0, 10));
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(30), 10, 20));
        Assert.False(_reassembly.TryPeek(out _));
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(30), 0, 10));

        Assert.True(_reassembly.TryPeek(out HandshakeMessage message));
        Assert.Equal(Body(30), message.Body.ToArray());
    }

    [Fact]
    public void A_plain_fragment_never_displaces_an_authentic_one()
    {
        Assert.Null(Add(_reassembly, HandshakeType.Finished, 0, Body(12), 0, 6, isAuthentic: true));
        Assert.Equal(DtlsDropReason.OutOfPlace, Add(_reassembly, HandshakeType.Finished, 0, Body(12), 6, 6));
        Assert.False(_reassembly.TryPeek(out _));
        Assert.Null(Add(_reassembly, HandshakeType.Finished, 0, Body(12), 6, 6, isAuthentic: true));
        Assert.True(_reassembly.TryPeek(out _));
    }

    [Fact]
    public void A_message_that_was_no_good_may_come_again()
    {
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(10), 0, 10));
        _reassembly.Discard();
        Assert.False(_reassembly.TryPeek(out _));
        Assert.Null(Add(_reassembly, HandshakeType.Certificate, 0, Body(10), 0, 10));
        Assert.True(_reassembly.TryPeek(out _));
    }

    private static byte[] Body(int length)
    {
        byte[] body = new byte[length];
        new Random(length).NextBytes(body);
        return body;
    }

    private static DtlsDropReason? Add(
        HandshakeReassembly reassembly, HandshakeType type, ushort sequence, byte[] body, int offset, int length, bool isAuthentic = false)
    {
        byte[] bytes = new byte[HandshakeFragment.HeaderLength + length];
        WireWriter writer = new(bytes);
        HandshakeFragment.WriteHeader(ref writer, type, body.Length, sequence, offset, length);
        writer.Write(body.AsSpan(offset, length));
        WireReader reader = new(bytes);
        Assert.True(HandshakeFragment.TryRead(ref reader, out HandshakeFragment fragment));
        return reassembly.TryAdd(fragment, isAuthentic);
    }
}
