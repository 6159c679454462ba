using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Cut, broken and invented datagrams: nothing throws, and garbage ends no call.</summary>
public sealed class HostileInputTests
{
    private static readonly SipCall First = new(1);
    private static readonly NetworkEndpoint Stranger = NetworkEndpoint.FromIPv4(0xCB007101, 4444);

    [Fact]
    public void Every_prefix_of_every_message_leaves_the_call_alone()
    {
        foreach (string message in Messages())
        {
            SipPair pair = new();
            _ = pair.Establish();
            byte[] datagram = Encoding.UTF8.GetBytes(message);
            int end = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            for (int length = 0; length < end; length++)
            {
                pair.Alice.Endpoint.Receive(datagram.AsSpan(0, length), Stranger, pair.Now);
                pair.Bob.Endpoint.Receive(datagram.AsSpan(0, length), Stranger, pair.Now);
            }

            pair.Drive();
            pair.Wait(1);
            Assert.Equal((1, 1), (pair.Alice.Endpoint.ActiveCalls, pair.Bob.Endpoint.ActiveCalls));
        }
    }

    [Fact]
    public void Every_byte_flipped_throws_nothing_and_leaves_nothing_behind()
    {
        foreach (string message in Messages())
        {
            SipPair pair = new();
            _ = pair.Establish();
            byte[] datagram = Encoding.UTF8.GetBytes(message);
            for (int at = 0; at < datagram.Length; at++)
            {
                foreach (byte mask in new byte[] { 0x01, 0x20, 0x80, 0xFF })
                {
                    datagram[at] ^= mask;
                    pair.Alice.Endpoint.Receive(datagram, Stranger, pair.Now);
                    pair.Bob.Endpoint.Receive(datagram, Stranger, pair.Now);
                    datagram[at] ^= mask;
                }

                pair.Drive();
            }

            CloseAll(pair);
        }
    }

    /// <summary>Lines of real messages put together at random, with stretches of noise, between calls that live and end.</summary>
    [Fact]
    public void Survives_seeded_noise()
    {
        string[] messages = [.. Messages()];
        string[] lines = [.. messages.SelectMany(message => message.Split("\r\n")).Distinct()];
        for (int seed = 1; seed <= 40; seed++)
        {
            Random random = new(seed);
            SipPair pair = new();
            try
            {
                for (int step = 0; step < 300; step++)
                {
                    Happen(pair, random, messages, lines);
                }

                CloseAll(pair);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }
        }
    }

    [Fact]
    public void Noise_without_a_valid_dialog_ends_no_call()
    {
        SipPair pair = new();
        _ = pair.Establish();
        Random random = new(7);
        byte[] noise = new byte[400];
        string[] methods = ["BYE", "CANCEL", "ACK", "INVITE", "INFO"];
        for (int step = 0; step < 500; step++)
        {
            random.NextBytes(noise);
            string method = methods[random.Next(methods.Length)];
            pair.Bob.Endpoint.Receive(noise.AsSpan(0, random.Next(noise.Length)), Stranger, pair.Now);
            string request = SipScript.Request(method, $"z9hG4bK{step}", random.Next(100), random.Next(2) == 0 ? "guess" : "");
            pair.Bob.Endpoint.Receive(Encoding.UTF8.GetBytes(request), Stranger, pair.Now);
            pair.Drive();
        }

        Assert.DoesNotContain("Ended 1 hung up by Peer", pair.Bob.Told);
        Assert.DoesNotContain(pair.Bob.Told, line => line.StartsWith("Ended 1 "));
        Assert.DoesNotContain(pair.Alice.Told, line => line.StartsWith("Ended"));
    }

