using System;
using System.Globalization;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>GnuTLS's <c>gnutls-serv</c> and <c>gnutls-cli</c> as peers; its server always asks for a cookie, and prints no keys.</summary>
public sealed class GnuTlsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("ecdsa", "NORMAL", 1200)]
    [InlineData("rsa", "NORMAL:-GROUP-X25519", 1200)]
    [InlineData("p384", "NORMAL:-CIPHER-ALL:+AES-256-GCM", 1200)]
    [InlineData("ecdsa", "NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305", 300)]
    public void Our_client_connects_to_gnutls_serv(string kind, string priority, int maximumDatagram)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("gnutls-cli"), "GnuTLS is not installed");
        using PeerIdentity identity = PeerIdentity.Create(kind);
        int port = FreePorts.Next();
        using PeerProcess server = PeerProcess.Start(
            "gnutls-serv",
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--require-client-cert", "--echo", "--priority", priority,
                "--mtu", maximumDatagram.ToString(CultureInfo.InvariantCulture), .. Common(identity),
            ]);
        _ = server.WaitForLine("listening on", Limit);
        using UdpEndpoint client = new(DtlsRole.Client, settings => settings with { MaximumDatagram = maximumDatagram });
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.Equal(identity.Certificate, client.Endpoint.PeerCertificate.ToArray());
        Assert.True(client.Endpoint.ExtendedMasterSecret);
        Assert.Equal(SrtpProfile.AesCm128HmacSha1Tag80, client.Endpoint.SrtpProfile);
    }

    [Theory]
    [InlineData("ecdsa", "NORMAL")]
    [InlineData("rsa", "NORMAL:-GROUP-X25519")]
    [InlineData("p384", "NORMAL:-CIPHER-ALL:+AES-256-GCM")]
    [InlineData("ecdsa", "NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305:%NO_SESSION_HASH")]
    public void Our_server_agrees_on_keys_with_gnutls_cli(string kind, string priority)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("gnutls-cli"), "GnuTLS is not installed");
        using PeerIdentity identity = PeerIdentity.Create(kind);
        using UdpEndpoint server = new(DtlsRole.Server);
        using PeerProcess client = PeerProcess.Start(
            "gnutls-cli",
            [
                "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--insecure", "--priority", priority,
                .. Common(identity), "--keymatexport", "EXTRACTOR-dtls_srtp", "--keymatexportsize", "60", "127.0.0.1",
            ]);

        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);

        Assert.Equal(identity.Certificate, server.Endpoint.PeerCertificate.ToArray());
        Assert.Equal(!priority.Contains("%NO_SESSION_HASH", StringComparison.Ordinal), server.Endpoint.ExtendedMasterSecret);
        Assert.Equal(0, server.Endpoint.Dropped[DtlsDropReason.NoCookie]);
        Assert.Equal(ReadKeyingMaterial(client), server.Export());
    }

    private static string[] Common(PeerIdentity identity) =>
    [
        "--udp", "--srtp-profiles", "SRTP_AES128_CM_HMAC_SHA1_80",
        "--x509certfile", identity.PemFile, "--x509keyfile", identity.PemFile,
    ];

    private static string ReadKeyingMaterial(PeerProcess peer) =>
        peer.WaitForLine("Key material: ", Limit).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].ToUpperInvariant();
}
