using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>RSA certificates and the suites with CBC, each in both roles.</summary>
public sealed class OldPeerTests
{
    private static readonly DtlsIdentity Rsa = DtlsIdentity.Create(new SeededRandom(3), 1_700_000_000, CertificateKind.Rsa2048);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_side_with_an_RSA_certificate_connects(bool client, bool server)
    {
        using DtlsPair pair = new(
            settings => client ? settings with { Identity = Rsa } : settings,
            settings => server ? settings with { Identity = Rsa } : settings);
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(pair.Client.Export(), pair.Server.Export());
        Assert.Equal(
            server ? DtlsCipherSuite.EcdheRsaAes128GcmSha256 : DtlsCipherSuite.EcdheEcdsaAes128GcmSha256,
            pair.Client.Endpoint.CipherSuite);
        Assert.Equal(client, Rsa.Fingerprint.Matches(pair.Server.Endpoint.PeerCertificate));
    }

    [Fact]
    public void A_server_with_an_RSA_certificate_chooses_no_suite_of_ECDSA()
    {
        using DtlsPair pair = new(
            client => client with { CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes128GcmSha256] },
            server => server with { Identity = Rsa });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonCipherSuite, pair.Server.Failure);
    }

    [Theory]
    [InlineData(DtlsCipherSuite.EcdheEcdsaAes128CbcSha)]
    [InlineData(DtlsCipherSuite.EcdheRsaAes128CbcSha)]
    public void A_suite_with_CBC_is_agreed_on_where_both_sides_allow_it(DtlsCipherSuite suite)
    {
        using DtlsPair pair = new(
            client => client with { CipherSuites = [suite] },
            server => server with
            {
                CipherSuites = DtlsSettings.CipherSuitesWithCbc,
                Identity = suite == DtlsCipherSuite.EcdheRsaAes128CbcSha ? Rsa : server.Identity,
            });
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(suite, pair.Server.Endpoint.CipherSuite);
        Assert.Equal(pair.Client.Export(), pair.Server.Export());

        pair.Client.Endpoint.Close(pair.Now);
        pair.Drain();
        _ = pair.Run();
        Assert.Equal(DtlsState.Closed, pair.Server.Endpoint.State);
    }

    [Fact]
    public void A_suite_with_CBC_is_refused_unless_it_was_allowed()
    {
        using DtlsPair pair = new(client => client with { CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes128CbcSha] });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonCipherSuite, pair.Server.Failure);
    }

    [Fact]
    public void Who_knows_authenticated_encryption_does_not_get_CBC()
    {
        using DtlsPair pair = new(
            client => client with { CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes128CbcSha, .. DtlsSettings.UsualCipherSuites] },
            server => server with { CipherSuites = DtlsSettings.CipherSuitesWithCbc });
        _ = pair.Start().Run();

        Assert.Equal(DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, pair.Server.Endpoint.CipherSuite);
    }
}
