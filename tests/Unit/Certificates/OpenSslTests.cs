using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Hal.Native;
using IntercomAgent.Tests.Unit.Hal;
using Xunit;

namespace IntercomAgent.Tests.Unit.Certificates;

/// <summary>The board may have no OpenSSL, and loading it costs more memory and time than all that the agent does with keys.</summary>
public sealed class OpenSslTests
{
    [Fact]
    public void No_public_key_operation_of_the_product_loads_it()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        byte[] signature = key.SignData(certificate.RawData, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

        using ChildProgram child = ChildProgram.Start(
            throughDotnet: false, "libraries", Convert.ToBase64String(certificate.RawData), Convert.ToBase64String(signature));

        Assert.NotNull(child.ReadLine());
        Assert.Empty(LoadedOpenSsl(child.Id));
        child.Send(SignalNumber.SIGTERM);
        _ = child.ReadLine();
        Assert.Equal(0, child.WaitForExit());

        // This process has used it.
        Assert.NotEmpty(LoadedOpenSsl(Environment.ProcessId));
    }

    // OpenSSL's libraries, and the runtime's binding to them.
    private static string[] LoadedOpenSsl(int process) =>
    [
        .. File.ReadLines($"/proc/{process}/maps").Select(line => Path.GetFileName(line)).Where(IsOpenSsl).Distinct(),
    ];

    private static bool IsOpenSsl(string file) =>
        file.StartsWith("libssl", StringComparison.Ordinal)
        || file.StartsWith("libcrypto", StringComparison.Ordinal)
        || file.Contains(".OpenSsl.", StringComparison.Ordinal);
}
