using System.Collections.Generic;
using System.Linq;
using System.Text;
using IntercomAgent.Hal.Net;

namespace IntercomAgent.Tests.Unit.Sip;

/// <summary>A peer whose messages the test writes itself: Carol at 192.0.2.9, who talks to Bob or is called by Alice.</summary>
internal sealed class SipScript
{
    public const string Bob = "sip:bob@192.0.2.2";

    public static readonly NetworkEndpoint Local = NetworkEndpoint.FromIPv4(0xC0000209, 5060);

    private readonly SipPair _pair;

    public SipScript(SipPair pair, NetworkEndpoint? local = null)
    {
        _pair = pair;
        At = local ?? Local;
        pair.Deaf.Add(At, (message) => Received.Add(message));
    }

    public NetworkEndpoint At { get; }

    public List<string> Received { get; } = [];

    public static string Invite(
        string body = "offer", string branch = "z9hG4bKinvite", int sequence = 1, string toTag = "", string more = "", string uri = Bob) =>
        Request("INVITE", branch, sequence, toTag, $"Contact: <sip:carol@192.0.2.9>\r\n{more}{Type(body)}", body, uri);

    public static string Request(
        string method, string branch, int sequence, string toTag = "", string more = "", string body = "", string uri = Bob) =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch={branch};rport\r\nMax-Forwards: 70\r\n"
        + $"From: \"Carol\" <sip:carol@192.0.2.9>;tag=carol\r\nTo: <sip:bob@192.0.2.2>{(toTag.Length == 0 ? "" : ";tag=" + toTag)}\r\n"
        + $"Call-ID: carols-call\r\nCSeq: {sequence} {method}\r\n{more}Content-Length: {body.Length}\r\n\r\n{body}";

    public static string Type(string body) => body.Length == 0 ? "" : "Content-Type: application/sdp\r\n";

    /// <summary>The value of a header line.</summary>
    public static string Header(string message, string name) =>
        message.Split("\r\n").First(line => line.StartsWith($"{name}: "))[(name.Length + 2)..];

    /// <summary>A response to a request that was received.</summary>
    public static string Response(string request, int status, string toTag, string more = "", string body = "")
    {
        string to = Header(request, "To");
        return $"SIP/2.0 {status} Because\r\nVia: {Header(request, "Via")}\r\nFrom: {Header(request, "From")}\r\n"
            + $"To: {to}{(to.Contains("tag=") || toTag.Length == 0 ? "" : $";tag={toTag}")}\r\nCall-ID: {Header(request, "Call-ID")}\r\n"
            + $"CSeq: {Header(request, "CSeq")}\r\n{more}{Type(body)}Content-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>A request of Carol's to Alice, in the dialog that Alice's INVITE made.</summary>
    public static string Back(string invite, string tag, string method, int sequence, string more = "", string body = "") =>
        $"{method} sip:alice@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK{method}{sequence}{tag};rport\r\n"
        + $"Max-Forwards: 70\r\nFrom: {Header(invite, "To")};tag={tag}\r\nTo: {Header(invite, "From")}\r\n"
        + $"Call-ID: {Header(invite, "Call-ID")}\r\nCSeq: {sequence} {method}\r\n{more}{Type(body)}Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>The tag that Bob gave himself.</summary>
    public string BobsTag()
    {
        string start = $"\r\nTo: <{Bob}>;tag=";
        return Received.Last(message => message.StartsWith("SIP/2.0 ") && message.Contains(start)).Split(start)[1].Split("\r\n")[0];
    }

    public string Ack(string body = "", int sequence = 1) =>
        Request("ACK", $"z9hG4bKack{sequence}", sequence, BobsTag(), Type(body), body);

    /// <summary>Sends to Bob.</summary>
    public void Send(string message) => SendTo(_pair.Bob, message);

    public void SendTo(SipParty party, string message) => _pair.Inject(party, message, At);

    /// <summary>The first lines of all that came, in short.</summary>
    public string[] Summary() => [.. Received.Select(message => SipPair.Summary(Encoding.UTF8.GetBytes(message)))];
}
