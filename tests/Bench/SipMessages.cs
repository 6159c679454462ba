using System.Linq;
using System.Text;

namespace IntercomAgent.Tests.Bench;

/// <summary>What a door station reads in a day: a registration, a call through a proxy, and its end.</summary>
internal static class SipMessages
{
    private const string Description = """
        v=0
        o=house 3724394400 3724394405 IN IP4 198.51.100.4
        s=-
        c=IN IP4 198.51.100.4
        t=0 0
        m=audio 49170 UDP/TLS/RTP/SAVP 0 8 101
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=ptime:20
        a=setup:actpass
        a=fingerprint:sha-256 9A:BC:12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC
        a=rtcp-mux

        """;

    private const string Register = """
        REGISTER sip:pbx.example.com SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKnashds7;rport
        Max-Forwards: 70
        From: "Front door" <sip:door@pbx.example.com>;tag=a73kszlfl
        To: <sip:door@pbx.example.com>
        Call-ID: 1j9FpLxk3uxtm8tn@198.51.100.20
        CSeq: 2 REGISTER
        Contact: <sip:door@198.51.100.20:5060>
        Authorization: Digest username="door", realm="pbx.example.com", nonce="ea9c8e88df84f1cec4341ae6cbe5a359", opaque="", uri="sip:pbx.example.com", response="dfe56131d1958046689d83306477ecc1", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"
        Expires: 300
        User-Agent: intercom-agent
        Content-Length: 0


        """;

    private const string Invite = """
        INVITE sip:door@198.51.100.20:5060 SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK74bf9.1
        Via: SIP/2.0/UDP 198.51.100.4:5062;branch=z9hG4bK74bf9;received=198.51.100.4;rport=5062
        Record-Route: <sip:198.51.100.1;lr;ftag=9fxced76sl>
        Max-Forwards: 69
        From: "Kitchen" <sip:kitchen@pbx.example.com>;tag=9fxced76sl
        To: <sip:door@pbx.example.com>
        Call-ID: 3848276298220188511@198.51.100.4
        CSeq: 1 INVITE
        Contact: <sip:kitchen@198.51.100.4:5062>
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE, PRACK, INFO, NOTIFY
        Supported: replaces, 100rel, timer
        Session-Expires: 1800
        User-Agent: A telephone/5.1
        Content-Type: application/sdp
        Content-Length: 

        """;

    private const string Answer = """
        SIP/2.0 200 OK
        Via: SIP/2.0/UDP 198.51.100.20:5060;branch=z9hG4bKhjhs8ass877;rport=5060;received=198.51.100.20
        Record-Route: <sip:198.51.100.1;lr;ftag=4fxaed73sl>
        From: "Front door" <sip:door@pbx.example.com>;tag=4fxaed73sl
        To: <sip:kitchen@pbx.example.com>;tag=314159
        Call-ID: a84b4c76e66710@198.51.100.20
        CSeq: 314159 INVITE
        Contact: <sip:kitchen@198.51.100.4:5062>
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE, PRACK, INFO, NOTIFY
        Server: A telephone/5.1
        Content-Type: application/sdp
        Content-Length: 

        """;

    private const string Bye = """
        BYE sip:door@198.51.100.20:5060 SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKnashds10.1
        Via: SIP/2.0/UDP 198.51.100.4:5062;branch=z9hG4bKnashds10;received=198.51.100.4;rport=5062
        Max-Forwards: 69
        From: <sip:kitchen@pbx.example.com>;tag=314159
        To: "Front door" <sip:door@pbx.example.com>;tag=4fxaed73sl
        Call-ID: a84b4c76e66710@198.51.100.20
        CSeq: 231 BYE
        Content-Length: 0


        """;

    public static byte[][] All { get; } =
        [.. new[] { Register, WithDescription(Invite), WithDescription(Answer), Bye }.Select(OnTheWire)];

    private static string WithDescription(string head) => $"{head.TrimEnd()} {OnTheWire(Description).Length}\n\n{Description}";

    private static byte[] OnTheWire(string text) => Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"));
}
