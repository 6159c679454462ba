using System;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Wire;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>What a hostile or confused peer sends before, in and after a handshake.</summary>
public sealed class EdgeTests
{
    private static readonly TransportPath Elsewhere = new(0x0A00_0063, 4000);
    private static readonly byte[] PlainCloseNotify = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0];
    private static readonly byte[] PlainFatal = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40];

    [Fact]
    public void A_forged_close_notify_does_not_close()
    {
        using DtlsPair pair = new();
        _ = pair.Start().Run();

        pair.Deliver(DtlsRole.Client, PlainCloseNotify);
        pair.Deliver(DtlsRole.Server, PlainFatal);

        Assert.True(pair.AreConnected);
        Assert.Equal(1, pair.Client.Endpoint.Dropped[DtlsDropReason.UnauthenticatedAlert]);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.UnauthenticatedAlert]);
    }

    [Fact]
    public void A_plain_alert_in_the_handshake_counts_only_from_the_associations_path()
    {
        using DtlsPair pair = new();
        _ = pair.Start();

        pair.Deliver(DtlsRole.Client, PlainFatal, Elsewhere);
        Assert.Equal(DtlsState.Handshaking, pair.Client.Endpoint.State);

        pair.Deliver(DtlsRole.Client, PlainFatal);
        Assert.Equal(DtlsFailure.AlertReceived, pair.Client.Failure);
        Assert.Equal(DtlsAlert.HandshakeFailure, pair.Client.Alert);
    }

    [Fact]
    public void A_genuine_close_notify_is_answered_and_closes()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);

        client.Deliver(client.Seal(ContentType.Alert, 1, 0));

        Assert.Equal(DtlsState.Closed, pair.Server.Endpoint.State);
        Assert.Equal([1, 0], client.OpenAlert(Assert.Single(client.FromServer)));
        Assert.Equal(DtlsOutputKind.Closed, pair.Server.Events[^1]);
    }

    [Fact]
    public void A_genuine_fatal_alert_ends()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);

        client.Deliver(client.Seal(ContentType.Alert, 2, (byte)DtlsAlert.InternalError));

        Assert.Equal(DtlsFailure.AlertReceived, pair.Server.Failure);
        Assert.Equal(DtlsAlert.InternalError, pair.Server.Alert);
        Assert.Empty(client.FromServer);
    }

    [Fact]
    public void A_genuine_warning_changes_nothing()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);

        client.Deliver(client.Seal(ContentType.Alert, 1, (byte)DtlsAlert.UserCanceled));

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
    }

    [Fact]
    public void Renegotiation_is_refused_by_a_warning()
    {
        // RFC 5746 section 5
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);

        client.Deliver(client.SealHandshake(HandshakeType.ClientHello, 5, new byte[80]));

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.Renegotiation]);
        Assert.Equal([1, (byte)DtlsAlert.NoRenegotiation], client.OpenAlert(Assert.Single(client.FromServer)));
    }

    [Fact]
    public void A_replayed_a_tampered_and_a_record_of_another_epoch_are_dropped()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);
        byte[] warning = client.Seal(ContentType.Alert, 1, (byte)DtlsAlert.UserCanceled);
        byte[] tampered = client.Seal(ContentType.Alert, 1, 0);
        tampered[^1] ^= 1;
        byte[] nextEpoch = client.Seal(ContentType.Alert, 1, 0);
        nextEpoch[4] = 2;

        client.Deliver(warning);
        client.Deliver(warning);
        client.Deliver(tampered);
        client.Deliver(nextEpoch);

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.Replayed]);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.BadRecord]);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.WrongEpoch]);
    }

    [Fact]
    public void A_bad_record_does_not_drop_the_rest_of_its_datagram()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);
        byte[] bad = client.Seal(ContentType.Alert, 2, (byte)DtlsAlert.InternalError);
        bad[^1] ^= 1;

        client.Deliver([.. bad, .. client.Seal(ContentType.Alert, 1, 0)]);

        Assert.Equal(DtlsState.Closed, pair.Server.Endpoint.State);
    }

    [Fact]
    public void The_final_flight_is_answered_again_for_as_long_as_the_association_lives_and_not_longer()
    {
        // RFC 6347 section 4.2.4. The client's Finished is its fifth message, and what it says this time does not count.
        const ushort FinishedSequence = 4;
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);
        for (int count = 1; count <= 30; count++)
        {
            client.Deliver(client.SealHandshake(HandshakeType.Finished, FinishedSequence, new byte[12]));
            Assert.Equal(count, client.FromServer.Count);
        }

        // A copy of what it sent already is no question, and proves nothing.
        byte[] question = client.SealHandshake(HandshakeType.Finished, FinishedSequence, new byte[12]);
        client.Deliver(question);
        client.Deliver(question);
        Assert.Equal(31, client.FromServer.Count);

        client.Close();
        client.Drain();
        client.FromServer.Clear();
        long before = pair.Server.Endpoint.Dropped[DtlsDropReason.Ended];
        client.Deliver(client.SealHandshake(HandshakeType.Finished, FinishedSequence, new byte[12]));
        Assert.Empty(client.FromServer);
        Assert.Equal(before + 1, pair.Server.Endpoint.Dropped[DtlsDropReason.Ended]);
    }

    [Fact]
    public void Application_data_is_dropped()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);

        client.Deliver(client.Seal(ContentType.ApplicationData, 1, 2, 3));

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
        Assert.Equal(1, pair.Server.Endpoint.Dropped[DtlsDropReason.ApplicationData]);
    }

    [Fact]
    public void Only_a_newer_authentic_record_moves_the_path()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server);
        byte[] older = client.Seal(ContentType.ApplicationData, 1);
        byte[] newer = client.Seal(ContentType.ApplicationData, 2);
        byte[] forged = client.Seal(ContentType.ApplicationData, 3);
        forged[^1] ^= 1;
        TransportPath second = new(0x0A00_0064, 4001);

        client.Deliver(newer, second);
        client.Deliver(older, Elsewhere);
        client.Deliver(forged, Elsewhere);
        client.Close();
        client.Drain();

        Assert.Equal(second, client.LastPath);
    }

    [Fact]
    public void Replayed_hellos_change_nothing_in_and_after_a_handshake()
    {
        using DtlsPair pair = new();
        _ = pair.Start();
        Assert.True(pair.RunUntil(() => pair.Server.Endpoint.State == DtlsState.Handshaking));
        int sent = pair.Sent.Count;

        // In the handshake it asks for the answer again, but not more often than a client would.
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes);
        Assert.Equal(sent, pair.Sent.Count);

        _ = pair.Run();
        sent = pair.Sent.Count;
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes);

        Assert.True(pair.AreConnected);
        Assert.Equal(sent, pair.Sent.Count);
        Assert.Equal(2, pair.Server.Endpoint.Dropped[DtlsDropReason.OutOfPlace]);
    }

    [Theory]
    [InlineData(DtlsRole.Client)]
    [InlineData(DtlsRole.Server)]
    public void Handshake_fragments_from_elsewhere_poison_nothing(DtlsRole role)
    {
        using DtlsPair pair = new();
        pair.Weather = datagram =>
        {
            if (datagram.Sender != role)
            {
                byte[] poison = (byte[])datagram.Bytes.Clone();
                poison[^1] ^= 1;
                pair.Of(role).Endpoint.Receive(poison, Elsewhere, pair.Now);
            }

            return [TimeSpan.FromMilliseconds(10)];
        };

        // A server's first hello needs a cookie from there.
        _ = pair.Start().Run();

        Assert.True(pair.AreConnected);
    }

    [Fact]
    public void A_profile_that_was_not_offered_is_refused()
    {
        // RFC 5764 section 4.1.1
        using DtlsPair pair = new();
        pair.Weather = datagram =>
        {
            byte[] useSrtp = [0, 14, 0, 5, 0, 2, 0, 7, 0];
            int at = datagram.Sender == DtlsRole.Server ? datagram.Bytes.AsSpan().IndexOf(useSrtp) : -1;
            if (at >= 0)
            {
                datagram.Bytes[at + 7] = 8;
            }

            return [TimeSpan.FromMilliseconds(10)];
        };
        _ = pair.Start().Run();

        Assert.Equal(DtlsFailure.ProtocolViolation, pair.Client.Failure);
        Assert.Equal(DtlsAlert.IllegalParameter, pair.Client.Alert);
        Assert.Equal(DtlsAlert.IllegalParameter, pair.Server.Alert);
    }

    [Fact]
    public void A_client_follows_the_peer_to_another_path_that_signalling_named()
    {
        using DtlsPair pair = new() { Weather = _ => [] };
        _ = pair.Start();
        pair.Deliver(DtlsRole.Server, pair.Sent[0].Bytes);
        byte[] serverFlight = pair.Sent[1].Bytes;

        pair.Deliver(DtlsRole.Client, serverFlight, Elsewhere);
        Assert.Empty(pair.Client.Events);
        Assert.True(pair.Client.Endpoint.Dropped[DtlsDropReason.WrongPath] > 0);

        pair.Client.Endpoint.TrustPath(Elsewhere);
        pair.Client.Endpoint.Receive(serverFlight, Elsewhere, pair.Now);
        TransportPath target = default;
        pair.Client.Drain(pair.Now, (_, path) => target = path);

        Assert.Equal(Elsewhere, target);
        Assert.Contains(DtlsOutputKind.PeerCertificate, pair.Client.Events);
    }
}