    /// <summary>What is copied from a peer must fit, however the peer makes short things grow in the copy.</summary>
    [Theory]
    [InlineData("Require: ", ",a")]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKdeep", ",a")]
    [InlineData("Record-Route: <sip:p;lr>", ",<sip:p;lr>")]
    [InlineData("Contact: <sip:c@h>", ";x")]
    [InlineData("Subject: ", "x")]
    public void Long_messages_do_not_overflow_what_is_written(string start, string part)
    {
        SipPair pair = new();
        SipScript carol = new(pair);
        string filler = start + string.Concat(Enumerable.Repeat(part, (SipLimits.ReceivedMessage - 700) / part.Length)) + "\r\n";
        carol.Send(SipScript.Invite(more: filler));
        carol.Send(SipScript.Request("OPTIONS", "z9hG4bKoptions", 5, more: filler));
        pair.Do(() => pair.Bob.Endpoint.Accept(First, new byte[SipLimits.SentBody], pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Reinvite(First, new byte[SipLimits.SentBody], pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Close(pair.Now));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void Many_long_challenges_do_not_overflow_a_request()
    {
        SipPair pair = new(new SipSettings
        {
            DisplayName = "alice",
            User = "alice",
            Accounts = [new SipAccount(SipScript.Local, "alice", new Secret("p"), TimeSpan.FromMinutes(10))],
        });
        SipScript carol = new(pair);
        string target = "sip:carol@192.0.2.9;x=" + new string('x', 990);
        _ = pair.Alice.Endpoint.Invite(target, null, new byte[SipLimits.SentBody], pair.Now);
        pair.Drive();
        for (int round = 0; round < 6; round++)
        {
            string challenges = string.Concat(Enumerable.Range(0, 7).Select(
                index => $"WWW-Authenticate: Digest nonce=\"{new string('n', 900)}\", realm=\"{round}-{index}\", qop=auth\r\n"));
            string invite = carol.Received.Last(message => message.StartsWith("INVITE"));
            carol.SendTo(pair.Alice, SipScript.Response(invite, 401, "x", challenges));
        }

        Assert.Equal(1 + SipLimits.Challenges, carol.Summary().Count(line => line == "INVITE"));
        Assert.Equal("Ended 1 401 Because by Peer", pair.Alice.Told[^1]);
    }

    private static void Happen(SipPair pair, Random random, string[] messages, string[] lines)
    {
        SipCall call = new(random.Next(1, 6));
        SipEndpoint endpoint = random.Next(2) == 0 ? pair.Alice.Endpoint : pair.Bob.Endpoint;
        switch (random.Next(12))
        {
            case 0:
                string target = endpoint == pair.Alice.Endpoint ? "sip:bob@192.0.2.2" : "sip:alice@192.0.2.1";
                _ = endpoint.Invite(target, null, SipPair.OfferBytes, pair.Now);
                break;
            case 1:
                endpoint.Accept(call, SipPair.AnswerBytes, pair.Now);
                break;
            case 2:
                endpoint.Ring(call, pair.Now);
                break;
            case 3:
                endpoint.End(call, (SipEndCause)random.Next(6), pair.Now);
                break;
            case 4:
                endpoint.Reinvite(call, SipPair.OfferBytes, pair.Now);
                break;
            case 5:
                endpoint.SendInfo(call, InfoDigits.BareType, "5"u8, pair.Now);
                break;
            case 6:
                endpoint.Reject(call, 488, pair.Now);
                break;
            case 7:
                pair.Wait(random.NextDouble() * 20);
                break;
            case 8:
                pair.IsHeld = !pair.IsHeld;
                break;
            case 9:
                pair.Lose(pair.Wire.Count == 0 ? "" : pair.Wire[random.Next(pair.Wire.Count)]);
                break;
            default:
                string[] known = random.Next(2) == 0 && pair.Messages.Count > 0 ? [.. pair.Messages] : messages;
                string message = known[random.Next(known.Length)];
                string[] parts = message.Split("\r\n");
                parts[random.Next(parts.Length)] = lines[random.Next(lines.Length)];
                endpoint.Receive(Encoding.UTF8.GetBytes(string.Join("\r\n", parts)), Stranger, pair.Now);
                break;
        }

        pair.Drive();
        foreach (SipParty party in pair.Parties)
        {
            ShouldEndOnce(party);
        }
    }

    /// <summary>Each call ends once, and nothing is told of it afterwards.</summary>
    private static void ShouldEndOnce(SipParty party)
    {
        HashSet<string> ended = [];
        foreach (string line in party.Told)
        {
            string[] words = line.Split(' ');
            if (words.Length > 1)
            {
                Assert.DoesNotContain(words[1], ended);
                _ = words[0] == "Ended" && ended.Add(words[1]);
            }
        }
    }

    private static void CloseAll(SipPair pair)
    {
        pair.IsHeld = false;
        pair.LoseNothing();
        pair.Drive();
        pair.Do(() => pair.Alice.Endpoint.Close(pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Close(pair.Now));
        pair.ShouldLeaveNothing();
        Assert.True(pair.Alice.Endpoint.IsClosed && pair.Bob.Endpoint.IsClosed);
    }

    /// <summary>
    /// The messages of a call with everything in it. All endpoints are seeded alike, so that they fit the calls of the tests.
    /// </summary>
    private static List<string> Messages()
    {
        SipPair pair = new();
        _ = pair.Establish();
        pair.Do(() => pair.Alice.Endpoint.SendInfo(First, InfoDigits.BareType, "5"u8, pair.Now));
        pair.Do(() => pair.Bob.Endpoint.Reinvite(First, SipPair.OfferBytes, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.Accept(First, SipPair.AnswerBytes, pair.Now));
        pair.Do(() => pair.Alice.Endpoint.End(First, SipEndCause.AnsweredElsewhere, pair.Now));
        SipCall second = pair.Call();
        pair.Do(() => pair.Alice.Endpoint.End(second, SipEndCause.AnsweredElsewhere, pair.Now));
        return pair.Messages;
    }
}
