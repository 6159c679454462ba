using System;
using System.Linq;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dns;

public sealed class DnsResolverTests
{
    private const string Host = "pbx.example";

    [Fact]
    public void A_question_is_asked_once_and_its_answer_kept_for_as_long_as_it_holds()
    {
        DnsWorld world = new();
        _ = world[1].A(Host, "192.0.2.7", seconds: 60);

        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        world.Wait(TimeSpan.FromSeconds(60));
        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(1, world[1].Queries);

        world.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(2, world[1].Queries);
    }

    [Fact]
    public void An_answer_that_holds_for_no_time_still_answers_the_question_that_brought_it()
    {
        DnsWorld world = new();
        _ = world[1].A(Host, "192.0.2.7", seconds: 0);

        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        world.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(2, world[1].Queries);
    }

    [Theory]
    [InlineData(60u, 60)]
    [InlineData(86400u, 300)]
    public void That_there_is_no_such_name_is_believed_for_as_long_as_its_zone_says_and_no_longer_than_five_minutes(uint says, int holds)
    {
        DnsWorld world = new();
        world[1].NegativeSeconds = says;

        Assert.Equal(DnsOutcome.NoName, world.Ask(Host, DnsRecordType.A).Outcome);
        world.Wait(TimeSpan.FromSeconds(holds));
        Assert.Equal(DnsOutcome.NoName, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(1, world[1].Queries);
        world.Wait(TimeSpan.FromSeconds(1));
        _ = world.Ask(Host, DnsRecordType.A);
        Assert.Equal(2, world[1].Queries);
    }

    [Fact]
    public void A_negative_answer_without_the_word_of_its_zone_is_not_kept()
    {
        DnsWorld world = new();
        world[1].NegativeSeconds = null;

        _ = world.Ask(Host, DnsRecordType.A);
        world.Wait(TimeSpan.FromMilliseconds(1));
        _ = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(2, world[1].Queries);
    }

    [Fact]
    public void A_name_without_records_of_the_type_is_not_a_missing_name()
    {
        DnsWorld world = new();
        _ = world[1].A(Host, "192.0.2.7");

        Assert.Equal(DnsOutcome.NoData, world.Ask(Host, DnsRecordType.Aaaa).Outcome);
    }

    [Fact]
    public void The_second_server_is_asked_a_second_later_and_comes_first_from_then_on()
    {
        DnsWorld world = new(servers: 2);
        _ = world[2].A(Host, "192.0.2.7").A("other.example", "192.0.2.8");
        _ = world.Silent.Add(DnsWorld.ServerAt(1));
        Instant begin = world.Now;

        Assert.Equal(DnsOutcome.Found, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Now - begin);

        Assert.Equal(DnsOutcome.Found, world.Ask("other.example", DnsRecordType.A).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Now - begin);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 6)]
    [InlineData(3, 9)]
    public void Servers_that_keep_silent_are_asked_again_and_at_last_given_up(int servers, int seconds)
    {
        DnsWorld world = new(servers);
        for (int number = 1; number <= servers; number++)
        {
            _ = world.Silent.Add(DnsWorld.ServerAt(number));
        }

        Instant begin = world.Now;
        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.Contains("192.0.2.1:53", answer.Problem, StringComparison.Ordinal);
        Assert.Contains("not answer", answer.Problem, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(seconds), world.Now - begin);
        Assert.True(world.Resolver.IsQuiet);
    }

    [Fact]
    public void A_failure_is_remembered_for_five_seconds()
    {
        DnsWorld world = new();
        world[1].Error = DnsResponseCode.ServerFailure;

        Assert.Equal(DnsOutcome.Failed, world.Ask(Host, DnsRecordType.A).Outcome);
        world.Wait(TimeSpan.FromSeconds(5));
        Assert.Equal(DnsOutcome.Failed, world.Ask(Host, DnsRecordType.A).Outcome);
        Assert.Equal(1, world[1].Queries);
        world[1].Error = DnsResponseCode.NoError;
        world.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(DnsOutcome.NoName, world.Ask(Host, DnsRecordType.A).Outcome);
    }

