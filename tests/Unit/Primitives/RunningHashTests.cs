using System;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Primitives;
using Org.BouncyCastle.Security;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

public sealed class RunningHashTests
{
    private const int Seed = 1804;
    private const int MaximumLength = 300;

    private static readonly Way[] Ways =
    [
        new("chosen SHA-1", "SHA-1", Sha1.IsSupported, Hash<Sha1>),
        new("vector SHA-1", "SHA-1", VectorSha1.IsSupported, Hash<VectorSha1>),
        new("ARM SHA-1", "SHA-1", ArmSha1.IsSupported, Hash<ArmSha1>),
        new("chosen SHA-256", "SHA-256", Sha256.IsSupported, Hash<Sha256>),
        new("vector SHA-256", "SHA-256", VectorSha256.IsSupported, Hash<VectorSha256>),
        new("ARM SHA-256", "SHA-256", ArmSha256.IsSupported, Hash<ArmSha256>),
    ];

    public static TheoryData<string> SupportedWays() =>
        [.. Array.ConvertAll(Array.FindAll(Ways, way => way.IsSupported), way => way.Name)];

    [Theory]
    [MemberData(nameof(SupportedWays))]
    public void Gives_the_published_results(string name)
    {
        Way way = Find(name);
        foreach ((byte[] message, string sha1, string sha256) in DigestVectors.Messages)
        {
            Assert.Equal(way.Algorithm == "SHA-1" ? sha1 : sha256, Convert.ToHexStringLower(way.Hash([message])));
        }
    }

    [Theory]
    [MemberData(nameof(SupportedWays))]
    public void Agrees_with_other_implementations_at_every_length(string name)
    {
        Way way = Find(name);
        for (int length = 0; length <= MaximumLength; length++)
        {
            byte[] data = Bytes(length);
            byte[] hash = way.Hash([data]);
            Assert.Equal(DigestUtilities.CalculateDigest(way.Algorithm, data), hash);
            Assert.Equal(CryptographicOperations.HashData(new HashAlgorithmName(way.Algorithm.Replace("-", "")), data), hash);
        }
    }

    [Theory]
    [MemberData(nameof(SupportedWays))]
    public void Pieces_give_the_hash_of_the_whole_wherever_it_is_cut(string name)
    {
        Way way = Find(name);
        Random random = new(Seed);
        byte[] data = Bytes(MaximumLength);
        byte[] whole = way.Hash([data]);
        for (int first = 0; first <= data.Length; first++)
        {
            int second = random.Next(first, data.Length + 1);
            Assert.Equal(whole, way.Hash([data[..first], data[first..second], data[second..]]));
        }

        Assert.Equal(whole, way.Hash(Array.ConvertAll(data, value => new[] { value })));
    }

    [Fact]
    public void A_copy_goes_on_by_itself()
    {
        RunningHash<Sha256> first = new();
        first.Update("ab"u8);
        RunningHash<Sha256> second = first;
        first.Update("x"u8);
        second.Update("c"u8);
        byte[] hash = new byte[RunningHash<Sha256>.HashLength];
        second.Finish(hash);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Convert.ToHexStringLower(hash));
    }

    private static Way Find(string name) => Array.Find(Ways, way => way.Name == name)!;

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(Seed + length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Hash<TFunction>(byte[][] pieces)
        where TFunction : struct, ICompressionFunction
    {
        RunningHash<TFunction> running = new();
        foreach (byte[] piece in pieces)
        {
            running.Update(piece);
        }

        byte[] hash = new byte[RunningHash<TFunction>.HashLength];
        running.Finish(hash);
        return hash;
    }

    private sealed record Way(string Name, string Algorithm, bool IsSupported, Func<byte[][], byte[]> Hash);
}
