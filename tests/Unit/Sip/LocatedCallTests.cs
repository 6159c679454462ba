using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>Calls through servers of which only the name is known: carol's first, and bob's when that fails (RFC 3263 section 4.3).</summary>
public sealed class LocatedCallTests
{
    private const string Target = "sip:bob@pbx.example.com";
    private static readonly NetworkEndpoint Carol = NetworkEndpoint.FromIPv4(0xC0000203, 5060);

    [Fact]
    public void The_next_server_gets_the_same_request_in_a_new_transaction()
    {
        SipPair pair = Pair();
        SipParty carol = Add(pair);
        SipCall call = Locate(pair);

        pair.Do(() => carol.Endpoint.Reject(new SipCall(1), 503, pair.Now));
        Assert.Equal("Located 1", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, "another offer"u8, pair.Now));

        string[] invites = [.. pair.Messages.Where(message => message.StartsWith("INVITE"))];
        Assert.Equal(2, invites.Length);
        Assert.NotEqual(Line(invites[0], "Via"), Line(invites[1], "Via"));
        foreach (string name in new[] { "From", "To", "Call-ID", "CSeq", "Max-Forwards" })
        {
            Assert.Equal(Line(invites[0], name), Line(invites[1], name));
        }

        pair.Do(() => pair.Bob.Endpoint.Accept(new SipCall(1), SipPair.AnswerBytes, pair.Now));
        Assert.Equal("Answered 1 [answer]", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.End(call, SipEndCause.HungUp, pair.Now));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_answers_at_last_is_left_and_its_call_is_ended()
    {
        SipPair pair = Pair();
        SipParty carol = Add(pair);
        pair.Lose("carol 100 INVITE", -1);
        pair.Lose("carol 200 INVITE", -1);
        SipCall call = Locate(pair);
        pair.Do(() => carol.Endpoint.Accept(new SipCall(1), SipPair.AnswerBytes, pair.Now));

        pair.Wait(4);
        Assert.Equal("Located 1", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, "another offer"u8, pair.Now));
        pair.LoseNothing();
        pair.Wait(5);

