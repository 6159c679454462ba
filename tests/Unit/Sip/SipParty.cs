using System.Collections.Generic;
using System.Globalization;
using System.Text;
using IntercomAgent.Crypto.Wire;
using IntercomAgent.Dns;
using IntercomAgent.Hal.Net;
using IntercomAgent.Sip;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>One endpoint of a test with its address; what it tells becomes lines.</summary>
internal sealed class SipParty
{
    private readonly byte[] _buffer = new byte[SipEndpoint.BufferSize];

    public SipParty(string name, NetworkEndpoint local, int seed, SipSettings? settings = null, INameSystem? names = null)
    {
        Name = name;
        Local = local;
        Endpoint = new SipEndpoint(settings ?? new SipSettings { DisplayName = name, User = name }, local, new SeededRandom(seed), names);
    }

    public string Name { get; }

    public NetworkEndpoint Local { get; }

    public SipEndpoint Endpoint { get; }

    public Instant WakeAt { get; private set; } = Instant.Never;

    /// <summary>Outputs but datagrams, as lines.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Bodies that came with outputs.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>Who has called, and what those calls are named.</summary>
    public List<SipCaller> Callers { get; } = [];

    public List<SipCall> CallsOfCallers { get; } = [];

    /// <summary>Where the target of the last call that ended has moved to.</summary>
    public IReadOnlyList<string> MovedTo { get; private set; } = [];

    /// <summary>Polls to idle; the datagrams that are to be sent.</summary>
    public List<(byte[] Datagram, NetworkEndpoint To)> Drain()
    {
        List<(byte[] Datagram, NetworkEndpoint To)> sent = [];
        while (true)
        {
            SipOutput output = Endpoint.Poll(_buffer);
            switch (output.Kind)
            {
                case SipOutputKind.Idle:
                    WakeAt = output.WakeAt;
                    return sent;
                case SipOutputKind.Send:
                    sent.Add((output.Datagram.ToArray(), output.To.Endpoint));
                    break;
                default:
                    Note(output);
                    Told.Add(Line(output));
                    Bodies.Add(Encoding.UTF8.GetString(output.Body));
                    break;
            }
        }
    }

    private void Note(in SipOutput output)
    {
        MovedTo = output.MovedTo ?? [];
        if (output.Caller is { } caller)
        {
            Callers.Add(caller);
            CallsOfCallers.Add(output.Call);
        }
    }

    private static string Line(in SipOutput output)
    {
        StringBuilder line = new(output.Kind.ToString());
        _ = line.Append(output.Call.Number == 0 ? "" : $" {output.Call.Number}");
        _ = line.Append(output.Status == 0 ? "" : output.Status.ToString(" 0", CultureInfo.InvariantCulture));
        _ = line.Append(output.Text.Length == 0 ? "" : $" {output.Text}").Append(output.Name.Length == 0 ? "" : $" ({output.Name})");
        _ = line.Append(output.Kind == SipOutputKind.Ended ? $" by {output.EndedBy}" : "");
        return line.Append(output.Body.IsEmpty ? "" : $" [{Encoding.UTF8.GetString(output.Body)}]").ToString();
    }
}
