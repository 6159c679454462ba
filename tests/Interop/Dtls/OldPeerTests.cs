using System;
using System.Globalization;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>OpenSSL and GnuTLS, restricted to what old peers know: RSA, and AES-128-CBC-SHA in both of its orders.</summary>
public sealed class OldPeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly DtlsIdentity Rsa = DtlsIdentity.Create(
        new KernelRandom(), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), CertificateKind.Rsa2048);

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "RSA-PSS+SHA256:RSA+SHA256", true)]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "RSA+SHA256", true)]
    [InlineData("ECDHE-RSA-CHACHA20-POLY1305", "RSA-PSS+SHA256", true)]
    [InlineData("ECDHE-RSA-AES128-SHA", "RSA+SHA256", true)]
    [InlineData("ECDHE-ECDSA-AES128-SHA", "ECDSA+SHA256", false)]
    public void OpenSsl_is_our_client(string suite, string schemes, bool isRsa)
    {
        RequireOpenSsl();
        using PeerIdentity identity = PeerIdentity.Create(isRsa ? "rsa" : "ecdsa");
        using UdpEndpoint server = new(DtlsRole.Server, settings => Old(settings, isRsa));
        using PeerProcess client = PeerProcess.Start(
            "openssl",
            [
                "s_client", "-dtls1_2", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"),
                "-cipher", suite + ":@SECLEVEL=0", "-sigalgs", schemes, .. OpenSsl(identity),
            ]);

        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);

        Assert.Equal(SuiteOf(suite), server.Endpoint.CipherSuite);
        Assert.Equal(ReadKeyingMaterial(client, "Keying material: "), server.Export());
    }

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "RSA-PSS+SHA256:RSA+SHA256", true)]
    [InlineData("ECDHE-RSA-AES256-GCM-SHA384", "RSA+SHA256", true)]
    [InlineData("ECDHE-RSA-AES128-SHA", "RSA-PSS+SHA256", true)]
    [InlineData("ECDHE-ECDSA-AES128-SHA", "ECDSA+SHA256", false)]
    public void OpenSsl_is_our_server(string suite, string schemes, bool isRsa)
    {
        RequireOpenSsl();
        using PeerIdentity identity = PeerIdentity.Create(isRsa ? "rsa" : "ecdsa");
        int port = FreePorts.Next();
        using PeerProcess server = PeerProcess.Start(
            "openssl",
            [
                "s_server", "-dtls1_2", "-4", "-accept", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
                "-Verify", "1", "-cipher", suite + ":@SECLEVEL=0", "-sigalgs", schemes, .. OpenSsl(identity),
            ]);
        _ = server.WaitForLine("ACCEPT", Limit);
        using UdpEndpoint client = new(DtlsRole.Client, settings => Old(settings, isRsa));
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.Equal(SuiteOf(suite), client.Endpoint.CipherSuite);
        Assert.Equal(ReadKeyingMaterial(server, "Keying material: "), client.Export());
    }

    [Theory]
    [InlineData("NORMAL:-KX-ALL:+ECDHE-RSA", true)]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1:-KX-ALL:+ECDHE-RSA", true)]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1:-KX-ALL:+ECDHE-RSA:%NO_ETM", true)]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1:-KX-ALL:+ECDHE-ECDSA", false)]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1:-KX-ALL:+ECDHE-ECDSA:%NO_ETM", false)]
    public void GnuTls_is_our_client(string priority, bool isRsa)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("gnutls-cli"), "GnuTLS is not installed");
        using PeerIdentity identity = PeerIdentity.Create(isRsa ? "rsa" : "ecdsa");
        using UdpEndpoint server = new(DtlsRole.Server, settings => Old(settings, isRsa));
        using PeerProcess client = PeerProcess.Start(
            "gnutls-cli",
            [
                "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--insecure", "--priority", priority,
                .. GnuTls(identity), "--keymatexport", "EXTRACTOR-dtls_srtp", "--keymatexportsize", "60", "127.0.0.1",
            ]);

        server.RunUntil(() => server.Endpoint.State == DtlsState.Connected, () => client.Output);

        Assert.Equal(priority.Contains("CBC", StringComparison.Ordinal), server.Endpoint.CipherSuite!.Value.IsCbc);
        Assert.Equal(isRsa, !server.Endpoint.CipherSuite.Value.IsEcdsa);
        Assert.Equal(ReadKeyingMaterial(client, "Key material: "), server.Export());
    }

    [Theory]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1", true)]
    [InlineData("NORMAL:-CIPHER-ALL:+AES-128-CBC:-MAC-ALL:+SHA1:%NO_ETM", false)]
    public void GnuTls_is_our_server(string priority, bool isRsa)
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("gnutls-cli"), "GnuTLS is not installed");
        using PeerIdentity identity = PeerIdentity.Create(isRsa ? "rsa" : "ecdsa");
        int port = FreePorts.Next();
        using PeerProcess server = PeerProcess.Start(
            "gnutls-serv",
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--require-client-cert", "--echo", "--priority", priority,
                .. GnuTls(identity),
            ]);
        _ = server.WaitForLine("listening on", Limit);
        using UdpEndpoint client = new(DtlsRole.Client, settings => Old(settings, isRsa));
        client.Start(port);

        client.RunUntil(() => client.Endpoint.State == DtlsState.Connected, () => server.Output);

        Assert.True(client.Endpoint.CipherSuite!.Value.IsCbc);
    }

    private static void RequireOpenSsl() => Assert.SkipUnless(PeerProcess.IsInstalled("openssl"), "OpenSSL is not installed");

    private static DtlsSettings Old(DtlsSettings settings, bool isRsa) => settings with
    {
        CipherSuites = DtlsSettings.CipherSuitesWithCbc,
        Identity = isRsa ? Rsa : settings.Identity,
    };

    // By OpenSSL's names, which leave out the prefix and the word WITH.
    private static DtlsCipherSuite SuiteOf(string name) => name switch
    {
        "ECDHE-RSA-AES128-GCM-SHA256" => DtlsCipherSuite.EcdheRsaAes128GcmSha256,
        "ECDHE-RSA-AES256-GCM-SHA384" => DtlsCipherSuite.EcdheRsaAes256GcmSha384,
        "ECDHE-RSA-CHACHA20-POLY1305" => DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256,
        "ECDHE-RSA-AES128-SHA" => DtlsCipherSuite.EcdheRsaAes128CbcSha,
        "ECDHE-ECDSA-AES128-SHA" => DtlsCipherSuite.EcdheEcdsaAes128CbcSha,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown suite"),
    };

    private static string[] OpenSsl(PeerIdentity identity) =>
    [
        "-cert", identity.PemFile, "-key", identity.PemFile, "-use_srtp", "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80",
        "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "60",
    ];

    private static string[] GnuTls(PeerIdentity identity) =>
    [
        "--udp", "--srtp-profiles", "SRTP_AES128_CM_HMAC_SHA1_80",
        "--x509certfile", identity.PemFile, "--x509keyfile", identity.PemFile,
    ];

    private static string ReadKeyingMaterial(PeerProcess peer, string label) =>
        peer.WaitForLine(label, Limit).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].ToUpperInvariant();
}
