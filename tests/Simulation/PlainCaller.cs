using System;
using System.Text;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Simulation;

/// <summary>A telephone that knows no encryption: it sends one INVITE and reads the final response.</summary>
internal static class PlainCaller
{
    private const string Offer =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0 8\r\n";

    /// <summary>The version and status of the final response; empty when none comes within five seconds.</summary>
    /// <param name="house">The house.</param>
    /// <param name="port">Where the called station listens.</param>
    /// <param name="caller">What the caller says of itself.</param>
    /// <param name="more">More header lines.</param>
    public static string Invite(House house, ushort port, string caller = "sip:plain@127.0.0.1:6000", string more = "")
    {
        NetworkEndpoint local = NetworkEndpoint.FromIPv4(0x7F000001, 6000);
        Readiness readiness = new(ServiceClass.Signalling, int.MaxValue);
        using IDatagramSocket socket = house.Machine.OpenDatagramSocket(local, readiness, out string? problem)
            ?? throw new InvalidOperationException(problem);
        string invite = $"INVITE sip:in@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch=z9hG4bKplain{port}\r\n"
            + $"From: <{caller}>;tag=a{port}\r\nTo: <sip:in@127.0.0.1:{port}>\r\nCall-ID: plain{port}\r\nCSeq: 1 INVITE\r\n"
            + $"Max-Forwards: 70\r\nContact: <sip:plain@127.0.0.1:6000>\r\n{more}Content-Type: application/sdp\r\n"
            + $"Content-Length: {Offer.Length}\r\n\r\n{Offer}";
        socket.Send(Encoding.ASCII.GetBytes(invite), local.WithPort(port));
        socket.Flush();

        string answer = "";
        DatagramBatch batch = new();
        _ = house.RunUntil(
            () =>
            {
                for (int index = 0; index < socket.Receive(batch); index++)
                {
                    string text = Encoding.ASCII.GetString(batch[index]);
                    answer = text.StartsWith("SIP/2.0 1", StringComparison.Ordinal) ? answer : text[..11];
                }

                return answer.Length > 0;
            },
            seconds: 5);
        return answer;
    }
}
