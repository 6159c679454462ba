using System;
using System.Globalization;
using IntercomAgent.Tests.Interop.Agent;
using Xunit;

namespace IntercomAgent.Tests.Interop.Tls;

/// <summary>What openssl's own client finds at the agent's port for TLS.</summary>
public sealed class OpenSslClientTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CertificateFiles _files = CertificateFiles.Create();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("-tls1_3", false, "TLSv1.3")]
    [InlineData("-tls1_3", true, "TLSv1.3")]
    [InlineData("-tls1_2", false, "TLSv1.2")]
    [InlineData("-tls1_2", true, "TLSv1.2")]
    public void The_versions_of_this_decade_are_spoken_and_a_question_is_answered(string version, bool isRsa, string name)
    {
        string output = Ask(isRsa, version, "-groups", "X25519:P-256:P-384");

        Assert.Contains($"New, {name}, Cipher is", output, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains("SIP/2.0 200 OK", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("-ciphersuites", "TLS_AES_256_GCM_SHA384")]
    [InlineData("-groups", "P-256")]
    [InlineData("-groups", "P-384")]
    public void Each_cipher_suite_and_curve_serves(string option, string value) =>
        Assert.Contains("SIP/2.0 200 OK", Ask(isRsa: false, "-tls1_3", option, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    public void Each_older_cipher_suite_serves(params string[] options) =>
        Assert.Contains("SIP/2.0 200 OK", Ask(isRsa: false, options), StringComparison.Ordinal);

    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")]
    [InlineData("-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0")]
    public void What_is_out_of_date_is_refused(params string[] options)
    {
        string output = Ask(isRsa: false, options.Length == 1 ? [.. options, "-cipher", "ALL:@SECLEVEL=0"] : options);

        Assert.Contains("Cipher is (NONE)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("SIP/2.0", output, StringComparison.Ordinal);
    }

    private string Ask(bool isRsa, params string[] options)
    {
        int port = FreePorts.Next();
        using AgentProgram agent = AgentProgram.Start(new AgentOptions { Tls = _files.Section(_files.Issue("door", isRsa), port) });
        using PeerProcess client = PeerProcess.Start("openssl", [
            "s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-CAfile", _files.Authority, "-crlf",
            "-ign_eof", .. options]);
        foreach (string line in new[]
        {
            "OPTIONS sip:door@127.0.0.1 SIP/2.0", "Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKquestion;rport", "Max-Forwards: 70",
            "From: <sip:openssl@127.0.0.1>;tag=1", "To: <sip:door@127.0.0.1>", "Call-ID: question", "CSeq: 1 OPTIONS",
            "Content-Length: 0", "",
        })
        {
            client.WriteLine(line);
        }

        try
        {
            _ = client.WaitForLine("SIP/2.0 200 OK", TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            // It has ended without an answer, which is what some want to see.
        }

        Assert.Equal(0, agent.End());
        _ = client.WaitForEnd(Limit);
        return client.Output;
    }
}
