using System;
using IntercomAgent.Crypto.Dtls.Messages;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>Each body is read back as it was written; its prefixes and what has bytes left over are refused.</summary>
public sealed class HandshakeBodyTests
{
    private static readonly byte[] Random = new byte[32];

    [Fact]
    public void ClientHello_reads_what_it_wrote()
    {
        ClientHello read = RoundTrip(
            new ClientHello
            {
                Random = Random,
                Cookie = [1, 2, 3],
                CipherSuites = [0xC02B, 0x00FF],
                Extensions = new HelloExtensions
                {
                    Groups = [29, 23],
                    SignatureSchemes = [0x0403],
                    PointFormats = true,
                    ExtendedMasterSecret = true,
                    RenegotiationInfo = [],
                }.WithSrtpProfiles([7, 1]),
            },
            hasOptionalTail: true);

        Assert.Equal([1, 2, 3], read.Cookie);
        Assert.Equal([(ushort)0xC02B, (ushort)0x00FF], read.CipherSuites);
        Assert.Equal([(ushort)29, (ushort)23], read.Extensions.Groups!);
        Assert.Equal([(ushort)0x0403], read.Extensions.SignatureSchemes!);
        Assert.Equal([(ushort)7, (ushort)1], read.Extensions.SrtpProfiles!);
        Assert.True(read.Extensions.ExtendedMasterSecret);
        Assert.True(read.KnowsSecureRenegotiation);
        Assert.True(read.OffersNullCompression);
        Assert.Empty(read.Extensions.Others);
    }

    [Fact]
    public void ServerHello_reads_what_it_wrote()
    {
        ServerHello read = RoundTrip(
            new ServerHello
            {
                Random = Random,
                CipherSuite = 0xC02C,
                Extensions = new HelloExtensions { RenegotiationInfo = [] }.WithSrtpProfiles([1]),
            },
            hasOptionalTail: true);

        Assert.Equal(0xC02C, read.CipherSuite);
        Assert.Equal([(ushort)1], read.Extensions.SrtpProfiles!);
        Assert.Empty(read.Extensions.RenegotiationInfo!);
        Assert.False(read.Extensions.ExtendedMasterSecret);
    }

    [Fact]
    public void The_other_bodies_read_what_they_wrote()
    {
        Assert.Equal([9, 8], RoundTrip(new HelloVerifyRequest([9, 8])).Cookie);
        Assert.Equal([1, 2, 3], RoundTrip(new CertificateMessage([1, 2, 3])).Leaf);
        Assert.Equal([5, 6], RoundTrip(new ClientKeyExchange([5, 6])).PublicKey);
        Assert.Equal([7], RoundTrip(new CertificateVerify(0x0403, [7])).Signature);
        CertificateRequest request = RoundTrip(new CertificateRequest(true, true, [0x0403]));
        Assert.True(request.AcceptsEcdsa && request.AcceptsRsa);
        Assert.Equal(12, RoundTrip(new Finished(new byte[12])).VerifyData.Length);

        ServerKeyExchange exchange = RoundTrip(new ServerKeyExchange(29, [1], 0x0403, [2]));
        Assert.Equal((29, 0x0403), (exchange.Group, exchange.Scheme));
        Assert.Equal([1], exchange.PublicKey);
        Assert.Equal([2], exchange.Signature);
    }

    [Fact]
    public void A_chain_gives_its_first_certificate_and_an_empty_one_none()
    {
        Assert.Equal([7], CertificateMessage.Read([0, 0, 9, 0, 0, 1, 7, 0, 0, 2, 8, 8])!.Leaf);
        Assert.Empty(CertificateMessage.Read([0, 0, 0])!.Leaf);
        Assert.Null(CertificateMessage.Read([0, 0, 3, 0, 0, 0]));
    }

    [Fact]
    public void Unknown_extensions_are_noted_and_duplicates_refused()
    {
        byte[] extensions = [0, 12, 0x1A, 0x1A, 0, 0, 0x2A, 0x2A, 0, 0, 0, 23, 0, 0];
        WireReader reader = new(extensions);
        HelloExtensions read = HelloExtensions.Read(ref reader)!;
        Assert.Equal([(ushort)0x1A1A, (ushort)0x2A2A], read.Others);
        Assert.True(read.ExtendedMasterSecret);

        byte[] doubled = [0, 8, 0x1A, 0x1A, 0, 0, 0x1A, 0x1A, 0, 0];
        WireReader again = new(doubled);
        Assert.Null(HelloExtensions.Read(ref again));
    }

    // A hello may end where its extensions begin (RFC 5246 section 7.4.1.2), so that this one prefix of it is a hello.
    private static T RoundTrip<T>(T body, bool hasOptionalTail = false)
        where T : class, IHandshakeBody<T>
    {
        byte[] buffer = new byte[500];
        WireWriter writer = new(buffer);
        body.Write(ref writer);
        byte[] written = writer.Written.ToArray();

        int accepted = 0;
        for (int length = 0; length < written.Length; length++)
        {
            accepted += T.Read(written.AsSpan(0, length)) is null ? 0 : 1;
        }

        Assert.Equal(hasOptionalTail ? 1 : 0, accepted);
        Assert.Null(T.Read([.. written, 0]));
        return T.Read(written)!;
    }
}
