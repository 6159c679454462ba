using System;
using System.Collections.Generic;
using System.Globalization;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>OpenSSL's <c>s_server</c> and <c>s_client</c> as peers: the exported keys must be equal.</summary>
public sealed class OpenSslTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("ecdsa", "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-256", "ECDSA+SHA256")]
    [InlineData("ecdsa", "ECDHE-ECDSA-AES256-GCM-SHA384", "P-256", "ECDSA+SHA512")]
    [InlineData("ecdsa", "ECDHE-ECDSA-CHACHA20-POLY1305", "P-384:P-256", "ECDSA+SHA384")]
    [InlineData("p384", "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-384:P-256", "ECDSA+SHA384")]
    [InlineData("rsa", "ECDHE-RSA-AES128-GCM-SHA256", "X25519:P-256", "RSA-PSS+SHA256")]
    [InlineData("rsa", "ECDHE-RSA-AES256-GCM-SHA384", "P-256", "RSA+SHA384")]
    [InlineData("rsa", "ECDHE-RSA-CHACHA20-POLY1305", "X25519:P-256", "RSA-PSS+SHA512")]
    public void Our_client_agrees_on_keys_with_s_server(string kind, string suite, string groups, string schemes)
    {
        using PeerIdentity identity = PeerIdentity.Create(kind);
        int port = FreePorts.Next();
        using PeerProcess server = StartServer(identity, port, ["-cipher", suite, "-groups", groups, "-sigalgs", Schemes(schemes)]);
        using UdpEndpoint client = new(DtlsRole.Client);
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.Equal(identity.Certificate, client.Endpoint.PeerCertificate.ToArray());
        Assert.True(client.Endpoint.ExtendedMasterSecret);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, client.Endpoint.SrtpProfile);
        Assert.Equal(ReadKeyingMaterial(server), client.Export());
    }

    [Theory]
    [InlineData("ecdsa", "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-256", "ECDSA+SHA256")]
    [InlineData("p384", "ECDHE-ECDSA-AES256-GCM-SHA384", "P-384:P-256", "ECDSA+SHA384")]
    [InlineData("rsa", "ECDHE-ECDSA-CHACHA20-POLY1305", "P-256", "RSA+SHA256")]
    [InlineData("rsa", "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-256", "RSA-PSS+SHA256")]
    public void Our_server_agrees_on_keys_with_s_client(string kind, string suite, string groups, string schemes)
    {
        using PeerIdentity identity = PeerIdentity.Create(kind);
        using UdpEndpoint server = new(DtlsRole.Server);
        using PeerProcess client = StartClient(
            identity, server.Port, ["-cipher", suite, "-groups", groups, "-sigalgs", Schemes(schemes)]);

        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);

        Assert.Equal(identity.Certificate, server.Endpoint.PeerCertificate.ToArray());
        Assert.Equal(SrtpProfile.AeadAes128Gcm, server.Endpoint.SrtpProfile);
        Assert.Equal(0, server.Endpoint.Dropped[DtlsDropReason.NoCookie]);
        Assert.Equal(ReadKeyingMaterial(client), server.Export());
    }

    [Fact]
    public void Small_datagrams_on_both_sides_are_put_together()
    {
        using PeerIdentity identity = PeerIdentity.Create("rsa");
        int port = FreePorts.Next();
        using PeerProcess server = StartServer(identity, port, ["-mtu", "300"]);
        using UdpEndpoint client = new(DtlsRole.Client, settings => settings with { MaximumDatagram = 300 });
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.Equal(ReadKeyingMaterial(server), client.Export());
    }

    [Fact]
    public void A_server_that_listens_with_cookies_gets_its_cookie()
    {
        using PeerIdentity identity = PeerIdentity.Create("ecdsa");
        int port = FreePorts.Next();
        using PeerProcess server = StartServer(identity, port, ["-listen"]);
        using UdpEndpoint client = new(DtlsRole.Client);
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.Equal(ReadKeyingMaterial(server), client.Export());
    }

    [Fact]
    public void Close_notify_of_the_peer_closes()
    {
        using PeerIdentity identity = PeerIdentity.Create("ecdsa");
        using UdpEndpoint server = new(DtlsRole.Server);
        using PeerProcess client = StartClient(identity, server.Port, []);
        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);
        _ = ReadKeyingMaterial(client);

        client.WriteLine("Q");
        server.RunUntil(() => server.Endpoint.State == DtlsState.Closed, () => client.Output);

        Assert.Equal(DtlsOutputKind.Closed, server.Events[^1]);
    }

    [Fact]
    public void A_client_that_wants_to_renegotiate_is_refused()
    {
        using PeerIdentity identity = PeerIdentity.Create("ecdsa");
        using UdpEndpoint server = new(DtlsRole.Server);
        using PeerProcess client = StartClient(identity, server.Port, []);
        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);
        _ = ReadKeyingMaterial(client);

        client.WriteLine("R");
        server.RunUntil(() => server.Endpoint.Dropped[DtlsDropReason.Renegotiation] > 0, () => client.Output);

        Assert.Equal(DtlsState.Connected, server.Endpoint.State);
        _ = client.WaitForLine("no renegotiation", Limit);
    }

    [Fact]
    public void A_peer_without_a_common_suite_says_so()
    {
        using PeerIdentity identity = PeerIdentity.Create("rsa");
        int port = FreePorts.Next();
        using PeerProcess server = StartServer(identity, port, ["-cipher", "AES128-SHA"]);
        using UdpEndpoint client = new(DtlsRole.Client);
        client.Start(port);

        _ = Assert.Throws<TimeoutException>(() => client.RunUntil(() => false, () => server.Output));

        Assert.Equal(DtlsFailure.AlertReceived, client.Failure);
        Assert.Equal(DtlsAlert.HandshakeFailure, client.Alert);
    }

    // OpenSSL refuses our certificate's signature unless it is named, and a list that names one twice.
    private static string Schemes(string schemes) => schemes == "ECDSA+SHA256" ? schemes : schemes + ":ECDSA+SHA256";

    private static PeerProcess StartServer(PeerIdentity identity, int port, IEnumerable<string> more)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("openssl"), "OpenSSL is not installed");
        PeerProcess server = PeerProcess.Start(
            "openssl",
            [
                "s_server", "-dtls1_2", "-4", "-accept", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
                "-Verify", "1", .. Common(identity), .. more,
            ]);
        _ = server.WaitForLine("ACCEPT", Limit);
        return server;
    }

    private static PeerProcess StartClient(PeerIdentity identity, int port, IEnumerable<string> more)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("openssl"), "OpenSSL is not installed");
        return PeerProcess.Start(
            "openssl",
            [
                "s_client", "-dtls1_2", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
                .. Common(identity), .. more,
            ]);
    }

    private static string[] Common(PeerIdentity identity) =>
    [
        "-cert", identity.PemFile, "-key", identity.PemFile,
        "-use_srtp", "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80",
        "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "60",
    ];

    private static string ReadKeyingMaterial(PeerProcess peer) =>
        peer.WaitForLine("Keying material: ", Limit).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
}
