using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Tests.Bench.Handshakes;

namespace IntercomAgent.Tests.Bench;

/// <summary>
/// What a DTLS 1.2 handshake takes one end of the processor's time, in each role and with each group for the key exchange, beside
/// OpenSSL and BouncyCastle's own DTLS with the same certificates, suite and groups; and where that time goes.
/// </summary>
internal static class HandshakeBench
{
    private const int Handshakes = 50;
    private const int Runs = 7;

    public static IEnumerable<Row> Measure()
    {
        Credentials client = Credentials.Create();
        Credentials server = Credentials.Create();
        return new[] { NamedGroup.X25519, NamedGroup.Secp256r1 }.SelectMany(group => Measure(group, client, server)).Concat(Signatures());
    }

    /// <summary>What the key of a certificate costs in a TLS handshake, which asks for the whole signature in one step of the loop.</summary>
    private static IEnumerable<Row> Signatures()
    {
        SystemRandom random = new();
        yield return Sign("P-256", EcdsaPrivateKey.Generate(random));
        yield return Sign("RSA 2048", RsaPrivateKey.Generate(random));

        Row Sign(string name, SigningKey key)
        {
            void Once() => _ = key.Begin(key.Schemes[0], HandshakeParts.SignedParameters, random).Finish();
            OperationTime time = OperationTime.Measure([new(name, Once, Once)])[0];
            return new($"signature of TLS, {name}, one step", "ms", time.Ours / 1000);
        }
    }

    private static IEnumerable<Row> Measure(NamedGroup group, Credentials client, Credentials server)
    {
        OurHandshakes ours = new(group, client, server);
        using OpenSslHandshakes openSsl = new(group, client, server);
        BouncyCastleHandshakes bouncyCastle = new(group, client, server);
        List<HandshakeCost> ourCosts = [];
        List<HandshakeCost> openSslCosts = [];
        List<HandshakeCost> bouncyCastleCosts = [];
        List<double> longestSteps = [];
        long allocated = 0;

        // The first run makes tables, and does not count. The three take turns: what else the machine does meets all of them.
        for (int run = 0; run <= Runs; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ourCosts.Add(ours.Run(Handshakes));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            longestSteps.Add(ours.LongestStep.TotalMilliseconds);
            openSslCosts.Add(openSsl.Run(Handshakes));
            bouncyCastleCosts.Add(bouncyCastle.Run(Handshakes));
        }

        HandshakeCost our = Median(ourCosts);
        HandshakeCost peer = Median(openSslCosts);
        HandshakeCost castle = Median(bouncyCastleCosts);
        yield return Compare($"handshake, {group}, client", our.Client, peer.Client, "OpenSSL");
        yield return Compare($"handshake, {group}, client", our.Client, castle.Client, "BouncyCastle");
        yield return Compare($"handshake, {group}, server", our.Server, peer.Server, "OpenSSL");
        yield return Compare($"handshake, {group}, server", our.Server, castle.Server, "BouncyCastle");
        yield return new($"handshake, {group}, longest step of {Handshakes}", "ms", Table.Median(longestSteps[1..]));
        yield return new($"handshake, {group}, allocated, each end", "kB", allocated / 2 / 1000.0 / Handshakes);
        foreach (Row row in Operations(group, client, our, peer))
        {
            yield return row;
        }
    }

    private static Row Compare(string name, TimeSpan ours, TimeSpan peer, string peerName) =>
        new(name, "ms", ours.TotalMilliseconds, peer.TotalMilliseconds, peerName);

    /// <summary>The parts of a handshake, which are the same ones in both roles, and what is left of an end's time without them.</summary>
    private static IEnumerable<Row> Operations(NamedGroup group, Credentials credentials, HandshakeCost ours, HandshakeCost peer)
    {
        double our = (ours.Client + ours.Server).TotalMicroseconds / 2;
        double other = (peer.Client + peer.Server).TotalMicroseconds / 2;
        OperationTime[] parts = Measure(group, credentials);
        OperationTime rest = new("the rest", our - parts.Sum(static part => part.Ours), other - parts.Sum(static part => part.OpenSsl));
        OperationTime all = new("all, mean of both roles", our, other);
        return parts.Append(rest).Append(all).Select(part => new Row(
            $"  {group}: {part.Name}", "µs", part.Ours, part.OpenSsl,
            $"OpenSSL; {part.Ours / our:P0} of ours, {part.OpenSsl / other:P0} of its"));
    }

    private static OperationTime[] Measure(NamedGroup group, Credentials credentials)
    {
        OurOperations ours = new(group, credentials);
        using OpenSslOperations openSsl = new(group, credentials);
        return OperationTime.Measure(
        [
            new("key share", ours.MakeKeyShare, openSsl.MakeKeyShare),
            new("agreement", ours.Agree, openSsl.Agree),
            new("signature", ours.Sign, openSsl.Sign),
            new("verification", ours.Verify, openSsl.Verify),
            new("certificate and fingerprint", ours.ReadCertificate, openSsl.ReadCertificate),
            new("key derivation and transcript", ours.DeriveKeys, openSsl.DeriveKeys),
            new("protection of records", ours.ProtectRecords, openSsl.ProtectRecords),
        ]);
    }

    private static HandshakeCost Median(List<HandshakeCost> costs) => new(
        Median(costs.Skip(1).Select(static cost => cost.Client)), Median(costs.Skip(1).Select(static cost => cost.Server)));

    private static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 2];
    }
}