    [Theory]
    [InlineData((int)DnsResponseCode.Refused, "refuses")]
    [InlineData((int)DnsResponseCode.ServerFailure, "cannot find out")]
    [InlineData((int)DnsResponseCode.NotImplemented, "does not understand")]
    public void A_server_that_refuses_is_not_asked_again_and_the_next_one_is_at_once(int code, string words)
    {
        DnsWorld world = new(servers: 2);
        world[1].Error = (DnsResponseCode)code;
        world[2].Error = (DnsResponseCode)code;
        Instant begin = world.Now;

        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.Contains(words, answer.Problem, StringComparison.Ordinal);
        Assert.Equal([1, 1], [world[1].Queries, world[2].Queries]);
        Assert.Equal(begin, world.Now);
    }

    [Fact]
    public void A_server_that_does_not_know_EDNS_is_asked_without_it()
    {
        DnsWorld world = new();
        world[1].Error = DnsResponseCode.FormatError;

        Assert.Equal(DnsOutcome.Failed, world.Ask(Host, DnsRecordType.A).Outcome);

        Assert.Equal([1, 0], world.Sent.Select(static sent => (int)sent.Query[11]));
    }

    [Fact]
    public void A_server_that_nobody_listens_at_gives_way_at_once()
    {
        DnsWorld world = new(servers: 2);
        _ = world[2].A(Host, "192.0.2.7");
        _ = world.Silent.Add(DnsWorld.ServerAt(1));
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();

        world.Resolver.ReceiveUnreachable(DnsWorld.ServerAt(1), world.Now);
        _ = world.Drain();

        Assert.True(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out DnsAnswer? answer));
        Assert.Equal(DnsOutcome.Found, answer.Outcome);
    }

    [Fact]
    public void Only_the_right_server_number_and_question_make_an_answer()
    {
        DnsWorld world = new(servers: 2);
        DnsZone forger = new DnsZone().A(Host, "203.0.113.66").A("other.example", "203.0.113.66");
        _ = world.Silent.Add(DnsWorld.ServerAt(1));
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();
        byte[] right = forger.Answer(world.Sent[0].Query);
        byte[] number = [.. right];
        number[0] ^= 1;
        byte[] question = [.. right];
        question[13] ^= 1;
        byte[] type = [.. right];
        type[12 + Host.Length + 2 + 1] = (byte)DnsRecordType.Aaaa;

        world.Resolver.Receive(number, DnsWorld.ServerAt(1), world.Now);
        world.Resolver.Receive(question, DnsWorld.ServerAt(1), world.Now);
        world.Resolver.Receive(type, DnsWorld.ServerAt(1), world.Now);
        world.Resolver.Receive(right, DnsWorld.ServerAt(1).WithPort(54), world.Now);
        world.Resolver.Receive(right, DnsWorld.ServerAt(3), world.Now);
        world.Resolver.Receive(right, DnsWorld.ServerAt(2), world.Now);
        world.Resolver.Receive(world.Sent[0].Query, DnsWorld.ServerAt(1), world.Now);

        Assert.Equal(7, world.Resolver.Dropped);
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
    }

    [Fact]
    public void Records_of_other_names_in_an_answer_are_not_believed()
    {
        DnsWorld world = new();
        DnsZone forger = new();
        _ = world.Silent.Add(DnsWorld.ServerAt(1));
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out _));
        _ = world.Drain();
        byte[] empty = forger.Answer(world.Sent[0].Query);
        byte[] stranger = DnsZone.Record(DnsZone.Name("bank.example"), DnsRecordType.A, 300, [203, 0, 113, 66]);
        byte[] answer = [.. empty[..7], 1, 0, 0, .. empty[10..(12 + Host.Length + 2 + 4)], .. stranger];
        answer[3] = 0x80;

        world.Resolver.Receive(answer, DnsWorld.ServerAt(1), world.Now);

        Assert.True(world.Resolver.TryFind(Host, DnsRecordType.A, world.Now, out DnsAnswer? found));
        Assert.Equal(DnsOutcome.NoData, found.Outcome);
        Assert.False(world.Resolver.TryFind("bank.example", DnsRecordType.A, world.Now, out _));
    }

    [Fact]
    public void An_alias_is_followed_also_when_its_server_does_not()
    {
        DnsWorld world = new();
        world[1].NegativeSeconds = null;
        _ = world[1].Cname(Host, "elsewhere.example");

        // The server knows the alias alone; the answer stops there, and what it stands for is asked for.
        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.NoName, answer.Outcome);
        Assert.Equal("elsewhere.example", world[1].Asked.Name);
    }

    [Fact]
    public void Aliases_in_a_circle_end()
    {
        DnsWorld world = new();
        world[1].NegativeSeconds = null;
        _ = world[1].Cname(Host, "b.example").Cname("b.example", Host);

        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.InRange(world[1].Queries, 1, DnsLimits.Aliases + 1);
    }

    [Fact]
    public void The_cache_has_an_end()
    {
        DnsWorld world = new();
        for (int index = 0; index < DnsLimits.CachedAnswers + 50; index++)
        {
            _ = world.Ask($"h{index}.example", DnsRecordType.A);
        }

        Assert.Equal(DnsLimits.CachedAnswers, world.Resolver.CachedAnswers);
    }

    [Fact]
    public void So_have_the_questions_under_way()
    {
        DnsWorld world = new();
        for (int index = 0; index < DnsLimits.Exchanges; index++)
        {
            Assert.False(world.Resolver.TryFind($"h{index}.example", DnsRecordType.A, world.Now, out _));
        }

        Assert.True(world.Resolver.TryFind("more.example", DnsRecordType.A, world.Now, out DnsAnswer? answer));
        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
    }

    [Fact]
    public void Without_a_server_the_answer_is_at_once_that_there_is_none()
    {
        DnsWorld world = new(servers: 0);

        DnsAnswer answer = world.Ask(Host, DnsRecordType.A);

        Assert.Equal("no name server is known", answer.Problem);
    }

    [Fact]
    public void Names_of_the_local_network_are_asked_of_both_groups_and_any_neighbour_may_answer()
    {
        DnsWorld world = new();
        DnsZone neighbour = new DnsZone().A("door.local", "192.0.2.50", seconds: 10);
        Assert.False(world.Resolver.TryFind("door.local", DnsRecordType.A, world.Now, out _));
        _ = world.Drain();

        Assert.Equal(
            [DnsWorld.Endpoint("224.0.0.251", 5353), DnsWorld.Endpoint("ff02::fb", 5353)], world.Sent.Select(static sent => sent.To));
        byte[] query = world.Sent[0].Query;
        Assert.Equal([0, 0], query[2..4]);
        byte[] answer = neighbour.Answer(query);

        world.Resolver.Receive(answer, DnsWorld.Endpoint("192.0.2.50", 5354), world.Now);
        Assert.False(world.Resolver.TryFind("door.local", DnsRecordType.A, world.Now, out _));
        world.Resolver.Receive(answer, DnsWorld.Endpoint("192.0.2.50", 5353), world.Now);
        Assert.Equal("192.0.2.50", Address(world.Ask("door.local", DnsRecordType.A)));
    }

    [Fact]
    public void A_name_that_no_neighbour_has_is_given_up_after_three_questions()
    {
        DnsWorld world = new();
        Instant begin = world.Now;

        DnsAnswer answer = world.Ask("door.local", DnsRecordType.A);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.Equal([0.0, 0, 1, 1, 3, 3], world.Sent.Select(sent => (sent.At - begin).TotalSeconds));
    }

    [Fact]
    public void Noise_from_the_server_itself_neither_throws_nor_answers()
    {
        const int Seed = 3263;
        Random random = new(Seed);
        DnsWorld world = new(seed: Seed);
        _ = world.Silent.Add(DnsWorld.ServerAt(1));
        Assert.False(world.Resolver.TryFind(Host, DnsRecordType.Naptr, world.Now, out _));
        _ = world.Drain();
        byte[] right = new DnsZone().Naptr(Host, 1, 1, "s", "SIP+D2U", "_sip._udp.example").Answer(world.Sent[0].Query);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] changed = [.. right];
            changed[random.Next(2)] ^= (byte)random.Next(1, 256);
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            world.Resolver.Receive(changed.AsSpan(0, random.Next(changed.Length + 1)), DnsWorld.ServerAt(1), world.Now);
        }

        Assert.True(world.Resolver.Dropped == 20_000, $"seed {Seed}");
    }

    private static string Address(DnsAnswer answer) => Assert.IsType<AddressRecord>(answer.Records[0]).Address.AddressText();
}
