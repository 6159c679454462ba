using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A telephone that knows no encryption: it answers a call that offers plain RTP, and refuses any other with 488.</summary>
internal sealed class PlainPhone : IDisposable
{
    public const ushort Port = 6100;

    private const string Answer =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7100 RTP/AVP 0\r\n";

    private readonly IDatagramSocket _socket;
    private readonly DatagramBatch _batch = new();

    public PlainPhone(House house) => _socket = house.Machine.OpenDatagramSocket(
        NetworkEndpoint.FromIPv4(0x7F000001, Port), new Readiness(ServiceClass.Signalling, int.MaxValue), out string? problem)
        ?? throw new InvalidOperationException(problem);

    /// <summary>The protocols that the INVITEs offered, one after another; repetitions count once.</summary>
    public List<string> Offered { get; } = [];

    /// <summary>Whether our 200 was acknowledged.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Answers what has arrived.</summary>
    public void Serve()
    {
        int count = _socket.Receive(_batch);
        for (int index = 0; index < count; index++)
        {
            string request = Encoding.ASCII.GetString(_batch[index]);
            if (request.StartsWith("INVITE ", StringComparison.Ordinal))
            {
                TakeInvite(request, _batch.Sender(index));
            }

            IsUp |= request.StartsWith("ACK ", StringComparison.Ordinal) && Offered[^1] == "RTP/AVP";
        }

        _socket.Flush();
    }

    public void Dispose() => _socket.Dispose();

    private void TakeInvite(string invite, NetworkEndpoint from)
    {
        string protocol = invite.Split("m=audio ")[1].Split(' ')[1];
        if (Offered.Count == 0 || Offered[^1] != protocol)
        {
            Offered.Add(protocol);
        }

        bool isPlain = protocol == "RTP/AVP";
        string[] copied = ["Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: "];
        string head = string.Concat(copied.Select(name => Line(invite, name) + (name == "To: " ? ";tag=phone\r\n" : "\r\n")));
        string body = isPlain ? Answer : "";
        string more = isPlain ? $"Contact: <sip:phone@127.0.0.1:{Port}>\r\nContent-Type: application/sdp\r\n" : "";
        string status = isPlain ? "200 OK" : "488 Not Acceptable Here";
        string response = $"SIP/2.0 {status}\r\n{head}{more}Content-Length: {body.Length}\r\n\r\n{body}";
        _socket.Send(Encoding.ASCII.GetBytes(response), from);
    }

    private static string Line(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith(name, StringComparison.Ordinal));
}
