using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Tests.Bench.Peers;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// DTLS 1.2 handshakes per second of a core, both sides with ECDSA P-256 certificates. Each side signs once, verifies once, makes a
/// key share and agrees on a secret; beside it stands how often OpenSSL can do these four and nothing else.
/// </summary>
internal static class HandshakeBench
{
    private const int Handshakes = 100;
    private const int Runs = 5;

    private static readonly TransportPath ClientPath = new(0x0A00_0001, 4000);
    private static readonly TransportPath ServerPath = new(0x0A00_0002, 5000);

    public static IEnumerable<Row> Measure()
    {
        SystemRandom random = new();
        DtlsIdentity client = DtlsIdentity.Create(random, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        DtlsIdentity server = DtlsIdentity.Create(random, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        (double signatures, double verifications) = OpenSslSpeed.EcdsaP256();
        double montgomery = OpenSslSpeed.Agreements("ecdhx25519");
        double weierstrass = OpenSslSpeed.Agreements("ecdhp256");

        // A key share of X25519 costs OpenSSL what an agreement costs; one of P-256 costs what a signature costs.
        double withX25519 = 1 / ((1 / signatures) + (1 / verifications) + (2 / montgomery));
        double withP256 = 1 / ((2 / signatures) + (1 / verifications) + (1 / weierstrass));

        yield return new("ECDSA P-256, signatures", "1/s", null, signatures, "openssl speed");
        yield return new("ECDSA P-256, verifications", "1/s", null, verifications, "openssl speed");
        yield return new("X25519, agreements", "1/s", null, montgomery, "openssl speed");
        yield return new("ECDH P-256, agreements", "1/s", null, weierstrass, "openssl speed");
        foreach (Row row in Measure(NamedGroup.X25519, withX25519, client, server))
        {
            yield return row;
        }

        foreach (Row row in Measure(NamedGroup.Secp256r1, withP256, client, server))
        {
            yield return row;
        }
    }

    private static IEnumerable<Row> Measure(NamedGroup group, double peer, DtlsIdentity client, DtlsIdentity server)
    {
        const string Peer = "openssl speed: the public-key operations";
        List<double> clientRates = [];
        List<double> serverRates = [];
        List<double> bothRates = [];
        List<double> longest = [];
        List<double> allocated = [];
        for (int run = 0; run < Runs; run++)
        {
            Cost cost = Run(group, client, server);
            clientRates.Add(Handshakes / cost.Client.TotalSeconds);
            serverRates.Add(Handshakes / cost.Server.TotalSeconds);
            bothRates.Add(Handshakes / (cost.Client + cost.Server).TotalSeconds);
            longest.Add(cost.LongestStep.TotalMilliseconds);
            allocated.Add(cost.Allocated / 1000.0 / Handshakes);
        }

        yield return new($"handshakes, {group}, client", "1/s", Table.Median(clientRates), peer, Peer);
        yield return new($"handshakes, {group}, server", "1/s", Table.Median(serverRates), peer, Peer);
        yield return new($"handshakes, {group}, both roles", "1/s", Table.Median(bothRates), peer / 2, Peer);
        yield return new($"handshakes, {group}, longest step", "ms", Table.Median(longest));
        yield return new($"handshakes, {group}, allocated, both roles", "kB", Table.Median(allocated));
    }

    private static Cost Run(NamedGroup group, DtlsIdentity client, DtlsIdentity server)
    {
        Cost cost = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int handshake = 0; handshake < Handshakes; handshake++)
        {
            using TimedEndpoint caller = new(DtlsRole.Client, Settings(group, client), ServerPath);
            using TimedEndpoint callee = new(DtlsRole.Server, Settings(group, server), ClientPath);
            caller.Start();
            while (!(caller.IsConnected && callee.IsConnected))
            {
                if (!Carry(caller, callee) && !Carry(callee, caller))
                {
                    throw new InvalidOperationException("the handshake stands still: what was measured is not one");
                }
            }

            cost.Client += caller.Busy;
            cost.Server += callee.Busy;
            cost.LongestStep = Longest(cost.LongestStep, Longest(caller.LongestStep, callee.LongestStep));
        }

        cost.Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return cost;
    }

    private static bool Carry(TimedEndpoint sender, TimedEndpoint receiver)
    {
        bool any = false;
        while (sender.Sent.TryDequeue(out byte[]? datagram))
        {
            receiver.Receive(datagram);
            any = true;
        }

        return any;
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DtlsSettings Settings(NamedGroup group, DtlsIdentity identity) => new()
    {
        Identity = identity,
        SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
        Random = new SystemRandom(),
        Groups = [group],
    };

    private struct Cost
    {
        public TimeSpan Client;
        public TimeSpan Server;
        public TimeSpan LongestStep;
        public long Allocated;
    }
}