        Assert.Contains("Ended 1 Call completed elsewhere by Peer", string.Join('\n', carol.Told));
        pair.Do(() => pair.Bob.Endpoint.Accept(new SipCall(1), SipPair.AnswerBytes, pair.Now));
        Assert.Equal("Answered 1 [answer]", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.End(call, SipEndCause.HungUp, pair.Now));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_rings_at_last_is_cancelled()
    {
        SipPair pair = Pair();
        SipParty carol = Add(pair);
        pair.Lose("carol 100 INVITE", -1);
        SipCall call = Locate(pair);
        pair.Wait(4);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, "another offer"u8, pair.Now));
        pair.LoseNothing();

        pair.Do(() => carol.Endpoint.Ring(new SipCall(1), pair.Now));

        Assert.Contains("alice CANCEL", pair.Wire);
        Assert.StartsWith("Ended 1", carol.Told[^1]);
        Assert.DoesNotContain(pair.Alice.Told, line => line.StartsWith("Ringing"));
        pair.Do(() => pair.Alice.Endpoint.End(call, SipEndCause.HungUp, pair.Now));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_says_that_it_tries_is_waited_for()
    {
        SipPair pair = Pair();
        _ = Add(pair);
        SipCall call = Locate(pair);
        Assert.Contains("carol 100 INVITE", pair.Wire);

        pair.Wait(30);

        Assert.Single(pair.Alice.Told, "Located 1");
        pair.Do(() => pair.Alice.Endpoint.End(call, SipEndCause.HungUp, pair.Now));
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void The_last_server_has_all_the_time_that_it_needs_and_its_failure_is_the_end()
    {
        SipPair pair = Pair(hosts: "192.0.2.3 pbx.example.com");
        SipCall call = Locate(pair);

        pair.Wait(31);
        Assert.Equal(["Located 1"], pair.Alice.Told);
        pair.Wait(2);

        Assert.Equal("Ended 1 408 Request Timeout by Nobody", pair.Alice.Told[^1]);
        Assert.Equal(1, call.Number);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_refusal_by_a_person_is_no_failure_of_the_server()
    {
        SipPair pair = Pair();
        SipParty carol = Add(pair);
        _ = Locate(pair);

        pair.Do(() => carol.Endpoint.Reject(new SipCall(1), 603, pair.Now));

        Assert.Equal("Ended 1 603 Decline by Peer", pair.Alice.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_can_be_ended_before_and_after_a_server_is_found(bool isFound)
    {
        SipPair pair = Pair(hosts: isFound ? "192.0.2.3 pbx.example.com" : "");
        SipCall call = pair.Alice.Endpoint.Locate(Target, pair.Now);
        pair.Drive();
        Assert.Equal(isFound ? ["Located 1"] : [], pair.Alice.Told);

        pair.Do(() => pair.Alice.Endpoint.End(call, SipEndCause.HungUp, pair.Now));

        Assert.Equal("Ended 1 hung up by Us", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, SipPair.OfferBytes, pair.Now));
        Assert.Empty(pair.Wire);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_no_offer_can_be_made_for_is_passed_over()
    {
        SipPair pair = Pair();
        SipCall call = pair.Alice.Endpoint.Locate(Target, pair.Now);
        pair.Do(() => pair.Alice.Endpoint.PassOver(call, "no network leads there", pair.Now));
        Assert.Equal(["Located 1", "Located 1"], pair.Alice.Told);

        pair.Do(() => pair.Alice.Endpoint.PassOver(call, "no network leads there either", pair.Now));

        Assert.Equal("Ended 1 503 no network leads there by Nobody", pair.Alice.Told[^1]);
        pair.ShouldLeaveNothing();
    }

    [Fact]
    public void A_server_that_asks_to_be_left_alone_comes_last_for_so_long()
    {
        DnsWorld names = new();
        names.Resolver.Hosts = HostsFile.Read("192.0.2.3 a\n192.0.2.2 a");
        ServerLocator locator = new(names, [SipTransport.Udp], names.Random);
        Instant now = names.Now;
        Assert.Equal(["192.0.2.3:5060", "192.0.2.2:5060"], Servers(locator, now));

        locator.NoteFailure(Carol, TimeSpan.FromSeconds(20), now);

        Assert.Equal(["192.0.2.2:5060", "192.0.2.3:5060"], Servers(locator, now + TimeSpan.FromSeconds(19)));
        Assert.Equal(["192.0.2.3:5060", "192.0.2.2:5060"], Servers(locator, now + TimeSpan.FromSeconds(21)));
        locator.NoteFailure(Carol, TimeSpan.Zero, now);
        Assert.Equal(["192.0.2.2:5060", "192.0.2.3:5060"], Servers(locator, now + TimeSpan.FromSeconds(299)));
        locator.NoteSuccess(Carol);
        Assert.Equal(["192.0.2.3:5060", "192.0.2.2:5060"], Servers(locator, now));
    }

    [Theory]
    [InlineData("sip:a@b.example", true)]
    [InlineData("sip:b.example:5070;transport=UDP", true)]
    [InlineData("sip:a@192.0.2.1", false)]
    [InlineData("sip:a@[2001:db8::1]", false)]
    [InlineData("sip:a@b.example;transport=tcp", false)]
    [InlineData("sip:a@b.example;transport=sctp", false)]
    [InlineData("sips:a@b.example", false)]
    [InlineData("tel:110", false)]
    [InlineData("sip:a@b..example", false)]
    [InlineData("mailto:a@b.example", false)]
    public void A_name_is_read_from_a_URI_whose_transport_is_spoken(string uri, bool isName) =>
        Assert.Equal(isName, new ServerLocator(new DnsWorld(), [SipTransport.Udp], new SeededRandom(1)).TryReadName(uri, out _));

    private static string[] Servers(ServerLocator locator, Instant now)
    {
        ServerRoute route = locator.Find(new TargetName("a", 0, null), otherwise: null, now);
        return [.. Enumerable.Range(0, 9).TakeWhile(_ => route.Look(now) == SearchState.Found).Select(_ => Take(route, now))];
    }

    private static string Take(ServerRoute route, Instant now)
    {
        _ = route.Next(now, out SipHop server);
        return server.Endpoint.ToString();
    }

    private static SipPair Pair(string hosts = "192.0.2.3 pbx.example.com\n192.0.2.2 pbx.example.com")
    {
        DnsWorld names = new();
        names.Resolver.Hosts = HostsFile.Read(hosts);
        return new SipPair(names: names);
    }

    private static SipParty Add(SipPair pair)
    {
        SipParty carol = new("carol", Carol, 3);
        pair.Parties.Add(carol);
        return carol;
    }

    private static SipCall Locate(SipPair pair)
    {
        SipCall call = pair.Alice.Endpoint.Locate(Target, pair.Now);
        pair.Drive();
        Assert.Equal("Located 1", pair.Alice.Told[^1]);
        pair.Do(() => pair.Alice.Endpoint.Offer(call, SipPair.OfferBytes, pair.Now));
        return call;
    }

    private static string Line(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
}
