using System;
using System.Collections.Generic;
using System.Text;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>How the bytes of a connection become messages (RFC 3261 section 18.3, RFC 5626 section 3.5.1).</summary>
public sealed class StreamReaderTests
{
    private static readonly string Invite = SipScript.Invite();
    private static readonly string Bye = SipScript.Request("BYE", "z9hG4bKbye", 2, "t");

    [Fact]
    public void Messages_are_the_same_however_the_stream_is_split()
    {
        byte[] stream = Bytes($"{Invite}\r\n\r\n{Bye}\r\n{Invite}");
        string[] expected = [$"Message {Invite}", "Ping", $"Message {Bye}", "Pong", $"Message {Invite}"];
        for (int split = 0; split <= stream.Length; split++)
        {
            SipStreamReader reader = new(isOurs: false);
            List<string> frames = [.. Feed(reader, stream.AsSpan(0, split)), .. Feed(reader, stream.AsSpan(split))];
            Assert.Equal(expected, frames);
            Assert.False(reader.IsWithinMessage);
        }
    }

    [Fact]
    public void Messages_are_the_same_byte_by_byte()
    {
        SipStreamReader reader = new(isOurs: false);
        List<string> frames = [];
        foreach (byte symbol in Bytes($"{Invite}\r\n\r\n{Bye}"))
        {
            frames.AddRange(Feed(reader, [symbol]));
        }

        Assert.Equal([$"Message {Invite}", "Ping", $"Message {Bye}"], frames);
    }

    [Fact]
    public void A_single_line_end_answers_our_ping_and_is_half_of_the_peers()
    {
        Assert.Equal(["Pong"], Feed(new SipStreamReader(isOurs: true), "\r\n"u8));
        SipStreamReader theirs = new(isOurs: false);
        Assert.Empty(Feed(theirs, "\r\n"u8));
        Assert.Equal(["Ping"], Feed(theirs, "\r\n"u8));
    }

    [Fact]
    public void Content_Length_is_found_by_its_compact_name()
    {
        string message = Invite.Replace("Content-Length:", "l :");
        Assert.Equal([$"Message {message}"], Feed(new SipStreamReader(isOurs: false), Bytes(message)));
    }

    [Theory]
    [InlineData("Content-Length: 5", "", "ContentLength")]
    [InlineData("Content-Length: 5", "Content-Length: -1", "ContentLength")]
    [InlineData("Content-Length: 5", "Content-Length: 5x", "ContentLength")]
    [InlineData("Content-Length: 5", "Content-Length: 5\r\nContent-Length: 6", "ContentLength")]
    [InlineData("Content-Length: 5", "Content-Length: 99999999999", "ContentLength")]
    [InlineData("Content-Length: 5", "Content-Length: 9000", "TooLong")]
    [InlineData("Content-Length: 5", "no header", "HeaderSyntax")]
    [InlineData("INVITE sip:bob@192.0.2.2 SIP/2.0", "GET / HTTP/1.1", "NotSip")]
    public void What_does_not_say_where_it_ends_breaks_the_stream(string part, string instead, string reason)
    {
        SipStreamReader reader = new(isOurs: false);
        string text = Invite.Replace(instead.Length == 0 ? $"{part}\r\n" : part, instead);
        Assert.NotEqual(Invite, text);
        Assert.Equal([$"Broken {reason}"], Feed(reader, Bytes(text)));
    }

    [Fact]
    public void A_header_without_end_breaks_the_stream_at_the_bound()
    {
        SipStreamReader reader = new(isOurs: false);
        byte[] endless = new byte[SipLimits.ReceivedMessage];
        Array.Fill(endless, (byte)'a');
        Assert.Equal(["Broken TooLong"], Feed(reader, endless));
    }

    [Fact]
    public void Noise_never_throws_and_never_fills_the_room_without_being_told()
    {
        const int seed = 51;
        Random random = new(seed);
        for (int round = 0; round < 2000; round++)
        {
            SipStreamReader reader = new(isOurs: round % 2 == 0);
            byte[] stream = Bytes($"{Invite}\r\n\r\n{Bye}");
            for (int flips = random.Next(8); flips > 0; flips--)
            {
                stream[random.Next(stream.Length)] = (byte)random.Next(256);
            }

            int at = 0;
            bool isBroken = false;
            while (at < stream.Length && !isBroken)
            {
                int length = Math.Min(stream.Length - at, random.Next(1, 400));
                List<string> frames = Feed(reader, stream.AsSpan(at, length));
                isBroken = frames.Count > 0 && frames[^1].StartsWith("Broken");
                Assert.True(isBroken || !reader.Room().IsEmpty, $"seed {seed}, round {round}");
                at += length;
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static List<string> Feed(SipStreamReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.Room());
        reader.Took(bytes.Length);
        List<string> frames = [];
        while (true)
        {
            StreamFrame frame = reader.Next(out ReadOnlySpan<byte> message);
            switch (frame)
            {
                case StreamFrame.Incomplete:
                    return frames;
                case StreamFrame.Broken:
                    frames.Add($"Broken {reader.Reason}");
                    return frames;
                default:
                    frames.Add(frame == StreamFrame.Message ? $"Message {Encoding.UTF8.GetString(message)}" : $"{frame}");
                    break;
            }
        }
    }
}
