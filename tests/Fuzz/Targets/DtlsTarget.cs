using System;
using System.Collections.Generic;
using IntercomAgent.Crypto.Certificates;
using IntercomAgent.Crypto.Dtls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Tests.Unit;

namespace IntercomAgent.Tests.Fuzz.Targets;

/// <summary>
/// A whole DTLS endpoint: records, fragments, the messages of the handshake and alerts. All is seeded, so that the datagrams of a
/// handshake that was completed once complete it again as long as they are left alone.
/// </summary>
/// <param name="role">The role of the endpoint that reads.</param>
internal sealed class DtlsTarget(DtlsRole role) : IFuzzTarget
{
    private static readonly TransportPath ClientPath = new(0x0A00_0001, 4000);
    private static readonly TransportPath ServerPath = new(0x0A00_0002, 5000);
    private static readonly DtlsIdentity ClientIdentity = DtlsIdentity.Create(new SeededRandom(50), 1_700_000_000);
    private static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(new SeededRandom(51), 1_700_000_000);

    private readonly byte[] _buffer = new byte[DtlsSettings.MaximumMaximumDatagram];

    public string Name => role == DtlsRole.Server ? "dtls-server" : "dtls-client";

    public bool IsText => false;

    public long AllocationLimit => 16 << 20;

    public IEnumerable<FuzzInput> Seeds()
    {
        List<byte[]> heard = [];
        using DtlsEndpoint client = Open(DtlsRole.Client);
        using DtlsEndpoint server = Open(DtlsRole.Server);
        Instant now = SipConversation.Start;
        List<byte[]> toServer = Drain(client, now);
        while (toServer.Count > 0)
        {
            List<byte[]> toClient = Give(toServer, server, ClientPath, now);
            heard.AddRange(role == DtlsRole.Server ? toServer : toClient);
            toServer = Give(toClient, client, ServerPath, now);
        }

        if (client.State != DtlsState.Connected || server.State != DtlsState.Connected)
        {
            throw new InvalidOperationException("The handshake that all inputs stem from is not complete.");
        }

        return [new FuzzInput(heard)];
    }

    public ulong Run(FuzzInput input)
    {
        Signature signature = new();
        Instant now = SipConversation.Start;
        TransportPath from = role == DtlsRole.Server ? ClientPath : ServerPath;
        using DtlsEndpoint endpoint = Open(role);
        _ = Drain(endpoint, now);
        foreach (byte[] datagram in input.Datagrams)
        {
            endpoint.Receive(datagram, from, now);
            signature.AddCount(Drain(endpoint, now).Count);
            signature.Add((int)endpoint.State);
            now += TimeSpan.FromMilliseconds(20);
            endpoint.Advance(now);
        }

        for (DtlsDropReason reason = 0; Enum.IsDefined(reason); reason++)
        {
            signature.AddCount(endpoint.Dropped[reason]);
        }

        endpoint.Close(now);
        _ = Drain(endpoint, now);
        return signature.Value;
    }

    private static DtlsEndpoint Open(DtlsRole role)
    {
        DtlsEndpoint endpoint = new(role, new DtlsSettings
        {
            Identity = role == DtlsRole.Client ? ClientIdentity : ServerIdentity,
            SrtpProfiles = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AesCm128HmacSha1Tag80],
            CipherSuites = DtlsSettings.CipherSuitesWithCbc,
            Random = new SeededRandom(52),
        });
        endpoint.TrustPath(ClientPath);
        if (role == DtlsRole.Client)
        {
            endpoint.Start(ServerPath, SipConversation.Start);
        }

        return endpoint;
    }

    private List<byte[]> Give(List<byte[]> datagrams, DtlsEndpoint to, TransportPath from, Instant now)
    {
        List<byte[]> answers = [];
        foreach (byte[] datagram in datagrams)
        {
            to.Receive(datagram, from, now);
            answers.AddRange(Drain(to, now));
        }

        return answers;
    }

    private List<byte[]> Drain(DtlsEndpoint endpoint, Instant now)
    {
        List<byte[]> sent = [];
        while (true)
        {
            DtlsOutput output = endpoint.Poll(_buffer);
            if (output.Kind == DtlsOutputKind.Send)
            {
                sent.Add(output.Datagram.ToArray());
            }
            else if (output.Kind == DtlsOutputKind.Idle && endpoint.HasWork)
            {
                endpoint.Work(now);
            }
            else if (output.Kind == DtlsOutputKind.Idle)
            {
                return sent;
            }
        }
    }
}
