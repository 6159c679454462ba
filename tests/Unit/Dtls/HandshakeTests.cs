using System;
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

    [Fact]
    public void The_server_prefers_its_own_order_of_profiles_and_suites()
    {
        using DtlsPair pair = new(
            server: settings => settings with
            {
                SrtpProfiles = [SrtpProfile.AeadAes256Gcm, SrtpProfile.AesCm128HmacSha1Tag80, SrtpProfile.AeadAes128Gcm],
                CipherSuites = [DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256, DtlsCipherSuite.EcdheEcdsaAes128GcmSha256],
            });
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Equal(SrtpProfile.AesCm128HmacSha1Tag80, pair.Client.Endpoint.SrtpProfile);
        Assert.Equal(DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256, pair.Client.Endpoint.CipherSuite);
    }

    [Fact]
    public void Both_sides_export_SRTP_keys_that_fit()
    {
        using DtlsPair pair = new();
        _ = pair.Start().Run();
        using SrtpKeys clientKeys = pair.Client.Endpoint.ExportSrtpKeys();
        using SrtpKeys serverKeys = pair.Server.Endpoint.ExportSrtpKeys();
        using SrtpSender sender = clientKeys.CreateSender(isClient: true);
        using SrtpReceiver receiver = serverKeys.CreateReceiver(isClient: false);

        byte[] packet = new byte[64];
        packet[0] = 0x80;
        int length = sender.ProtectRtp(packet, 32);

        Assert.Equal(SrtpVerdict.Accepted, receiver.UnprotectRtp(packet.AsSpan(0, length), out _));
    }

    [Fact]
    public void Without_a_common_suite_both_sides_fail_and_say_so()
    {
        using DtlsPair pair = new(
            client => client with { CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes128GcmSha256] },
            server => server with { CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes256GcmSha384] });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonCipherSuite, pair.Server.Failure);
        Assert.Equal(DtlsFailure.AlertReceived, pair.Client.Failure);
        Assert.Equal(DtlsAlert.HandshakeFailure, pair.Client.Alert);
    }

    [Fact]
    public void Without_a_common_curve_both_sides_fail_and_say_so()
    {
        using DtlsPair pair = new(
            client => client with { Groups = [NamedGroup.X25519] }, server => server with { Groups = [NamedGroup.Secp256r1] });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonGroup, pair.Server.Failure);
        Assert.Equal(DtlsFailure.AlertReceived, pair.Client.Failure);
    }

    [Fact]
    public void Without_a_common_profile_a_server_that_requires_one_fails()
    {
        using DtlsPair pair = new(server: settings => settings with { SrtpProfiles = [SrtpProfile.AeadAes256Gcm] });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonSrtpProfile, pair.Server.Failure);
        Assert.Equal(DtlsFailure.AlertReceived, pair.Client.Failure);
    }

    [Fact]
    public void A_client_that_requires_a_profile_refuses_a_server_without()
    {
        using DtlsPair pair = new(server: settings => settings with { SrtpProfiles = [], RequireSrtp = false });
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.NoCommonSrtpProfile, pair.Client.Failure);
        Assert.Equal(DtlsFailure.AlertReceived, pair.Server.Failure);
    }

    [Fact]
    public void Without_profiles_on_either_side_they_connect_if_none_is_required()
    {
        using DtlsPair pair = new(
            client => client with { SrtpProfiles = [], RequireSrtp = false },
            server => server with { SrtpProfiles = [], RequireSrtp = false });
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
        Assert.Null(pair.Client.Endpoint.SrtpProfile);
        Assert.Equal(pair.Client.Export(), pair.Server.Export());
        _ = Assert.Throws<InvalidOperationException>(pair.Client.Endpoint.ExportSrtpKeys);
    }

    [Theory]
    [InlineData(DtlsRole.Client)]
    [InlineData(DtlsRole.Server)]
    public void An_owner_that_does_not_know_the_certificate_aborts_before_the_handshake_is_over(DtlsRole role)
    {
        using DtlsPair pair = new();
        _ = pair.Start();
        DtlsSide side = pair.Of(role);
        Assert.True(pair.RunUntil(() => side.Events.Contains(DtlsOutputKind.PeerCertificate)));
        Assert.False(side.Endpoint.PeerCertificate.IsEmpty);

        side.Endpoint.Abort(DtlsAlert.BadCertificate, pair.Now);
        side.Endpoint.Abort(DtlsAlert.InternalError, pair.Now);
        pair.Drain();
        _ = pair.Run();

        Assert.Equal(DtlsFailure.Aborted, side.Failure);
        DtlsSide other = pair.Of(role == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client);
        Assert.Equal(DtlsFailure.AlertReceived, other.Failure);
        Assert.Equal(DtlsAlert.BadCertificate, other.Alert);
    }

    [Fact]
    public void Nothing_expensive_happens_outside_of_Work()
    {
        using DtlsPair pair = new();
        byte[] buffer = new byte[1200];
        DtlsEndpoint client = pair.Client.Endpoint;
        DtlsEndpoint server = pair.Server.Endpoint;

        // The key shares are made ahead, while nothing has come yet.
        Assert.True(server.HasWork);
        server.Work(pair.Now);
        Assert.False(server.HasWork);

        client.Start(DtlsPair.ServerPath, pair.Now);
        DtlsOutput hello = client.Poll(buffer);
        server.Receive(hello.Datagram, DtlsPair.ClientPath, pair.Now);

        // The signature waits for its turn, and is one piece of work.
        Assert.Equal(DtlsOutputKind.Idle, server.Poll(buffer).Kind);
        Assert.True(server.HasWork);
        server.Work(pair.Now);
        Assert.False(server.HasWork);
        Assert.Equal(DtlsOutputKind.Send, server.Poll(buffer).Kind);
    }

    [Fact]
    public void Starting_ending_and_disposing_twice_does_no_harm()
    {
        using DtlsPair pair = new();
        _ = pair.Start();
        pair.Client.Endpoint.Start(DtlsPair.ServerPath, pair.Now);
        _ = pair.Run();
        Assert.True(pair.AreConnected);

        pair.Client.Endpoint.Close(pair.Now);
        pair.Client.Endpoint.Close(pair.Now);
        pair.Drain();
        _ = pair.Run();

        Assert.Equal([DtlsOutputKind.PeerCertificate, DtlsOutputKind.Connected, DtlsOutputKind.Closed], pair.Client.Events);
        Assert.Equal([DtlsOutputKind.PeerCertificate, DtlsOutputKind.Connected, DtlsOutputKind.Closed], pair.Server.Events);

        pair.Client.Dispose();
        pair.Client.Dispose();
        pair.Deliver(DtlsRole.Client, pair.Sent[^1].Bytes);
        Assert.True(pair.Client.Endpoint.Dropped[DtlsDropReason.Ended] >= 1);
    }

    [Fact]
    public void Closing_before_there_are_keys_says_nothing()
    {
        using DtlsPair pair = new();
        _ = pair.Start();
        int sent = pair.Sent.Count;

        pair.Client.Endpoint.Close(pair.Now);
        pair.Client.Drain(pair.Now, (_, _) => Assert.Fail("nothing to say"));

        Assert.Equal(sent, pair.Sent.Count);
        Assert.Equal([DtlsOutputKind.Closed], pair.Client.Events);
    }
}
