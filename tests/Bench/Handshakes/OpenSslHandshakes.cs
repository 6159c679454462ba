using System;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Tests.Bench.Sampling;
using static IntercomAgent.Tests.Bench.Handshakes.LibCrypto;
using static IntercomAgent.Tests.Bench.Handshakes.LibSsl;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>
/// Handshakes of OpenSSL with itself, set up as ours are: DTLS 1.2, one suite, one group for the key exchange, certificates on both
/// sides that nobody checks a chain of, use_srtp, no tickets and no cookies. What one side writes into a memory BIO the other reads.
/// </summary>
internal sealed unsafe class OpenSslHandshakes : IDisposable
{
    private const int KeyingMaterialLength = 60;
    private const int MaximumDatagram = 1200;

    /// <summary>More turns than a handshake has flights: one that takes so many stands still.</summary>
    private const int MostTurns = 10;

    private readonly nint _client;
    private readonly nint _server;

    public OpenSslHandshakes(NamedGroup group, Credentials client, Credentials server)
    {
        _client = CreateContext(group, client);
        _server = CreateContext(group, server);
    }

    /// <summary>Performs some of them, and gives what one took.</summary>
    public HandshakeCost Run(int count)
    {
        HandshakeCost sum = default;
        for (int handshake = 0; handshake < count; handshake++)
        {
            HandshakeCost one = RunOne();
            sum = new HandshakeCost(sum.Client + one.Client, sum.Server + one.Server);
        }

        return new HandshakeCost(sum.Client / count, sum.Server / count);
    }

    public void Dispose()
    {
        SSL_CTX_free(_client);
        SSL_CTX_free(_server);
    }

    private HandshakeCost RunOne()
    {
        nint toServer = BIO_new(BIO_s_mem());
        nint toClient = BIO_new(BIO_s_mem());
        TimeSpan started = ProcessorClock.Now;
        nint client = CreateConnection(_client, toClient, toServer);
        SSL_set_connect_state(client);
        TimeSpan clientBusy = ProcessorClock.Now - started;

        // Each connection frees the BIOs that it was given.
        Check(BIO_up_ref(toServer));
        Check(BIO_up_ref(toClient));
        started = ProcessorClock.Now;
        nint server = CreateConnection(_server, toServer, toClient);
        SSL_set_accept_state(server);
        TimeSpan serverBusy = ProcessorClock.Now - started;

        bool isClientDone = false;
        bool isServerDone = false;
        for (int turn = 0; !(isClientDone && isServerDone); turn++)
        {
            if (turn == MostTurns)
            {
                throw new InvalidOperationException("OpenSSL's handshake stands still");
            }

            clientBusy += Step(client, ref isClientDone);
            serverBusy += Step(server, ref isServerDone);
        }

        return new HandshakeCost(clientBusy + Free(client), serverBusy + Free(server));
    }

    private static TimeSpan Step(nint connection, ref bool isDone)
    {
        TimeSpan started = ProcessorClock.Now;
        if (!isDone && SSL_do_handshake(connection) == 1)
        {
            isDone = true;
            Export(connection);
        }

        return ProcessorClock.Now - started;
    }

    private static void Export(nint connection)
    {
        byte* material = stackalloc byte[KeyingMaterialLength];
        ReadOnlySpan<byte> label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* text = label)
        {
            Check(SSL_export_keying_material(connection, material, KeyingMaterialLength, text, (nuint)label.Length, null, 0, 0));
        }
    }

    private static TimeSpan Free(nint connection)
    {
        TimeSpan started = ProcessorClock.Now;
        SSL_free(connection);
        return ProcessorClock.Now - started;
    }

    private static nint CreateConnection(nint context, nint read, nint write)
    {
        nint connection = SSL_new(context);
        SSL_set_bio(connection, read, write);
        Check(SSL_ctrl(connection, SetMtu, MaximumDatagram, 0));
        return connection;
    }

    private static nint CreateContext(NamedGroup group, Credentials credentials)
    {
        nint context = SSL_CTX_new(DTLS_method());
        Check(SSL_CTX_ctrl(context, SetMinimumVersion, Dtls12, null));
        Check(SSL_CTX_ctrl(context, SetMaximumVersion, Dtls12, null));
        _ = SSL_CTX_ctrl(context, SetSessionCacheMode, 0, null);
        _ = SSL_CTX_set_options(context, NoQueryMtu | NoTicket);

        // The first group is taken for the key exchange; the certificates need P-256 among them.
        ReadOnlySpan<byte> groups = group == NamedGroup.X25519 ? "X25519:P-256\0"u8 : "P-256\0"u8;
        ReadOnlySpan<byte> cipherSuite = "ECDHE-ECDSA-AES128-GCM-SHA256\0"u8;
        ReadOnlySpan<byte> srtp = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80\0"u8;
        fixed (byte* names = groups, suites = cipherSuite, profiles = srtp)
        {
            Check(SSL_CTX_ctrl(context, SetGroups, 0, names));
            Check(SSL_CTX_set_cipher_list(context, suites));

            // This one alone says 0 for success.
            Check(SSL_CTX_set_tlsext_use_srtp(context, profiles) + 1);
        }

        fixed (byte* certificate = credentials.Certificate, key = credentials.Pkcs8)
        {
            Check(SSL_CTX_use_certificate_ASN1(context, credentials.Certificate.Length, certificate));
            Check(SSL_CTX_use_PrivateKey_ASN1(EllipticCurveKey, context, key, credentials.Pkcs8.Length));
        }

        SSL_CTX_set_verify(context, VerifyPeer, 0);
        SSL_CTX_set_cert_verify_callback(context, AcceptAny, 0);
        return context;
    }
}
