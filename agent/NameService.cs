using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent;

/// <summary>
/// The resolver with the machine around it: a socket for as long as questions are under way, from another port each time (RFC 5452
/// section 9.2), and the files in which the machine says whom to ask.
/// </summary>
internal sealed class NameService : INameSystem, IDisposable
{
    /// <summary>Where the machine names its name servers (resolv.conf(5)).</summary>
    public const string ResolverPath = "/etc/resolv.conf";

    /// <summary>Where the machine names other machines (hosts(5)).</summary>
    public const string HostsPath = "/etc/hosts";

    /// <summary>How long what the files say is not looked at again: a button that rings eight names reads them once.</summary>
    private static readonly TimeSpan FileLife = TimeSpan.FromSeconds(5);

    private readonly IMachine _machine;
    private readonly Readiness _readiness;
    private readonly NetworkEndpoint _local;
    private readonly NameStreams _streams;
    private readonly byte[] _query = new byte[DnsLimits.Query];
    private IReadOnlyList<NetworkEndpoint> _servers = [];
    private IDatagramSocket? _socket;
    private Instant _filesHoldUntil = Instant.Zero;
    private string? _resolverText;
    private string? _hostsText;
    private bool _disposed;

    /// <summary>A resolver that knows nothing yet.</summary>
    /// <param name="machine">The outside world.</param>
    /// <param name="readiness">
    /// Under which name answers are reported; those over connections under the next ones, <see cref="NameStreams.Slots"/> of them.
    /// </param>
    /// <param name="local">The address that signalling is bound to; an unspecified one stands for all of the machine's.</param>
    public NameService(IMachine machine, Readiness readiness, NetworkEndpoint local)
    {
        _machine = machine;
        _readiness = readiness;
        _local = local;
        Resolver = new DnsResolver(new MachineRandom(machine));
        _streams = new NameStreams(machine, Resolver, readiness.Token + 1);
    }

    /// <inheritdoc/>
    public DnsResolver Resolver { get; }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Asks these name servers from the next search on; those of the machine when there are none.</summary>
    public void Configure(IReadOnlyList<NetworkEndpoint> servers)
    {
        _servers = servers;
        _resolverText = null;
        _filesHoldUntil = Instant.Zero;
    }

    /// <inheritdoc/>
    public void Refresh(Instant now)
    {
        if (now < _filesHoldUntil)
        {
            return;
        }

        _filesHoldUntil = now + FileLife;
        string resolverText = _machine.ReadSystemFile(ResolverPath);
        if (resolverText != _resolverText)
        {
            _resolverText = resolverText;
            DnsSettings settings = ResolverFile.Read(resolverText);
            Resolver.Configure(_servers.Count == 0 ? settings : settings with { Servers = _servers });
        }

        string hostsText = _machine.ReadSystemFile(HostsPath);
        if (hostsText != _hostsText)
        {
            _hostsText = hostsText;
            Resolver.Hosts = HostsFile.Read(hostsText);
        }
    }

    /// <inheritdoc/>
    public NetworkEndpoint? SourceTowards(NetworkEndpoint destination) =>
        _local.IsUnspecified && (destination.IsIPv4 || !_local.IsIPv4) ? _machine.FindLocalAddress(destination)
        : _local.IsIPv4 == destination.IsIPv4 ? _local.WithPort(0)
        : null;

    /// <summary>Reads the answers that have arrived, and what the network says of queries that reached nobody.</summary>
    public void Receive(DatagramBatch batch, Instant now)
    {
        int count = _socket?.Receive(batch) ?? 0;
        for (int index = 0; index < count; index++)
        {
            Resolver.Receive(batch[index], batch.Sender(index), now);
        }

        while (_socket?.TryTakeUnreachable(out NetworkEndpoint destination) == true)
        {
            Resolver.ReceiveUnreachable(destination, now);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now) => Resolver.Advance(now);

    /// <summary>Sends what is to be asked. Without a question under way there is no socket.</summary>
    public void Flush()
    {
        DnsOutput output = Resolver.Poll(_query);
        for (; output.Kind != DnsOutputKind.Idle && !_disposed; output = Resolver.Poll(_query))
        {
            if (output.Kind == DnsOutputKind.SendByStream)
            {
                _streams.Send(output.Datagram, output.To);
                continue;
            }

            // Without a socket the query is lost, as in any network, and repeated.
            _socket ??= Open();
            _socket?.Send(output.Datagram, output.To);
        }

        WakeAt = output.Kind == DnsOutputKind.Idle ? output.WakeAt : Instant.Never;
        _socket?.Flush();
        _streams.CloseIdle();
        if (Resolver.IsQuiet)
        {
            _socket?.Dispose();
            _socket = null;
        }
    }

    /// <summary>Reads what has arrived over the connection in this slot, and whether it is over.</summary>
    public void ReceiveStream(int slot, Instant now) => _streams.Receive(slot, now);

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _streams.Dispose();
        _socket?.Dispose();
        _socket = null;
    }

    /// <summary>A socket for IPv6 and IPv4, or for IPv4 where the kernel has no other.</summary>
    private IDatagramSocket? Open()
    {
        IDatagramSocket? socket = _machine.OpenDatagramSocket(new NetworkEndpoint(UInt128.Zero, 0), _readiness, out _)
            ?? _machine.OpenDatagramSocket(NetworkEndpoint.FromIPv4(0, 0), _readiness, out _);
        socket?.ReportUnreachable();
        return socket;
    }
}
