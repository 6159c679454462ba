using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;
using IntercomAgent.Tests.Unit;
using IntercomAgent.Tests.Unit.Dns;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// The answers of name servers and of neighbours: each input is the answers to what a search for a domain's servers asks, one after
/// another, by datagram and by stream, with the number and the question that make them count.
/// </summary>
internal sealed class DnsTarget : IFuzzTarget
{
    private const string Domain = "example.com";
    private const int HeaderLength = 12;
    private const int MostSteps = 64;
    private static readonly NetworkEndpoint Server = NetworkEndpoint.FromIPv4(0xC0000235, 53);

    public string Name => "dns";

    public bool IsText => false;

    public long AllocationLimit => 4 << 20;

    public IEnumerable<FuzzInput> Seeds()
    {
        DnsZone zone = new DnsZone().Naptr(Domain, 10, 10, "s", "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._udp.example.com", 1, 10, 5060, "one.example.com").Srv("_sip._udp.example.com", 2, 10, 5070, "two.example.com")
            .Cname("one.example.com", "real.example.com").A("real.example.com", "192.0.2.7").Aaaa("two.example.com", "2001:db8::7")
            .A("door.local", "192.0.2.50");
        DnsZone broken = new() { Error = DnsResponseCode.FormatError };
        return [Conversation(zone, Domain), Conversation(new DnsZone(), Domain), Conversation(broken, Domain), Conversation(zone, "door.local")];
    }

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        foreach (string host in (string[])[Domain, "door.local"])
        {
            Search(input, host, ref signature);
        }

        DnsStreamReader reader = new();
        foreach (byte[] bytes in input.Datagrams)
        {
            signature.Add(DnsMessage.TryRead(bytes, out DnsMessage? message) ? message.Answers.Count : -1);
            bool isRight = reader.TryAdd(bytes);
            while (isRight && reader.TryTake(out _))
            {
                signature.Add(1);
            }
        }

        return signature.Value;
    }

    /// <summary>What a zone says to all that a search asks for.</summary>
    private static FuzzInput Conversation(DnsZone zone, string host)
    {
        List<byte[]> answers = [];
        World world = new(host);
        for (int step = 0; step < MostSteps && world.Step(query => zone.Answer(query), answers); step++)
        {
        }

        return new FuzzInput(answers);
    }

    private static void Search(FuzzInput input, string host, ref Signature signature)
    {
        World world = new(host);
        int next = 0;
        for (int step = 0; step < MostSteps && next < input.Datagrams.Count; step++)
        {
            byte[] Answer(byte[] query)
            {
                byte[] bytes = [.. input.Datagrams[next++ % input.Datagrams.Count]];

                // An answer to another question is dropped at once: the most are given the right number and the right question.
                if (bytes.Length >= query.Length && bytes.Length > HeaderLength && bytes[0] % 8 != 0)
                {
                    query.AsSpan(0, 2).CopyTo(bytes);
                    query.AsSpan(HeaderLength, QuestionLength(query)).CopyTo(bytes.AsSpan(HeaderLength));
                }

                return bytes;
            }

            if (!world.Step(Answer, []))
            {
                break;
            }
        }

        world.Look(ref signature);
    }

    private static int QuestionLength(byte[] query)
    {
        int end = HeaderLength;
        while (query[end] != 0)
        {
            end += query[end] + 1;
        }

        return end + 5 - HeaderLength;
    }

    /// <summary>A search, its resolver, and a clock that goes on by a second whenever nothing is asked.</summary>
    private sealed class World(string host) : ISourceAddresses
    {
        private readonly byte[] _buffer = new byte[DnsLimits.Query];
        private readonly SeededRandom _random = new(53);
        private readonly TargetSearch _search = new(new TargetName(host, 0, null), [SipTransport.Udp, SipTransport.Tcp], new SeededRandom(54));
        private readonly List<SipHop> _found = [];
        private DnsResolver? _resolver;
        private Instant _now = new(1_000_000_000);

        private DnsResolver Resolver => _resolver ??= Configured();

        public NetworkEndpoint? SourceTowards(NetworkEndpoint destination) => destination.IsIPv4 ? Server : null;

        /// <summary>Goes on by one query; false when the search is over.</summary>
        public bool Step(Func<byte[], byte[]> answer, List<byte[]> answers)
        {
            SearchState state;
            while ((state = _search.Next(Resolver, this, _now, out SipHop server)) == SearchState.Found)
            {
                _found.Add(server);
            }

            if (state == SearchState.Exhausted)
            {
                return false;
            }

            DnsOutput output = Resolver.Poll(_buffer);
            if (output.Kind == DnsOutputKind.Idle)
            {
                _now = Instant.Soonest(output.WakeAt, _now + TimeSpan.FromSeconds(1));
                Resolver.Advance(_now);
                return true;
            }

            bool isStream = output.Kind == DnsOutputKind.SendByStream;
            NetworkEndpoint from = output.To.Port == DnsResolver.MulticastPort ? Server.WithPort(DnsResolver.MulticastPort) : output.To;
            byte[] bytes = answer(output.Datagram.ToArray());
            answers.Add(bytes);
            if (isStream)
            {
                Resolver.ReceiveFromStream(bytes, from, _now);
            }
            else
            {
                Resolver.Receive(bytes, from, _now);
            }

            return true;
        }

        public void Look(ref Signature signature)
        {
            signature.Add(_found.Count);
            foreach (SipHop server in _found)
            {
                signature.Add((int)server.Transport);
            }

            signature.AddCount(Resolver.Dropped);
            signature.Add(Resolver.CachedAnswers);
            signature.Add(_search.Problem.Length);
            if (Resolver.Exchanges > DnsLimits.Exchanges || Resolver.CachedAnswers > DnsLimits.CachedAnswers)
            {
                throw new InvalidOperationException("More is kept than its limits allow.");
            }
        }

        private DnsResolver Configured()
        {
            DnsResolver resolver = new(_random);
            resolver.Configure(new DnsSettings([Server], ["example.org"], 1));
            return resolver;
        }
    }
}
