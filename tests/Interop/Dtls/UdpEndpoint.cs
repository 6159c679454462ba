using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Tests.Interop.Dtls;

/// <summary>Drives a <see cref="DtlsEndpoint"/> over a real socket on the loopback interface, in real time.</summary>
internal sealed class UdpEndpoint : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[DtlsSettings.MaximumMaximumDatagram];
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public UdpEndpoint(DtlsRole role, Func<DtlsSettings, DtlsSettings>? change = null)
    {
        DtlsSettings settings = new()
        {
            Identity = Identity,
            SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
            Random = new KernelRandom(),
        };
        Endpoint = new DtlsEndpoint(role, change?.Invoke(settings) ?? settings);
    }

    public static DtlsIdentity Identity { get; } = DtlsIdentity.Create(new KernelRandom(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public DtlsEndpoint Endpoint { get; }

    public List<DtlsOutputKind> Events { get; } = [];

    public DtlsFailure? Failure { get; private set; }

    public DtlsAlert? Alert { get; private set; }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    private Instant Now => new(_clock.Elapsed.Ticks * 100);

    public void Start(int port) => Endpoint.Start(Path(port), Now);

    public void Close() => Endpoint.Close(Now);

    public void TrustPath(int port) => Endpoint.TrustPath(Path(port));

    /// <summary>Runs until the condition holds; throws with a description when it does not within the limit.</summary>
    public void RunUntil(Func<bool> condition, Func<string> describe)
    {
        TimeSpan end = _clock.Elapsed + Limit;
        Drain();
        while (!condition())
        {
            if (_clock.Elapsed > end || Failure is not null)
            {
                throw new TimeoutException(
                    $"state {Endpoint.State}, failure {Failure} {Alert}, dropped {DescribeDrops()}\n{describe()}");
            }

            // A millisecond at most, so that timers are looked at.
            if (_socket.Client.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectRead))
            {
                Receive();
            }

            Endpoint.Advance(Now);
            Drain();
        }
    }

    public string Export()
    {
        byte[] material = new byte[60];
        Endpoint.ExportKeyingMaterial("EXTRACTOR-dtls_srtp"u8, material);
        return Convert.ToHexString(material);
    }

    public void Dispose()
    {
        Endpoint.Dispose();
        _socket.Dispose();
    }

    private static TransportPath Path(int port) => new(0x7F00_0001, (ushort)port);

    private string DescribeDrops() => string.Join(
        ", ",
        Enum.GetValues<DtlsDropReason>()
            .Where(reason => Endpoint.Dropped[reason] > 0)
            .Select(reason => $"{reason} {Endpoint.Dropped[reason]}"));

    private void Receive()
    {
        IPEndPoint? from = null;
        try
        {
            byte[] datagram = _socket.Receive(ref from);
            Endpoint.Receive(datagram, Path(from.Port), Now);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // The peer does not listen yet: the flight is sent again.
        }
    }

    private void Drain()
    {
        Poll();
        while (Endpoint.HasWork)
        {
            Endpoint.Work(Now);
            Poll();
        }
    }

    private void Poll()
    {
        while (true)
        {
            DtlsOutput output = Endpoint.Poll(_buffer);
            if (output.Kind == DtlsOutputKind.Idle)
            {
                return;
            }

            if (output.Kind == DtlsOutputKind.Send)
            {
                _ = _socket.Send(output.Datagram, new IPEndPoint(IPAddress.Loopback, output.Path.Port));
                continue;
            }

            Events.Add(output.Kind);
            if (output.Kind == DtlsOutputKind.Failed)
            {
                Failure = output.Reason;
                Alert = output.Alert;
            }
        }
    }
}

/// <summary>The kernel's random numbers.</summary>
internal sealed class KernelRandom : IRandomSource
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
