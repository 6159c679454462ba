using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dns;

/// <summary>Answers that have no room in a datagram are asked for over a connection (RFC 7766).</summary>
public sealed class DnsStreamTests
{
    private const string Host = "host.example";

    [Fact]
    public void A_truncated_answer_is_asked_for_again_over_a_connection_to_the_same_server()
    {
        DnsWorld world = new(servers: 2) { Truncates = true };
        _ = world[1].A(Host, "192.0.2.7");

        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.Found, answer.Outcome);
        (byte[] query, NetworkEndpoint to) = Assert.Single(world.Streamed);
        Assert.Equal((DnsWorld.ServerAt(1), world.Sent[0].Query), (to, query), Same);
        Assert.Single(world.Sent);
        Assert.False(world.Resolver.AwaitsStream(DnsWorld.ServerAt(1)));
    }

    [Fact]
    public void A_server_that_takes_no_connection_is_passed_over()
    {
        DnsWorld world = new(servers: 2) { Truncates = true, AnswersStreams = false };
        _ = world[2].A(Host, "192.0.2.7");
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();
        Assert.True(world.Resolver.AwaitsStream(DnsWorld.ServerAt(1)));

        world.Truncates = false;
        world.Resolver.ReceiveStreamEnd(DnsWorld.ServerAt(1), world.Now);

        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal([DnsWorld.ServerAt(1), DnsWorld.ServerAt(2)], world.Sent.Select(sent => sent.To));
    }

    [Fact]
    public void A_connection_that_stays_silent_is_given_up_after_three_seconds()
    {
        DnsWorld world = new(servers: 2) { Truncates = true, AnswersStreams = false };
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        double begin = world.Now.Nanoseconds;

        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.Equal([0.0, 3, 6, 9], world.Sent.Select(sent => (sent.At.Nanoseconds - begin) / 1e9));
    }

    [Fact]
    public void An_answer_over_a_connection_that_is_truncated_too_is_none()
    {
        DnsWorld world = new() { Truncates = true, AnswersStreams = false };
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();

        world.Resolver.ReceiveFromStream(DnsZone.Truncate(world[1].Answer(world.Streamed[0].Query)), DnsWorld.ServerAt(1), world.Now);

        Assert.True(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out DnsAnswer? answer));
        Assert.Equal("192.0.2.1:53 has an answer that is too long", answer.Problem);
    }

    [Fact]
    public void Nobody_else_and_no_datagram_answers_what_is_asked_over_a_connection()
    {
        DnsWorld world = new(servers: 2) { Truncates = true, AnswersStreams = false };
        _ = world[1].A(Host, "192.0.2.66");
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();
        byte[] answer = world[1].Answer(world.Streamed[0].Query);

        world.Resolver.Receive(answer, DnsWorld.ServerAt(1), world.Now);
        world.Resolver.ReceiveFromStream(answer, DnsWorld.ServerAt(2), world.Now);

        Assert.Equal(2, world.Resolver.Dropped);
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Messages_come_out_of_a_stream_however_it_is_cut(int portion)
    {
        byte[][] messages = [[1, 2, 3], [], [.. Enumerable.Range(0, 600).Select(value => (byte)value)]];
        byte[] stream = [.. messages.SelectMany(message => (byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message])];
        DnsStreamReader reader = new();
        List<byte[]> read = [];

        foreach (byte[] piece in stream.Chunk(portion))
        {
            Assert.True(reader.TryAdd(piece));
            while (reader.TryTake(out ReadOnlySpan<byte> message))
            {
                read.Add(message.ToArray());
            }
        }

        Assert.Equal(messages, read);
    }

    [Fact]
    public void A_message_that_is_longer_than_any_answer_ends_the_stream()
    {
        DnsStreamReader reader = new();

        Assert.True(reader.TryAdd([0x40]));
        Assert.False(reader.TryAdd([0x01]));
    }

    private static bool Same((NetworkEndpoint To, byte[] Query) left, (NetworkEndpoint To, byte[] Query) right) =>
        left.To == right.To && left.Query.SequenceEqual(right.Query);
}
