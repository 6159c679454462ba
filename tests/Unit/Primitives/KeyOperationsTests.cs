using System;
using IntercomAgent.Crypto.Primitives;
using Xunit;

namespace IntercomAgent.Tests.Unit.Primitives;

/// <summary>What a handshake computes with keys makes no garbage.</summary>
public sealed class KeyOperationsTests
{
    [Fact]
    public void Agreements_allocate_nothing()
    {
        Agree<P256>();
        Agree<X25519>();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Agree<P256>();
        Agree<X25519>();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Signing_and_verifying_allocate_nothing()
    {
        SignAndVerify();

        long before = GC.GetAllocatedBytesForCurrentThread();
        SignAndVerify();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Agree<TCurve>()
        where TCurve : IKeyAgreement
    {
        Span<byte> privateKey = stackalloc byte[TCurve.PrivateKeyLength];
        Span<byte> publicKey = stackalloc byte[TCurve.PublicKeyLength];
        Span<byte> secret = stackalloc byte[TCurve.SecretLength];
        privateKey.Fill(0x5A);
        TCurve.ComputePublicKey(privateKey, publicKey);
        Assert.True(TCurve.TryAgree(privateKey, publicKey, secret));
    }

    private static void SignAndVerify()
    {
        Span<byte> privateKey = stackalloc byte[P256.PrivateKeyLength];
        Span<byte> publicKey = stackalloc byte[P256.PublicKeyLength];
        Span<byte> signature = stackalloc byte[EcdsaSignature.MaximumLength];
        privateKey.Fill(0x5A);
        P256.ComputePublicKey(privateKey, publicKey);
        int length = P256Signatures.Sign(privateKey, privateKey, signature);
        Assert.True(P256Signatures.Verify(publicKey, privateKey, signature[..length]));
    }
}
