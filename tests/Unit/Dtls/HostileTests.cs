using System;
using System.Collections.Generic;
using System.Linq;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>Cut, changed and invented datagrams. Nothing may throw; nothing may hang.</summary>
public sealed class HostileTests
{
    public static TheoryData<int> Datagrams => [.. Enumerable.Range(0, CountOfDatagrams())];

    [Theory]
    [MemberData(nameof(Datagrams))]
    public void Every_prefix_of_a_datagram_leaves_the_handshake_as_it_was(int number)
    {
        int length = LengthOf(number);
        for (int kept = 0; kept < length; kept++)
        {
            int end = kept;
            using DtlsPair pair = RunWithForgery(number, bytes => bytes[..end]);
            Assert.True(pair.AreConnected, $"datagram {number} cut at {kept}");
        }
    }

    [Theory]
    [MemberData(nameof(Datagrams))]
    public void A_datagram_with_a_byte_changed_never_leaves_a_handshake_hanging(int number)
    {
        int length = LengthOf(number);
        for (int index = 0; index < length; index++)
        {
            int at = index;
            using DtlsPair pair = RunWithForgery(
                number,
                bytes =>
                {
                    bytes[at] ^= (byte)(1 << (at % 8));
                    return bytes;
                });
            Assert.True(HasEnded(pair.Client) && HasEnded(pair.Server), $"datagram {number}, byte {index}: {Describe(pair)}");
            Assert.True(
                !pair.AreConnected || pair.Client.Export().SequenceEqual(pair.Server.Export()), $"datagram {number}, byte {index}");
        }
    }

    [Fact]
    public void An_encrypted_record_with_a_byte_changed_is_dropped_and_the_handshake_completes()
    {
        using DtlsPair plain = new();
        _ = plain.Start().Run();
        LinkDatagram last = plain.Sent[^1];

        // ChangeCipherSpec is 14 bytes; the sealed Finished follows it.
        for (int index = 14; index < last.Bytes.Length; index++)
        {
            int at = index;
            using DtlsPair pair = RunWithForgery(
                last.Number,
                bytes =>
                {
                    bytes[at] ^= 0x80;
                    return bytes;
                });
            Assert.True(pair.AreConnected, $"byte {index}: {Describe(pair)}");
        }
    }

    [Fact]
    public void Noise_is_dropped_before_in_and_after_a_handshake()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            Random random = new(seed);
            using DtlsPair pair = new(trust: seed % 2 == 0, seed: seed);
            pair.Weather = datagram =>
            {
                for (int count = 0; count < 20; count++)
                {
                    pair.Client.Endpoint.Receive(Noise(random), DtlsPair.ServerPath, pair.Now);
                    pair.Server.Endpoint.Receive(Noise(random), DtlsPair.ClientPath, pair.Now);
                }

                return [TimeSpan.FromMilliseconds(10)];
            };
            _ = pair.Start().Run();

            Assert.True(pair.AreConnected, $"seed {seed}: {Describe(pair)}");
            pair.Deliver(DtlsRole.Client, Noise(random));
            pair.Deliver(DtlsRole.Server, Noise(random));
            Assert.True(pair.AreConnected, $"seed {seed}");
        }
    }

    [Fact]
    public void Noise_that_looks_like_records_never_throws_and_never_hangs()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            using DtlsPair pair = new(seed: seed);
            pair.Weather = datagram =>
            {
                DtlsSide sender = pair.Of(datagram.Sender);
                DtlsSide receiver = datagram.Sender == DtlsRole.Client ? pair.Server : pair.Client;
                for (int count = 0; count < 5; count++)
                {
                    receiver.Endpoint.Receive(RecordNoise(random), sender.Path, pair.Now);
                }

                return [TimeSpan.FromMilliseconds(10)];
            };
            _ = pair.Start().Run();

            Assert.True(HasEnded(pair.Client), $"seed {seed}: {Describe(pair)}");
            Assert.True(HasEnded(pair.Server) || pair.Server.Endpoint.State == DtlsState.New, $"seed {seed}: {Describe(pair)}");
        }
    }

    // A handshake in which a forged form of one datagram arrives just before the genuine one.
    private static DtlsPair RunWithForgery(int number, Func<byte[], byte[]> forge)
    {
        DtlsPair pair = new();
        pair.Weather = datagram =>
        {
            if (datagram.Number == number)
            {
                DtlsSide receiver = pair.Of(datagram.Sender == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client);
                receiver.Endpoint.Receive(
                    forge((byte[])datagram.Bytes.Clone()),
                    datagram.Sender == DtlsRole.Client ? DtlsPair.ClientPath : DtlsPair.ServerPath,
                    pair.Now);
            }

            return [TimeSpan.FromMilliseconds(10)];
        };
        return pair.Start().Run();
    }

    private static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(0, 200)];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] RecordNoise(Random random)
    {
        byte[] noise = new byte[random.Next(40, 120)];
        random.NextBytes(noise);
        byte[] types = [20, 21, 22, 22, 22, 23];
        byte[] messages = [0, 1, 2, 3, 11, 12, 13, 14, 15, 16, 20];
        byte[] header =
        [
            types[random.Next(types.Length)], 0xFE, 0xFD, 0, (byte)random.Next(0, 2), 0, 0, 0, 0, 0, (byte)random.Next(20),
            0, (byte)(noise.Length - 13),
            messages[random.Next(messages.Length)], 0, 0, (byte)(noise.Length - 25), 0, (byte)random.Next(8), 0, 0, 0, 0, 0,
            (byte)(noise.Length - 25),
        ];
        header.CopyTo(noise, 0);
        return noise;
    }

    private static bool HasEnded(DtlsSide side) => side.Endpoint.State is DtlsState.Connected or DtlsState.Failed or DtlsState.Closed;

    private static string Describe(DtlsPair pair) =>
        $"client {pair.Client.Endpoint.State} {pair.Client.Failure} {pair.Client.Alert}, "
        + $"server {pair.Server.Endpoint.State} {pair.Server.Failure} {pair.Server.Alert}";

    private static List<LinkDatagram> Genuine()
    {
        using DtlsPair pair = new();
        _ = pair.Start().Run();
        return pair.Sent;
    }

    private static int CountOfDatagrams() => Genuine().Count;

    private static int LengthOf(int number) => Genuine()[number].Bytes.Length;
}
