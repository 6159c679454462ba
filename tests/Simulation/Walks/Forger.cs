using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;
using IntercomAgent.Tests.Simulation.World;

namespace IntercomAgent.Tests.Simulation.Walks;

/// <summary>
/// Somebody on the network who sees every datagram and sends what he likes, from his own address or in the name of others: noise,
/// handshakes, alerts, BYE and media that are made up, reports that somebody is not there, and what others sent, again, early, late,
/// elsewhere, or with a bit flipped.
/// </summary>
internal sealed class Forger(SimulatedNetwork network, Random random)
{
    private const int Remembered = 64;

    private static readonly NetworkEndpoint Own = NetworkEndpoint.FromIPv4(0x0A0000C8, 6666);

    private readonly List<(byte[] Bytes, NetworkEndpoint From, NetworkEndpoint To)> _seen = [];

    /// <summary>Whether a datagram of his has set off.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>Sees a datagram on its way.</summary>
    public void See(byte[] bytes, NetworkEndpoint from, NetworkEndpoint to)
    {
        if (_seen.Count < Remembered)
        {
            _seen.Add((bytes, from, to));
        }
        else
        {
            _seen[random.Next(Remembered)] = (bytes, from, to);
        }
    }

    /// <summary>Sends one datagram, which arrives within 40 ms.</summary>
    public void Strike(long now)
    {
        if (network.Endpoints.Count == 0)
        {
            return;
        }

        HasStruck = true;
        NetworkEndpoint victim = Pick(network.Endpoints);
        if (random.Next(9) == 0)
        {
            network.ReportUnreachable(Pick(network.Endpoints), victim, now + random.NextInt64(40_000_000));
            return;
        }

        NetworkEndpoint from = random.Next(3) == 0 ? Own : Pick(network.Endpoints);
        byte[] datagram = Make(ref victim, ref from);
        network.Forge(datagram, from, victim, now + random.NextInt64(40_000_000));
    }

    /// <summary>
    /// Flips one bit of a datagram, which stays as it was. Only the addresses in signalling are spared: who changes them has become the
    /// caller, or the called one, and cannot be told from them.
    /// </summary>
    public static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = (byte[])bytes.Clone();
        int at = bytes.Length == 0 ? 0 : random.Next(bytes.Length);
        if (bytes.Length > 0 && !(IsSignalling(bytes) && at >= 7 && bytes.AsSpan(at - 7, 7).SequenceEqual("10.0.0."u8)))
        {
            flipped[at] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    private static bool IsSignalling(byte[] bytes) => bytes is [>= (byte)'A' and <= (byte)'Z', ..];

    private byte[] Make(ref NetworkEndpoint victim, ref NetworkEndpoint from)
    {
        int kind = random.Next(8);
        if (kind <= 2 && _seen.Count > 0)
        {
            (byte[] bytes, NetworkEndpoint sender, NetworkEndpoint receiver) = _seen[random.Next(_seen.Count)];
            from = random.Next(2) == 0 ? sender : from;

            // Nothing in SIP vouches for it: who leads a call to somebody else by it has made a call there.
            victim = random.Next(4) == 0 && !IsSignalling(bytes) ? victim : receiver;
            return kind == 0 ? Flip(bytes, random) : bytes;
        }

        return kind switch
        {
            3 => Noise(random.Next(1, 300), first: null),
            4 => Record(contentType: 21, [(byte)random.Next(1, 3), (byte)(random.Next(2) == 0 ? 0 : random.Next(120))]),
            5 => Record(contentType: 22, Noise(random.Next(12, 200), first: 1)),
            6 => Encoding.ASCII.GetBytes(Bye(victim)),
            _ => Noise(172, first: 0x80),
        };
    }

    private byte[] Noise(int length, byte? first)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        bytes[0] = first ?? bytes[0];
        return bytes;
    }

    /// <summary>A plain DTLS record of epoch 0.</summary>
    private byte[] Record(byte contentType, byte[] content) =>
    [
        contentType, 254, 253, 0, 0, 0, 0, 0, 0, 0, (byte)random.Next(20), (byte)(content.Length >> 8), (byte)content.Length, .. content,
    ];

    private string Bye(NetworkEndpoint victim) =>
        $"BYE sip:station@{victim} SIP/2.0\r\nVia: SIP/2.0/UDP {Own};branch=z9hG4bK{random.Next()}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:forger@{Own}>;tag={random.Next()}\r\nTo: <sip:station@{victim}>;tag={random.Next()}\r\n"
        + $"Call-ID: {random.Next()}\r\nCSeq: {random.Next(1, 100)} BYE\r\nContent-Length: 0\r\n\r\n";

    private NetworkEndpoint Pick(IReadOnlyCollection<NetworkEndpoint> endpoints) => endpoints.ElementAt(random.Next(endpoints.Count));
}
