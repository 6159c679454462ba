using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using Org.BouncyCastle.Tls;
using Xunit;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>BouncyCastle's DTLS as a peer in both roles.</summary>
public sealed class BouncyCastleTests
{
    [Theory]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    public void Our_client_agrees_on_keys_with_its_server(int suite)
    {
        using BouncyCastlePeer server = BouncyCastlePeer.StartServer(suite);
        using UdpEndpoint client = new(DtlsRole.Client);
        client.Start(server.Port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, server.Describe);

        Assert.Equal(SrtpProfile.AesCm128HmacSha1Tag80, client.Endpoint.SrtpProfile);
        Assert.Equal(server.Export(), client.Export());
    }

    [Theory]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    public void Our_server_agrees_on_keys_with_its_client(int suite)
    {
        using UdpEndpoint server = new(DtlsRole.Server);
        using BouncyCastlePeer client = BouncyCastlePeer.StartClient(server.Port, suite);

        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, client.Describe);

        Assert.Equal(SrtpProfile.AesCm128HmacSha1Tag80, server.Endpoint.SrtpProfile);
        Assert.Equal(client.Export(), server.Export());
    }
}
