using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Org.BouncyCastle.X509;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>
/// BouncyCastle's own DTLS, which blocks and therefore gets a thread of its own. Every receive of it is bounded, and so is the thread.
/// </summary>
internal sealed class BouncyCastlePeer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Thread _thread;
    private Exception? _problem;
    private byte[] _exported = [];
    private bool _isComplete;

    private BouncyCastlePeer(Action<BouncyCastlePeer, DatagramTransport> handshake, int? remotePort)
    {
        Transport transport = new(_socket, remotePort);
        _thread = new Thread(() =>
        {
            try
            {
                handshake(this, transport);
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
            {
                _problem = exception;
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public bool IsComplete => Volatile.Read(ref _isComplete);

    public static BouncyCastlePeer StartServer(int suite) => new(
        (peer, transport) =>
        {
            BcTlsCrypto crypto = new(new SecureRandom());
            _ = new DtlsServerProtocol().Accept(new Server(crypto, suite, peer), transport);
        },
        null);

    public static BouncyCastlePeer StartClient(int port, int suite) => new(
        (peer, transport) =>
        {
            BcTlsCrypto crypto = new(new SecureRandom());
            _ = new DtlsClientProtocol().Connect(new Client(crypto, suite, peer), transport);
        },
        port);

    public string Describe() => _problem?.ToString() ?? "no problem";

    /// <summary>The 60 bytes that the peer exported, once its handshake has ended.</summary>
    public string Export()
    {
        Assert(_thread.Join(Limit), "the handshake goes on");
        Assert(IsComplete, Describe());
        return Convert.ToHexString(_exported);
    }

    public void Dispose()
    {
        _socket.Dispose();
        Assert(_thread.Join(Limit), "the thread goes on");
    }

    private static void Assert(bool condition, string description)
    {
        if (!condition)
        {
            throw new TimeoutException(description);
        }
    }

    private void Complete(TlsContext context)
    {
        _exported = context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, 60);
        Volatile.Write(ref _isComplete, true);
    }

    private static BcDefaultTlsCredentialedSigner CreateCredentials(TlsContext context, BcTlsCrypto crypto)
    {
        SecureRandom random = new();
        ECKeyPairGenerator generator = new();
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, random));
        AsymmetricCipherKeyPair keys = generator.GenerateKeyPair();
        X509V3CertificateGenerator certificate = new();
        certificate.SetSerialNumber(BigInteger.One);
        certificate.SetIssuerDN(new X509Name("CN=peer"));
        certificate.SetSubjectDN(new X509Name("CN=peer"));
        certificate.SetNotBefore(DateTime.UtcNow.AddDays(-1));
        certificate.SetNotAfter(DateTime.UtcNow.AddDays(30));
        certificate.SetPublicKey(keys.Public);
        byte[] der = certificate.Generate(new Asn1SignatureFactory("SHA256WITHECDSA", keys.Private, random)).GetEncoded();
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            crypto,
            keys.Private,
            new Certificate([new BcTlsCertificate(crypto, der)]),
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    private sealed class Server(BcTlsCrypto crypto, int suite, BouncyCastlePeer peer) : DefaultTlsServer(crypto)
    {
        public override CertificateRequest GetCertificateRequest() => new(
            [ClientCertificateType.ecdsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

        public override void NotifyClientCertificate(Certificate clientCertificate)
        {
            if (clientCertificate.IsEmpty)
            {
                throw new TlsFatalAlert(AlertDescription.handshake_failure);
            }
        }

        public override IDictionary<int, byte[]> GetServerExtensions()
        {
            IDictionary<int, byte[]> extensions = base.GetServerExtensions() ?? new Dictionary<int, byte[]>();
            TlsSrtpUtilities.AddUseSrtpExtension(
                extensions, new UseSrtpData([SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80], TlsUtilities.EmptyBytes));
            return extensions;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.Complete(m_context);
        }

        protected override TlsCredentialedSigner GetECDsaSignerCredentials() => CreateCredentials(m_context, crypto);

        protected override int[] GetSupportedCipherSuites() => [suite];

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();
    }

    private sealed class Client(BcTlsCrypto crypto, int suite, BouncyCastlePeer peer) : DefaultTlsClient(crypto)
    {
        public override TlsAuthentication GetAuthentication() => new Authentication(m_context, crypto);

        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            IDictionary<int, byte[]> extensions = base.GetClientExtensions() ?? new Dictionary<int, byte[]>();
            TlsSrtpUtilities.AddUseSrtpExtension(
                extensions, new UseSrtpData([SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80], TlsUtilities.EmptyBytes));
            return extensions;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.Complete(m_context);
        }

        protected override int[] GetSupportedCipherSuites() => [suite];

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();
    }

    private sealed class Authentication(TlsContext context, BcTlsCrypto crypto) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // Self-signed, like every certificate of DTLS-SRTP.
        }

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => CreateCredentials(context, crypto);
    }

    private sealed class Transport(UdpClient socket, int? remotePort) : DatagramTransport
    {
        private IPEndPoint? _remote = remotePort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;

        public int GetReceiveLimit() => 1500;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            if (!socket.Client.Poll(TimeSpan.FromMilliseconds(Math.Max(1, waitMillis)), SelectMode.SelectRead))
            {
                return -1;
            }

            IPEndPoint? from = null;
            byte[] datagram = socket.Receive(ref from);
            _remote = from;
            datagram.CopyTo(buffer);
            return datagram.Length;
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => _ = socket.Send(buffer, _remote);

        public void Close()
        {
        }
    }
}
