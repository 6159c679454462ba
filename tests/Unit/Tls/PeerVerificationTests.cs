using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Tls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Tls;

/// <summary>A server that has a certificate of an authority, and what a client that asked for <c>pbx.example.com</c> makes of it.</summary>
public sealed class PeerVerificationTests : IDisposable
{
    private const string Name = "pbx.example.com";

    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("sip:pbx.example.com")]
    [InlineData("SIP:PBX.example.com;transport=tls")]
    [InlineData("sip:pbx.example.com:5061")]
    public void A_SIP_URI_of_the_domain_proves_it(string uri) =>
        Assert.Null(ProblemOf(_authority.Issue(names => TestAuthority.AddUri(names, uri))));

    [Theory]
    [InlineData("sip:door@pbx.example.com")]
    [InlineData("sips:pbx.example.com")]
    [InlineData("https://pbx.example.com")]
    [InlineData("sip:other.example.com")]
    public void Another_URI_does_not(string uri) => Assert.StartsWith(
        "its certificate is for", ProblemOf(_authority.Issue(names => TestAuthority.AddUri(names, uri))), StringComparison.Ordinal);

    [Theory]
    [InlineData("PBX.example.com", true)]
    [InlineData("*.example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("x.pbx.example.com", false)]
    public void A_DNS_name_proves_itself_and_a_wildcard_nothing(string name, bool isRight) =>
        Assert.Equal(isRight, ProblemOf(_authority.Issue(names => names.AddDnsName(name))) is null);

    [Fact]
    public void Beside_a_SIP_URI_a_DNS_name_does_not_count() =>
        Assert.Equal(
            "its certificate is for other.example.com, not for pbx.example.com",
            ProblemOf(_authority.Issue(names =>
            {
                names.AddDnsName(Name);
                TestAuthority.AddUri(names, "sip:other.example.com");
            })));

    [Fact]
    public void The_common_name_counts_only_where_there_are_no_other_names()
    {
        Assert.Null(ProblemOf(_authority.Issue(subject: $"CN={Name}")));
        Assert.NotNull(ProblemOf(_authority.Issue(names => names.AddEmailAddress("a@example.com"), subject: $"CN={Name}")));
    }

    [Fact]
    public void A_literal_address_is_proven_by_the_address_in_the_certificate()
    {
        (string, string) issued = _authority.Issue(names =>
        {
            TestAuthority.AddAddress(names, "192.0.2.1");
            TestAuthority.AddAddress(names, "2001:db8::1");
        });

        Assert.Null(ProblemOf(issued, name: "192.0.2.1"));
        Assert.Null(ProblemOf(issued, name: "[2001:db8::1]"));
        Assert.Null(ProblemOf(issued, name: "2001:db8::1"));
        Assert.Equal("its certificate is for 192.0.2.1, 2001:db8::1, not for 192.0.2.2", ProblemOf(issued, name: "192.0.2.2"));
    }

    [Fact]
    public void Nobody_vouches_for_a_foreign_certificate_nor_for_one_that_certifies_itself()
    {
        using TestAuthority foreign = TestAuthority.Create();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={Name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        (string, string) self = (own.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());

        // Even by the same name.
        Assert.Equal("nobody whom we trust vouches for its certificate", ProblemOf(foreign.Issue(names => names.AddDnsName(Name))));
        Assert.Equal("nobody whom we trust vouches for its certificate", ProblemOf(self));

        // A PBX that certifies itself is trusted when a person has said so.
        Assert.Null(ProblemOf(self, anchors: TrustAnchors.TryReadPem(own.ExportCertificatePem(), out _)));
    }

    [Fact]
    public void An_expired_certificate_and_one_of_the_future_are_refused()
    {
        Assert.Equal(
            "its certificate has expired", ProblemOf(_authority.Issue(names => names.AddDnsName(Name), firstDay: -9, lastDay: -1)));
        Assert.StartsWith(
            "its certificate is not valid yet",
            ProblemOf(_authority.Issue(names => names.AddDnsName(Name), firstDay: 1, lastDay: 9)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_cannot_be_right_makes_nothing_not_yet_valid_but_what_was_over_long_ago_stays_expired()
    {
        (string, string) issued = _authority.Issue(names => names.AddDnsName(Name));
        int longAgo = (int)((CertificatePath.EarliestPossibleTime - TestAuthority.Now) / 86_400) - 30;

        Assert.Null(ProblemOf(issued, unixTime: 0));
        Assert.Null(ProblemOf(issued, unixTime: CertificatePath.EarliestPossibleTime - 1));
        Assert.Equal(
            "its certificate has expired",
            ProblemOf(_authority.Issue(names => names.AddDnsName(Name), firstDay: longAgo - 5, lastDay: longAgo), unixTime: 0));
    }

    [Fact]
    public void An_authority_in_between_vouches_when_it_may_and_comes_along()
    {
        using TestAuthority below = _authority.Delegate("CN=Below");
        using TestAuthority stranger = _authority.Delegate("CN=Stranger", isAuthority: false);
        using TestAuthority twoBelow = below.Delegate("CN=Two below");
        (string Certificate, string Key) issued = below.Issue(names => names.AddDnsName(Name));
        (string Certificate, string Key) deep = twoBelow.Issue(names => names.AddDnsName(Name));
        (string Certificate, string Key) wrong = stranger.Issue(names => names.AddDnsName(Name));

        Assert.NotNull(ProblemOf(issued));
        Assert.Null(ProblemOf((issued.Certificate + "\n" + below.Pem, issued.Key)));
        Assert.Null(ProblemOf((deep.Certificate + "\n" + below.Pem + "\n" + twoBelow.Pem, deep.Key)));
        Assert.NotNull(ProblemOf((wrong.Certificate + "\n" + stranger.Pem, wrong.Key)));
    }

    [Fact]
    public void An_authority_whose_length_of_path_is_used_up_does_not_vouch()
    {
        using TestAuthority below = _authority.Delegate("CN=Below", request =>
        {
            request.CertificateExtensions.Clear();
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        });
        using TestAuthority twoBelow = below.Delegate("CN=Two below");
        (string Certificate, string Key) near = below.Issue(names => names.AddDnsName(Name));
        (string Certificate, string Key) deep = twoBelow.Issue(names => names.AddDnsName(Name));

        Assert.Null(ProblemOf((near.Certificate + "\n" + below.Pem, near.Key)));
        Assert.NotNull(ProblemOf((deep.Certificate + "\n" + twoBelow.Pem + "\n" + below.Pem, deep.Key)));
    }

    [Fact]
    public void A_certificate_for_another_purpose_is_refused_and_that_for_a_SIP_domain_is_not()
    {
        (string, string) IssueFor(string oid) => _authority.Issue(
            names => names.AddDnsName(Name),
            request => request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(oid)], false)));

        Assert.Null(ProblemOf(IssueFor("1.3.6.1.5.5.7.3.1")));
        Assert.Null(ProblemOf(IssueFor("1.3.6.1.5.5.7.3.20")));
        Assert.Null(ProblemOf(IssueFor("2.5.29.37.0")));
        Assert.Equal("its certificate is for another purpose", ProblemOf(IssueFor("1.3.6.1.5.5.7.3.3")));
        Assert.Equal("its certificate is for another purpose", ProblemOf(_authority.Issue(
            names => names.AddDnsName(Name),
            request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, true)))));
    }

    [Fact]
    public void A_critical_extension_that_nobody_knows_is_refused_and_another_is_not()
    {
        (string, string) IssueWith(bool isCritical) => _authority.Issue(
            names => names.AddDnsName(Name),
            request => request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.99999.1", [5, 0], isCritical)));

        Assert.Null(ProblemOf(IssueWith(false)));
        Assert.Contains("critical extension", ProblemOf(IssueWith(true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_RSA_and_of_the_larger_curve_vouch_too()
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (AsymmetricAlgorithm key in new AsymmetricAlgorithm[] { rsa, larger })
        {
            using TestAuthority authority = TestAuthority.Create("CN=Another", key);

            Assert.Null(ProblemOf(authority.Issue(names => names.AddDnsName(Name)), anchors: authority.Anchors));
        }
    }

    [Fact]
    public void A_pinned_certificate_needs_nobody_to_vouch_for_it_and_none_other_will_do()
    {
        using TestAuthority foreign = TestAuthority.Create("CN=Foreign");
        TlsIdentity pinned = foreign.IssueIdentity("anything", firstDay: -20, lastDay: -10);
        CertificateFingerprint fingerprint = CertificateFingerprint.Compute(pinned.Certificates[0]);
        TlsSettings client = TlsPair.Settings(_authority.Anchors) with { Pinned = [fingerprint] };

        Assert.Null(new TlsPair(client, TlsPair.Settings(identity: pinned)).Run().Client.Endpoint.Problem);
        Assert.Equal(
            "its certificate is not the pinned one",
            new TlsPair(client, TlsPair.Settings(identity: _authority.IssueIdentity(Name))).Run().Client.Endpoint.Problem);
    }

    [Fact]
    public void The_server_hears_why_it_was_refused()
    {
        TlsPair pair = new TlsPair(
            TlsPair.Settings(_authority.Anchors), TlsPair.Settings(identity: _authority.IssueIdentity("other.example.com"))).Run();

        Assert.Equal("it has ended the TLS connection (certificate_unknown)", pair.Server.Endpoint.Problem);
    }

    [Fact]
    public void A_chain_of_many_authorities_of_one_name_costs_a_bounded_number_of_signatures()
    {
        // Each pretends to have issued each: without a bound there are as many paths as orders of them.
        TestAuthority[] pretenders =
            [.. Enumerable.Range(0, CertificatePath.MaximumLength - 1).Select(_ => TestAuthority.Create("CN=Same"))];
        TlsIdentity own = pretenders[0].IssueIdentity(Name);
        byte[][] chain = [own.Certificates[0], .. pretenders.Skip(1).Select(static one => one.Encoded)];

        Assert.Equal(
            CertificateVerdict.UnknownAuthority,
            CertificatePath.Verify(chain, _authority.Anchors, CertificatePurpose.Server, TestAuthority.Now));
        Array.ForEach(pretenders, static one => one.Dispose());
    }

    [Fact]
    public void Every_changed_byte_of_a_certificate_is_noticed_and_throws_nothing()
    {
        byte[] certificate = _authority.IssueIdentity(Name).Certificates[0];
        for (int index = 0; index < certificate.Length; index++)
        {
            byte[] changed = [.. certificate];
            changed[index] ^= 0x15;

            Assert.NotEqual(
                CertificateVerdict.Trusted,
                CertificatePath.Verify([changed], _authority.Anchors, CertificatePurpose.Server, TestAuthority.Now));
        }
    }

    private string? ProblemOf(
        (string Certificate, string Key) server, string name = Name, TrustAnchors? anchors = null, long unixTime = TestAuthority.Now)
    {
        TlsSettings settings = TlsPair.Settings(identity: TestAuthority.Identity(server), seed: 2);
        TlsPair pair = new TlsPair(TlsPair.Settings(anchors ?? _authority.Anchors), settings, name, unixTime).Run();
        Assert.Equal(pair.Client.Endpoint.Problem is null, pair.AreConnected);
        return pair.Client.Endpoint.Problem;
    }
}
