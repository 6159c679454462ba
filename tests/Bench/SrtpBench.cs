using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Tests.Bench.Peers;
using IntercomAgent.Tests.Bench.Sampling;

namespace IntercomAgent.Tests.Bench;

/// <summary>SRTP packets of 172 bytes, 20 ms of PCMU, per second of a core.</summary>
internal static class SrtpBench
{
    private const int PacketLength = 172;
    private const int Room = 192;
    private const int Packets = 4000;
    private const int Passes = 10;
    private const int Runs = 5;
    private const string Peer = "libsrtp2";

    public static IEnumerable<Row> Measure()
    {
        foreach (SrtpProfile profile in Enum.GetValues<SrtpProfile>())
        {
            byte[] key = new byte[profile.KeyLength];
            byte[] salt = new byte[profile.SaltLength];
            new Random(1).NextBytes(key);

            // Ours and the peer's in turn, so that what else the machine does meets both.
            Rates ours = new();
            Rates peer = new();
            for (int run = 0; run < Runs; run++)
            {
                ours.Add(Measure(() => new OurSrtpPair(profile, key, salt)));
                peer.Add(Measure(() => new LibSrtpPair(profile, key, salt)));
            }

            yield return new($"protect, {profile.Name}", "1/s", ours.Protect, peer.Protect, Peer);
            yield return new($"unprotect, {profile.Name}", "1/s", ours.Unprotect, peer.Unprotect, Peer);
        }
    }

    private static (double Protect, double Unprotect) Measure(Func<ISrtpPair> create)
    {
        byte[] memory = new byte[Packets * Room];
        TimeSpan protecting = default;
        TimeSpan unprotecting = default;
        for (int pass = 0; pass < Passes; pass++)
        {
            using ISrtpPair pair = create();
            for (int index = 0; index < Packets; index++)
            {
                WriteHeader(memory.AsSpan(index * Room), (ushort)index);
            }

            int length = 0;
            TimeSpan started = ProcessorClock.Now;
            for (int index = 0; index < Packets; index++)
            {
                length = pair.Protect(memory.AsSpan(index * Room, Room), PacketLength);
            }

            protecting += ProcessorClock.Now - started;
            bool accepted = true;
            started = ProcessorClock.Now;
            for (int index = 0; index < Packets; index++)
            {
                accepted &= pair.Unprotect(memory.AsSpan(index * Room, length));
            }

            unprotecting += ProcessorClock.Now - started;
            if (!accepted)
            {
                throw new InvalidOperationException("a packet was refused: what was measured is not SRTP");
            }
        }

        const double All = Packets * Passes;
        return (All / protecting.TotalSeconds, All / unprotecting.TotalSeconds);
    }

    private static void WriteHeader(Span<byte> packet, ushort sequenceNumber)
    {
        const byte VersionTwo = 0x80;
        packet[0] = VersionTwo;
        packet[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], sequenceNumber * 160u);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], 0x12345678);
    }

    private sealed class Rates
    {
        private readonly List<double> _protect = [];
        private readonly List<double> _unprotect = [];

        public double Protect => Table.Median(_protect);

        public double Unprotect => Table.Median(_unprotect);

        public void Add((double Protect, double Unprotect) rates)
        {
            _protect.Add(rates.Protect);
            _unprotect.Add(rates.Unprotect);
        }
    }
}
