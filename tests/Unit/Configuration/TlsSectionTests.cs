using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Configuration;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Tests.Unit.Tls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Configuration;

/// <summary>What a configuration file says of TLS, and the files that it names.</summary>
public sealed class TlsSectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public TlsSectionTests()
    {
        (string certificate, string key) = _authority.Issue(names => names.AddDnsName("door.example.com"));
        Write("ca.pem", _authority.Pem);
        Write("door.pem", certificate);
        Write("door.key", key);
        Write("other.key", _authority.Issue().Key);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public void Authorities_certificate_and_key_are_read_from_their_files()
    {
        TlsConfiguration tls = Read(
            "ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"\nkey_file = \"door.key\"\nlisten_port = 5091").Sip.Tls!;

        Assert.Equal(1, tls.ReadAuthorities()!.Count);
        Assert.Equal("door.example.com", tls.ReadIdentity()!.Names.ToString());
        Assert.Equal((5091, false), (tls.ListenPort, tls.DemandClientCertificate));
        Assert.DoesNotContain("PRIVATE", tls.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_certificate_needs_no_authorities()
    {
        string fingerprint = CertificateFingerprint.Compute(_authority.Encoded).ToString();

        TlsConfiguration tls = Read($"pinned_certificates = [\"{fingerprint}\"]").Sip.Tls!;

        Assert.Null(tls.ReadAuthorities());
        Assert.True(tls.ReadPinned().Single().Matches(_authority.Encoded));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(2048, null)]
    [InlineData(3072, "RSA with 3072 bits holds the audio up")]
    public void A_long_RSA_key_is_advised_against(int bits, string? advice)
    {
        if (bits > 0)
        {
            using RSA key = RSA.Create(bits);
            CertificateRequest request = new("CN=door", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            _ = Write("door.pem", certificate.ExportCertificatePem());
            _ = Write("door.key", key.ExportPkcs8PrivateKeyPem());
        }

        TlsConfiguration tls = Read("ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"\nkey_file = \"door.key\"").Sip.Tls!;
        Assert.Equal(bits, tls.ReadIdentity()!.RsaBits);
        Assert.Equal(advice, tls.FindKeyAdvice()?[..(advice?.Length ?? 0)]);
    }

    [Fact]
    public void The_same_files_are_the_same_configuration()
    {
        const string Section = "ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"\nkey_file = \"door.key\"";

        Assert.Equal(Read(Section).Sip, Read(Section).Sip);
        Assert.NotEqual(Read(Section).Sip, Read("ca_file = \"ca.pem\"").Sip);
    }

    [Theory]
    [InlineData("ca_file = \"none.pem\"", "sip.tls.ca_file: \"none.pem\": there is no such file")]
    [InlineData("ca_file = \"door.key\"", "sip.tls.ca_file: \"door.key\": it has no block 'CERTIFICATE'")]
    [InlineData("ca_file = \"ca.pem\"\npinned_certificates = [\"4A:AD\"]", "sip.tls.pinned_certificates: \"4A:AD\" is no fingerprint")]
    [InlineData("ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"", "sip.tls.certificate_file: given without key_file")]
    [InlineData("ca_file = \"ca.pem\"\nkey_file = \"door.key\"", "sip.tls.key_file: given without certificate_file")]
    [InlineData(
        "ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"\nkey_file = \"other.key\"",
        "sip.tls.certificate_file: the first certificate of the certificate file does not belong to the key of the key file")]
    [InlineData("ca_file = \"ca.pem\"\nlisten_port = 5061", "sip.tls.listen_port: given, but without certificate_file nobody can connect")]
    public void What_is_wrong_is_told(string section, string problem)
    {
        string told = Problems($"[sip.tls]\n{section}\n");

        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_section_nothing_may_ask_for_TLS()
    {
        Assert.Contains("asks for TLS", Problems("[[button]]\ntargets = [\"sip:a@192.0.2.1;transport=tls\"]\n"), StringComparison.Ordinal);
        Assert.Contains("asks for TLS", Problems("[[button]]\ntargets = [\"sips:a@192.0.2.1\"]\n"), StringComparison.Ordinal);
        Assert.Contains(
            "asks for TLS",
            Problems("[sip.account]\nregistrar = \"192.0.2.1;transport=tls\"\nuser = \"a\"\npassword = \"b\"\n"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pbx.example.org;transport=tls", "", "given, but pbx.example.org is a name, and its certificate must be for that name")]
    [InlineData("192.0.2.1;transport=tls", "pbx.example.org", "given, but pbx.example.org is a name")]
    [InlineData("192.0.2.1", "", "given, but only an address with \";transport=tls\" behind it is asked for a certificate")]
    [InlineData("192.0.2.1;transport=tls", "", "")]
    [InlineData("pbx.example.org", "192.0.2.1;transport=tls", "")]
    public void A_certificate_name_that_has_no_effect_is_told(string registrar, string proxy, string problem)
    {
        string more = proxy.Length > 0 ? $"outbound_proxy = \"{proxy}\"\n" : "";
        string told = Problems(
            $"[sip.tls]\nca_file = \"ca.pem\"\n[sip.account]\nregistrar = \"{registrar}\"\n{more}user = \"a\"\npassword = \"b\"\n"
            + "certificate_name = \"pbx\"\n");

        Assert.Equal(problem.Length > 0, told.Contains("sip.account.certificate_name: " + problem, StringComparison.Ordinal) && told.Length > 0);
    }

    [Theory]
    [InlineData("tls", "", "sip:a@192.0.2.1", "keys in the signalling need TLS, and there is no [sip.tls]")]
    [InlineData("sips", "", "sip:a@192.0.2.1", "keys in the signalling need TLS, and there is no [sip.tls]")]
    [InlineData("tls", "ca_file = \"ca.pem\"", "sip:a@192.0.2.1", "given, but neither an account nor a target goes over TLS")]
    [InlineData("sips", "ca_file = \"ca.pem\"", "sip:a@192.0.2.1;transport=tls", "given, but no target is a sips: address")]
    [InlineData("off", "ca_file = \"ca.pem\"", "sip:a@192.0.2.1", "")]
    [InlineData("tls", "ca_file = \"ca.pem\"", "sip:a@192.0.2.1;transport=tls", "")]
    [InlineData("tls", "ca_file = \"ca.pem\"", "sip:a@house.example.org", "")]
    [InlineData("sips", "ca_file = \"ca.pem\"", "sips:a@192.0.2.1", "")]
    [InlineData(
        "tls", "ca_file = \"ca.pem\"\ncertificate_file = \"door.pem\"\nkey_file = \"door.key\"", "sip:a@192.0.2.1", "")]
    public void Keys_in_the_signalling_need_TLS_somewhere(string sdes, string tls, string target, string problem)
    {
        string section = tls.Length > 0 ? $"[sip.tls]\n{tls}\n" : "";
        string told = Problems($"{section}[media]\nsdes = \"{sdes}\"\n[[button]]\ntargets = [\"{target}\"]\n");

        Assert.Equal(problem.Length > 0 ? $"media.sdes: {problem}" : "", told.Length > 0 ? told[told.IndexOf("media.sdes", StringComparison.Ordinal)..][..("media.sdes: ".Length + problem.Length)] : "");
    }

    [Fact]
    public void Keys_in_the_signalling_are_off_unless_something_else_is_said()
    {
        Assert.Equal(SignalledKeysRule.Off, Read("ca_file = \"ca.pem\"").Media.SignalledKeys);
        Assert.Equal(SignalledKeysRule.OverSips, Read("ca_file = \"ca.pem\"\n[media]\nsdes = \"sips\"").Media.SignalledKeys);
    }

    private AgentConfiguration Read(string section)
    {
        string file = Write("agent.toml", $"[sip.tls]\n{section}\n[[button]]\ntargets = [\"sips:a@192.0.2.1\"]\n");
        AgentConfiguration? configuration = ConfigurationFile.Load(file, out IReadOnlyList<ConfigurationProblem> problems);
        Assert.Empty(problems.Select(problem => problem.Describe(file)));
        return configuration!;
    }

    private string Problems(string text)
    {
        string file = Write("agent.toml", text);
        _ = ConfigurationFile.Load(file, out IReadOnlyList<ConfigurationProblem> problems);
        return string.Join('\n', problems.Select(problem => problem.Describe(file)));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
