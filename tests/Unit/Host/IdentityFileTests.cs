using System;
using System.IO;
using IntercomAgent.Crypto.Certificates;
using Xunit;

namespace IntercomAgent.Tests.Unit.Host;

public sealed class IdentityFileTests : IDisposable
{
    private const long UnixTime = 1_800_000_000L * 1_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("identity").FullName;

    private string File => Path.Combine(_folder, "below", "identity.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Is_made_when_it_is_missing_and_the_same_at_the_next_start()
    {
        DtlsIdentity? made = IdentityFile.Open(File, CertificateKind.EcdsaP256, new SeededRandom(1), UnixTime, out string? problem);
        DtlsIdentity? read = IdentityFile.Open(File, CertificateKind.EcdsaP256, new SeededRandom(2), UnixTime, out string? again);

        Assert.Null(problem ?? again);
        Assert.Equal(made!.Fingerprint, read!.Fingerprint);
        Assert.Equal(made.Certificate.ToArray(), read.Certificate.ToArray());
    }

    [Fact]
    public void Only_its_owner_may_read_it_and_nothing_else_is_left_beside_it()
    {
        _ = IdentityFile.Open(File, CertificateKind.EcdsaP256, new SeededRandom(1), UnixTime, out _);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_broken_file_is_named_and_left_as_it_is()
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "not a key");

        Assert.Null(IdentityFile.Open(File, CertificateKind.EcdsaP256, new SeededRandom(1), UnixTime, out string? problem));
        Assert.StartsWith(File + ": ", problem);
        Assert.Equal("not a key", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_key_of_another_kind_than_was_asked_for_is_told_and_kept()
    {
        DtlsIdentity? made = IdentityFile.Open(File, CertificateKind.EcdsaP256, new SeededRandom(1), UnixTime, out _);

        Assert.Null(IdentityFile.Open(File, CertificateKind.Rsa2048, new SeededRandom(2), UnixTime, out string? problem));
        Assert.Contains("identity.certificate", problem);
        Assert.Equal(made!.ToPem(), System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_in_a_sentence()
    {
        string file = Path.Combine("/proc/none", "identity.pem");

        Assert.Null(IdentityFile.Open(file, CertificateKind.EcdsaP256, new SeededRandom(1), UnixTime, out string? problem));
        Assert.StartsWith(file + ": cannot be written: ", problem);
    }
}
