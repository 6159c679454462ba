using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Xunit;

namespace IntercomAgent.Tests.Interop.Tls;

/// <summary>An authority of its own, made by openssl, and what it has signed: files in a folder that goes away with it.</summary>
public sealed class CertificateFiles : IDisposable
{
    private const string Extensions = """
        [req]
        distinguished_name = name
        [name]
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;

    private CertificateFiles()
    {
        File.WriteAllText(Path.Combine(_folder, "openssl.cnf"), Extensions);
        Run(
            "req", "-x509", "-config", "openssl.cnf", "-extensions", "authority", "-subj", "/CN=Authority of the house", "-days", "30",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out", "ca.pem");
    }

    /// <summary>The certificate of the authority.</summary>
    public string Authority => Path.Combine(_folder, "ca.pem");

    /// <summary>A new authority.</summary>
    public static CertificateFiles Create()
    {
        Assert.SkipUnless(PeerProcess.IsInstalled("openssl"), "openssl is not installed");
        return new CertificateFiles();
    }

    /// <summary>A key and a certificate for it, both in one file.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="isRsa">The kind of key.</param>
    /// <param name="isFor">Whom it is for, in openssl's words.</param>
    public string Issue(string name, bool isRsa = false, string isFor = "IP:127.0.0.1")
    {
        File.WriteAllText(Path.Combine(_folder, $"{name}.cnf"), $"subjectAltName = {isFor}\n");
        string[] kind = isRsa ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        Run([
            "req", "-new", "-config", "openssl.cnf", "-subj", $"/CN={name}", "-newkey", .. kind, "-nodes", "-keyout", $"{name}.key",
            "-out", $"{name}.csr"]);
        Run(
            "x509", "-req", "-in", $"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", $"{name}.cnf", "-out", $"{name}.crt");
        string file = Path.Combine(_folder, $"{name}.pem");
        File.WriteAllText(
            file, File.ReadAllText(Path.Combine(_folder, $"{name}.crt")) + File.ReadAllText(Path.Combine(_folder, $"{name}.key")));
        return file;
    }

    /// <summary>The lines of the agent's section.</summary>
    /// <param name="own">Its own certificate and key; null for none.</param>
    /// <param name="port">Where it listens then.</param>
    public IReadOnlyList<string> Section(string? own = null, int port = 0) => own is null
        ? [$"ca_file = \"{Authority}\""]
        :
        [
            $"ca_file = \"{Authority}\"", $"certificate_file = \"{own}\"", $"key_file = \"{own}\"",
            string.Create(CultureInfo.InvariantCulture, $"listen_port = {port}"),
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Run(params string[] arguments)
    {
        using PeerProcess process = PeerProcess.StartIn(_folder, "openssl", arguments);
        Assert.True(process.WaitForEnd(Limit) == 0, process.Output);
    }
}
