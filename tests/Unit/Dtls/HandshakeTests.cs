using System.Collections.Generic;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

public sealed class HandshakeTests
{
    public static TheoryData<DtlsCipherSuite, int> SuitesAndGroups()
    {
        TheoryData<DtlsCipherSuite, int> data = [];
        foreach (DtlsCipherSuite suite in (IEnumerable<DtlsCipherSuite>)
            [
                DtlsCipherSuite.EcdheEcdsaAes128GcmSha256,
                DtlsCipherSuite.EcdheEcdsaAes256GcmSha384,
                DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256,
            ])
        {
            foreach (NamedGroup group in (IEnumerable<NamedGroup>)[NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1])
            {
                data.Add(suite, (int)group);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SuitesAndGroups))]
    public void Client_and_server_connect_with_each_suite_and_group(DtlsCipherSuite suite, int group)
    {
        using DtlsPair pair = new(
            client => client with { CipherSuites = [suite], Groups = [(NamedGroup)group] },
            server => server with { Groups = [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(suite, pair.Client.Endpoint.CipherSuite);
        Assert.Equal(suite, pair.Server.Endpoint.CipherSuite);
        Assert.True(pair.Client.Endpoint.ExtendedMasterSecret);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, pair.Client.Endpoint.SrtpProfile);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, pair.Server.Endpoint.SrtpProfile);
        Assert.Equal(pair.Client.Export(), pair.Server.Export());
        Assert.Equal([DtlsOutputKind.PeerCertificate, DtlsOutputKind.Connected], pair.Client.Events);
        Assert.Equal([DtlsOutputKind.PeerCertificate, DtlsOutputKind.Connected], pair.Server.Events);
        Assert.Equal(0, pair.Client.Endpoint.Dropped.Total);
        Assert.Equal(0, pair.Server.Endpoint.Dropped.Total);
    }
}
